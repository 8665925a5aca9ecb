package io.rackgateway.deploy.verify;

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
 * @param patient whether a check may wait for it to come true; false once it is known that it will
 *     not
 */
public record Expectation(
    Version version,
    @Nullable String image,
    Instant since,
    boolean upgraded,
    List<String> migrations,
    boolean patient) {

  public Expectation {
    migrations = List.copyOf(migrations);
  }

  /** An expectation that may take its time to come true. */
  public Expectation(Version version, @Nullable String image, Instant since, boolean upgraded) {
    this(version, image, since, upgraded, List.of(), true);
  }

  /** The same expectation, with the migrations that the upgrade was to apply. */
  public Expectation withMigrations(List<String> versions) {
    return new Expectation(version, image, since, upgraded, versions, patient);
  }

  /** The same expectation, looked at once. */
  public Expectation now() {
    return new Expectation(version, image, since, upgraded, migrations, false);
  }
}
