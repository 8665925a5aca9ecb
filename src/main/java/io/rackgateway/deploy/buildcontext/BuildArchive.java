package io.rackgateway.deploy.buildcontext;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.model.Problem;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * A gzipped tar (POSIX.1-2001) of what is built. Times are 0 and everything belongs to user 0, so
 * that the same files give the same bytes. Files go through it piece by piece.
 */
public final class BuildArchive {

  private static final int FILE = 0100644;
  private static final int BUFFER = 1 << 16;

  private final Map<String, byte[]> contents;
  private final Runnable pause;

  /**
   * @param contents by name: what is sent in the place of the file of that name, or beside the
   *     files where there is none
   * @param pause called before each file; what it throws ends the work
   */
  public BuildArchive(Map<String, byte[]> contents, Runnable pause) {
    this.contents = new TreeMap<>(contents);
    this.pause = pause;
  }

  /**
   * Packs the contents alone into a temporary file, which is the caller's to delete.
   *
   * @throws DeployException.StepFailed if it cannot be written
   */
  public Path pack() {
    return write(tar -> {});
  }

  /**
   * Packs files and contents into a temporary file, which is the caller's to delete.
   *
   * @throws DeployException.StepFailed if a file cannot be read or was changed since it was looked
   *     at, or the archive cannot be written
   */
  public Path pack(BuildFiles files) {
    return write(
        tar -> {
          for (ContextFile file : files.files()) {
            pause.run();
            if (!contents.containsKey(file.name())) {
              put(tar, file);
            }
          }
        });
  }

  /** What writes into an archive. */
  private interface Work {
    void accept(TarArchiveOutputStream tar) throws IOException;
  }

  private Path write(Work files) {
    Path archive = null;
    boolean whole = false;
    try {
      archive = Files.createTempFile("rack-gateway-deploy-", ".tgz");
      try (OutputStream file = Files.newOutputStream(archive);
          TarArchiveOutputStream tar =
              new TarArchiveOutputStream(
                  new GZIPOutputStream(new BufferedOutputStream(file, BUFFER), BUFFER),
                  StandardCharsets.UTF_8.name())) {
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setAddPaxHeadersForNonAsciiNames(true);
        for (Map.Entry<String, byte[]> content : contents.entrySet()) {
          put(tar, content.getKey(), content.getValue());
        }
        files.accept(tar);
      }
      whole = true;
      return archive;
    } catch (IOException e) {
      throw new DeployException.StepFailed(
          Problem.of(
              "the build context could not be packed: " + IoFailure.describe(e),
              "see whether there is room in the folder for temporary files"),
          e);
    } finally {
      if (!whole && archive != null) {
        delete(archive);
      }
    }
  }

  private static void put(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = owned(new TarArchiveEntry(name), FILE);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  private static void put(TarArchiveOutputStream tar, ContextFile file) throws IOException {
    switch (file.kind()) {
      case FOLDER ->
          empty(tar, owned(new TarArchiveEntry(file.name() + "/"), 040000 | file.mode()));
      case LINK -> {
        TarArchiveEntry entry = new TarArchiveEntry(file.name(), TarConstants.LF_SYMLINK);
        entry.setLinkName(String.valueOf(file.target()));
        empty(tar, owned(entry, 0120000 | file.mode()));
      }
      case FILE -> {
        TarArchiveEntry entry = owned(new TarArchiveEntry(file.name()), 0100000 | file.mode());
        entry.setSize(file.size());
        tar.putArchiveEntry(entry);
        copy(file, tar);
        tar.closeArchiveEntry();
      }
    }
  }

  private static void empty(TarArchiveOutputStream tar, TarArchiveEntry entry) throws IOException {
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  private static TarArchiveEntry owned(TarArchiveEntry entry, int mode) {
    entry.setMode(mode);
    entry.setModTime(0L);
    entry.setIds(0, 0);
    entry.setNames("", "");
    return entry;
  }

  private static void copy(ContextFile file, OutputStream tar) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long left = file.size();
    try (InputStream content = open(file)) {
      for (int read = read(file, content, buffer); read >= 0; ) {
        left -= read;
        if (left < 0) {
          break;
        }
        tar.write(buffer, 0, read);
        read = read(file, content, buffer);
      }
    }
    if (left != 0) {
      throw failed(file, "its size was changed meanwhile");
    }
  }

  private static InputStream open(ContextFile file) {
    try {
      return Files.newInputStream(file.path(), LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      throw failed(file, IoFailure.describe(e));
    }
  }

  private static int read(ContextFile file, InputStream content, byte[] buffer) {
    try {
      return content.read(buffer);
    } catch (IOException e) {
      throw failed(file, IoFailure.describe(e));
    }
  }

  private static DeployException failed(ContextFile file, String why) {
    return new DeployException.StepFailed(
        file.path() + " cannot be sent to be built: " + why,
        "make it readable, list it in " + DockerIgnore.NAME + ", or wait until nothing writes it");
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // A file among the temporary ones, which the system clears away.
    }
  }
}
