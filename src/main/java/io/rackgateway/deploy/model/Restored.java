package io.rackgateway.deploy.model;

import org.jspecify.annotations.Nullable;

/**
 * What a run did to bring the database back to a backup.
 *
 * @param backup the id of the backup
 * @param delta what had been written since the backup, and was saved; null when it was not yet
 * @param oldDatabase the database that was live before and is kept; null when none is
 */
public record Restored(String backup, @Nullable Delta delta, @Nullable String oldDatabase) {

  /**
   * What the live database held and the backup does not, and the other way round.
   *
   * @param location the folder that it was saved in
   * @param auditEvents rows of the audit log
   * @param inserted rows of other tables that the backup lacks
   * @param updated rows of other tables that the backup has otherwise
   * @param deleted rows of other tables that only the backup has
   * @param columns rows of other tables that are the backup's but for columns that it lacks
   * @param tables how many other tables differ
   */
  public record Delta(
      String location,
      long auditEvents,
      long inserted,
      long updated,
      long deleted,
      long columns,
      int tables) {

    /** {@code 1204 audit events, 3 rows in 2 other tables}. */
    public String summary() {
      long rows = inserted + updated + deleted + columns;
      String audit = auditEvents + (auditEvents == 1 ? " audit event" : " audit events");
      return rows == 0
          ? audit + " and no row of another table"
          : audit
              + ", "
              + rows
              + (rows == 1 ? " row in " : " rows in ")
              + tables
              + (tables == 1 ? " other table" : " other tables");
    }
  }
}
