package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.config.BackupConfig;
import io.rackgateway.deploy.config.Configuration;
import io.rackgateway.deploy.config.ConvoxResourceConfig;
import io.rackgateway.deploy.config.PgDumpConfig;
import io.rackgateway.deploy.config.RdsConfig;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Where this tool keeps its journal, backups and the like. */
final class OwnFolders {

  private static final String H2 = "jdbc:h2:file:";

  private OwnFolders() {}

  /**
   * Folders and files, absolute.
   *
   * @param home the configuration's folder
   */
  static Set<Path> of(Configuration configuration, Path home) {
    Set<Path> own = new HashSet<>();
    own.add(home.resolve(".rack-gateway"));
    BackupConfig backup = configuration.backup();
    own.add(backup.scratch().directory());
    PgDumpConfig pgDump = backup.pgDump();
    if (pgDump != null) {
      own.add(pgDump.directory());
    }
    ConvoxResourceConfig resource = backup.convoxResource();
    if (resource != null) {
      own.add(resource.directory());
    }
    RdsConfig rds = backup.rds();
    if (rds != null) {
      own.add(rds.deltaDirectory());
    }
    String journal = configuration.journal();
    if (journal.startsWith(H2)) {
      String file = journal.substring(H2.length()).replaceFirst(";.*", "");
      own.add(Path.of(file + ".mv.db"));
      own.add(Path.of(file + ".trace.db"));
    }
    own.removeIf(path -> !path.isAbsolute());
    return own;
  }
}
