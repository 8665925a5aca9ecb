package io.rackgateway.deploy.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the gates learnt about the way from one version to another. Every part is empty until
 * somebody found it out.
 *
 * @param releases the releases after the current version up to the target, oldest first
 * @param environment the variables that the target needs and the current version does not, or that
 *     the configuration asks for
 * @param migrations those that the upgrade would apply, in order
 * @param image the target's image; null when not looked up
 */
public record Outlook(
    List<ReleaseNote> releases,
    List<EnvironmentVariable> environment,
    List<PendingMigration> migrations,
    @Nullable ImageFacts image) {

  public static final Outlook NONE = new Outlook(List.of(), List.of(), List.of(), null);

  public Outlook {
    releases = List.copyOf(releases);
    environment = List.copyOf(environment);
    migrations = List.copyOf(migrations);
  }

  public static Outlook ofReleases(List<ReleaseNote> releases) {
    return new Outlook(releases, List.of(), List.of(), null);
  }

  public static Outlook ofEnvironment(List<EnvironmentVariable> environment) {
    return new Outlook(List.of(), environment, List.of(), null);
  }

  public static Outlook ofMigrations(List<PendingMigration> migrations) {
    return new Outlook(List.of(), List.of(), migrations, null);
  }

  public static Outlook ofImage(ImageFacts image) {
    return new Outlook(List.of(), List.of(), List.of(), image);
  }

  /** What this and the other know together. */
  public Outlook and(Outlook other) {
    return new Outlook(
        joined(releases, other.releases),
        joined(environment, other.environment),
        joined(migrations, other.migrations),
        image == null ? other.image : image);
  }

  /** Whether the version before cannot work with the schema that the migrations leave. */
  public boolean breaksOldVersion() {
    return migrations.stream().anyMatch(m -> m.has(PendingMigration.Kind.BREAKS_OLD_VERSION));
  }

  private static <T> List<T> joined(List<T> first, List<T> second) {
    List<T> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
