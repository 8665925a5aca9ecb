package io.rackgateway.deploy.verify;

import io.rackgateway.deploy.model.Baseline;
import io.rackgateway.deploy.model.Version;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What should be true of the gateway.
 *
 * @param version the version that should run
 * @param image the platform's identity of what every instance should run; null when unknown
 * @param since since when logs count
 * @param upgraded whether the schema should hold what the version's release carries; false after a
 *     rollback, where a newer schema may stay
 * @param migrations versions of the migrations that the upgrade was to apply; empty where none is
 *     known
 * @param before what was true before the run, to compare with; null where it is not known
 * @param patient whether a check may wait for it to come true; false once it is known that it will
 *     not
 */
public record Expectation(
    Version version,
    @Nullable String image,
    Instant since,
    boolean upgraded,
    List<String> migrations,
    @Nullable Baseline before,
    boolean patient) {

  public Expectation {
    migrations = List.copyOf(migrations);
  }

  /** An expectation that may take its time to come true. */
  public Expectation(Version version, @Nullable String image, Instant since, boolean upgraded) {
    this(version, image, since, upgraded, List.of(), null, true);
  }

  /** The same expectation, with the migrations that the upgrade was to apply. */
  public Expectation withMigrations(List<String> versions) {
    return new Expectation(version, image, since, upgraded, versions, before, patient);
  }

  /** The same expectation, with what was true before the run. */
  public Expectation comparedWith(@Nullable Baseline baseline) {
    return new Expectation(version, image, since, upgraded, migrations, baseline, patient);
  }

  /** The same expectation, looked at once. */
  public Expectation now() {
    return new Expectation(version, image, since, upgraded, migrations, before, false);
  }
}
