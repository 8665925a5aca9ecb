package io.rackgateway.deploy.verify.database;

import io.rackgateway.deploy.config.VerifyConfig;
import io.rackgateway.deploy.migration.ReleaseMigrations;
import io.rackgateway.deploy.migration.SchemaReader;
import io.rackgateway.deploy.model.SchemaState;
import io.rackgateway.deploy.verify.CheckRunner;
import io.rackgateway.deploy.verify.Expectation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * After an upgrade, the database holds exactly the migrations that the release carries; where only
 * the plan says which were to be applied, at least those.
 */
public final class SchemaCheck implements CheckRunner {

  private static final int NAMED = 5;

  private final @Nullable Path migrations;
  private final SchemaReader reader;

  public SchemaCheck(VerifyConfig config, SchemaReader reader) {
    this.migrations = config.migrations();
    this.reader = reader;
  }

  @Override
  public String name() {
    return "schema";
  }

  @Override
  public Finding run(Expectation expectation) {
    SchemaState state = reader.read();
    if (!expectation.upgraded()) {
      return state.known()
          ? Finding.pass("the database holds " + state.summary())
          : Finding.skipped("the schema is " + state.summary());
    }
    Path folder = migrations;
    if (folder == null) {
      return expectation.migrations().isEmpty()
          ? Finding.skipped(
              "no migration of the upgrade is known, nor does verify.migrations name the release's; the schema: "
                  + state.summary())
          : applied(expectation.migrations(), state);
    }
    return state.known()
        ? compare(ReleaseMigrations.in(folder), state)
        : Finding.fail("the schema is " + state.summary());
  }

  private static Finding applied(List<String> planned, SchemaState state) {
    if (!state.known()) {
      return Finding.fail("the schema is " + state.summary());
    }
    List<String> missing = without(planned, state.applied());
    return missing.isEmpty()
        ? Finding.pass(
            "the database holds what the upgrade was to apply; it has " + state.summary())
        : Finding.fail(
            "the database lacks "
                + missing.size()
                + " of the "
                + planned.size()
                + " migrations that the upgrade was to apply: "
                + some(missing)
                + "; in production the gateway does not migrate by itself: 'migrate' has to be run");
  }

  private static Finding compare(List<String> carried, SchemaState state) {
    List<String> missing = without(carried, state.applied());
    if (!missing.isEmpty()) {
      return Finding.fail(
          "the database lacks "
              + missing.size()
              + " of the release's "
              + carried.size()
              + " migrations: "
              + some(missing)
              + "; in production the gateway does not migrate by itself: 'migrate' has to be run");
    }
    List<String> more = without(state.applied(), carried);
    return more.isEmpty()
        ? Finding.pass("the database holds exactly the release's " + state.summary())
        : Finding.fail(
            "the database holds "
                + more.size()
                + " migrations that the release does not carry: "
                + some(more)
                + "; a newer release has been here, or verify.migrations names another one's");
  }

  private static List<String> without(List<String> all, List<String> removed) {
    List<String> rest = new ArrayList<>(all);
    rest.removeAll(removed);
    return rest;
  }

  private static String some(List<String> versions) {
    return String.join(", ", versions.subList(0, Math.min(NAMED, versions.size())))
        + (versions.size() > NAMED ? " and " + (versions.size() - NAMED) + " more" : "");
  }
}
