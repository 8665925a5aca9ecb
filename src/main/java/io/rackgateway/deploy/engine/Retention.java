package io.rackgateway.deploy.engine;

import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.Proof;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which backups are kept: the newest ones, the young ones, the last one that is proven by being
 * restored, and whatever a run that has not ended may still need.
 *
 * @param newest how many of the newest are kept, at least 1
 * @param younger those younger than this are kept
 */
public record Retention(int newest, Duration younger) {

  public Retention {
    if (newest < 1) {
      throw new IllegalArgumentException("at least the newest backup has to be kept");
    }
  }

  /**
   * The backups that are not kept, oldest first.
   *
   * @param backups all of one gateway, in any order
   * @param needed the ids of those that runs which have not ended may need
   */
  List<Backup> expendable(List<Backup> backups, Set<String> needed, Instant now) {
    List<Backup> newestFirst =
        backups.stream()
            .sorted(Comparator.comparing(Backup::createdAt).thenComparing(Backup::id).reversed())
            .toList();
    Set<String> kept = new HashSet<>(needed);
    newestFirst.stream().limit(newest).map(Backup::id).forEach(kept::add);
    newestFirst.stream()
        .filter(backup -> backup.proof().reaches(Proof.RESTORED))
        .findFirst()
        .map(Backup::id)
        .ifPresent(kept::add);
    Instant young = now.minus(younger);
    return newestFirst.stream()
        .filter(backup -> !kept.contains(backup.id()) && !backup.createdAt().isAfter(young))
        .sorted(Comparator.comparing(Backup::createdAt).thenComparing(Backup::id))
        .toList();
  }
}
