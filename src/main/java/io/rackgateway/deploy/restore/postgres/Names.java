package io.rackgateway.deploy.restore.postgres;

import io.rackgateway.deploy.model.RunId;
import java.nio.charset.StandardCharsets;

/**
 * The names of the databases of a restore. They hold the run's id, so that a process that takes the
 * run up finds them by it. PostgreSQL's names have at most 63 bytes.
 *
 * @param live the database's own name
 */
record Names(String live) {

  private static final int LONGEST = 63;

  private static final String COPY = "_restored_";
  private static final String OLD = "_before_";

  /** The copy of the run: {@code gateway_restored_20260115_031500_7f3a9c}. */
  String copy(RunId run) {
    return with(COPY, run);
  }

  /** What was live before the run: {@code gateway_before_20260115_031500_7f3a9c}. */
  String old(RunId run) {
    return with(OLD, run);
  }

  /** A regular expression, as PostgreSQL reads them, of the names that any run may have given. */
  String pattern() {
    String quoted = shortened(COPY).replaceAll("([^A-Za-z0-9_])", "\\\\$1");
    String before = shortened(OLD).replaceAll("([^A-Za-z0-9_])", "\\\\$1");
    String run = "[0-9]{8}_[0-9]{6}_[0-9a-f]{6}$";
    return "^(" + quoted + COPY + "|" + before + OLD + ")" + run;
  }

  private String with(String middle, RunId run) {
    return shortened(middle) + middle + run.value().replace('-', '_');
  }

  private String shortened(String middle) {
    int room = LONGEST - middle.length() - "20260115_031500_7f3a9c".length();
    String name = live;
    while (name.getBytes(StandardCharsets.UTF_8).length > room) {
      name = name.substring(0, name.offsetByCodePoints(name.length(), -1));
    }
    return name;
  }
}
