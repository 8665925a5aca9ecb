package io.rackgateway.deploy.driver.host;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Unpacks a {@code .tar.gz} that nobody vouches for: nothing of it lands outside the folder, it
 * holds files, folders and links within itself only, and it has a bounded size.
 */
final class TarGz {

  private static final long MOST_BYTES = 4L << 30;
  private static final int MOST_ENTRIES = 100_000;

  private final Path folder;
  private long bytes;
  private int entries;

  private TarGz(Path folder) {
    this.folder = folder;
  }

  /** True when the file begins as gzip does. */
  static boolean isOne(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.read() == 0x1f && in.read() == 0x8b;
    }
  }

  /**
   * Unpacks into an empty folder.
   *
   * @throws IOException if the archive is broken, or holds what it may not
   */
  static void unpack(Path archive, Path folder) throws IOException {
    try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
        TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(file))) {
      TarGz target = new TarGz(folder.normalize());
      TarArchiveEntry entry = tar.getNextEntry();
      while (entry != null) {
        target.write(entry, tar);
        entry = tar.getNextEntry();
      }
    }
  }

  private void write(TarArchiveEntry entry, InputStream content) throws IOException {
    if (++entries > MOST_ENTRIES) {
      throw new IOException("the archive holds more than " + MOST_ENTRIES + " entries");
    }
    Path place = within(folder.resolve(entry.getName()), entry);
    if (entry.isDirectory()) {
      Files.createDirectories(place);
    } else if (entry.isSymbolicLink()) {
      Path parent = parent(place);
      within(parent.resolve(entry.getLinkName()), entry);
      Files.createSymbolicLink(place, Path.of(entry.getLinkName()));
    } else if (ordinary(entry)) {
      parent(place);
      copy(content, place);
      Files.setPosixFilePermissions(place, permissions(entry.getMode()));
    } else {
      throw new IOException(
          "the archive's entry " + entry.getName() + " is no file, folder or symbolic link");
    }
  }

  /** The library counts all but folders as files. */
  private static boolean ordinary(TarArchiveEntry entry) {
    return entry.isFile()
        && !entry.isLink()
        && !entry.isFIFO()
        && !entry.isBlockDevice()
        && !entry.isCharacterDevice();
  }

  private Path within(Path path, TarArchiveEntry entry) throws IOException {
    Path normal = path.normalize();
    if (!normal.startsWith(folder)) {
      throw new IOException("the archive's entry " + entry.getName() + " leads out of its folder");
    }
    return normal;
  }

  /** Makes the parent folder, which must not be reached through a link of the archive. */
  private Path parent(Path place) throws IOException {
    Path parent = place.getParent();
    if (parent == null) {
      throw new IOException("the archive holds an entry without a place");
    }
    Files.createDirectories(parent);
    if (!parent.toRealPath().equals(folder.toRealPath().resolve(folder.relativize(parent)))) {
      throw new IOException("the archive's entry " + place + " lies behind a link");
    }
    return parent;
  }

  private void copy(InputStream content, Path place) throws IOException {
    byte[] buffer = new byte[1 << 16];
    try (OutputStream out = Files.newOutputStream(place)) {
      int read = content.read(buffer);
      while (read >= 0) {
        bytes += read;
        if (bytes > MOST_BYTES) {
          throw new IOException("the archive unpacks to more than " + MOST_BYTES + " bytes");
        }
        out.write(buffer, 0, read);
        read = content.read(buffer);
      }
    }
  }

  /** Readable by all and executable as in the archive; never writable by others, nor setuid. */
  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> permissions =
        EnumSet.of(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.OTHERS_READ);
    if ((mode & 0111) != 0) {
      permissions.add(PosixFilePermission.OWNER_EXECUTE);
      permissions.add(PosixFilePermission.GROUP_EXECUTE);
      permissions.add(PosixFilePermission.OTHERS_EXECUTE);
    }
    return permissions;
  }
}
