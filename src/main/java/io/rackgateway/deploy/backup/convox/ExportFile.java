package io.rackgateway.deploy.backup.convox;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.model.Problem;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;

/**
 * The bytes of an export on their way to disk.
 *
 * @param custom whether it is in {@code pg_dump}'s custom format, which {@code pg_restore} reads;
 *     else it is SQL
 * @param rows how many rows were seen in it; 0 where that cannot be told
 */
record ExportFile(long bytes, String sha256, boolean custom, long rows) {

  private static final byte[] CUSTOM = {'P', 'G', 'D', 'M', 'P'};
  private static final byte[] GZIP = {0x1f, (byte) 0x8b};
  private static final int CHUNK = 1 << 16;

  /**
   * Writes an export, unpacked where it comes packed. Durable when it returns.
   *
   * @param interruption called between chunks; throws to end the work
   * @throws IOException if the export breaks off
   * @throws UncheckedIOException if it cannot be written
   * @throws DeployException.StepFailed if it is not a whole export
   */
  static ExportFile write(InputStream export, Path file, Runnable interruption) throws IOException {
    InputStream plain = unpacked(new BufferedInputStream(export, CHUNK));
    boolean custom = startsWith(plain, CUSTOM);
    PlainDump scan = new PlainDump();
    MessageDigest digest = newDigest();
    long bytes = 0;
    byte[] chunk = new byte[CHUNK];
    try (OutputStream out = open(file)) {
      for (int count = plain.read(chunk); count >= 0; count = plain.read(chunk)) {
        interruption.run();
        digest.update(chunk, 0, count);
        bytes += count;
        if (!custom) {
          scan.accept(chunk, 0, count);
        }
        write(out, chunk, count);
      }
    }
    if (bytes == 0) {
      throw incomplete("it is empty");
    }
    if (!custom) {
      scan.obstacle()
          .ifPresent(
              why -> {
                throw incomplete(why);
              });
    }
    return new ExportFile(bytes, HexFormat.of().formatHex(digest.digest()), custom, scan.rows());
  }

  /** The checksum of a file, lower-case hex. */
  static String checksum(Path file, Runnable interruption) throws IOException {
    MessageDigest digest = newDigest();
    byte[] chunk = new byte[CHUNK];
    try (InputStream content = Files.newInputStream(file)) {
      for (int count = content.read(chunk); count >= 0; count = content.read(chunk)) {
        interruption.run();
        digest.update(chunk, 0, count);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static InputStream unpacked(InputStream export) throws IOException {
    return startsWith(export, GZIP)
        ? new BufferedInputStream(new GZIPInputStream(export, CHUNK), CHUNK)
        : export;
  }

  private static boolean startsWith(InputStream stream, byte[] magic) throws IOException {
    stream.mark(magic.length);
    byte[] begin = stream.readNBytes(magic.length);
    stream.reset();
    return Arrays.equals(begin, magic);
  }

  private static OutputStream open(Path file) {
    try {
      return Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(OutputStream out, byte[] chunk, int count) {
    try {
      out.write(chunk, 0, count);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static DeployException.StepFailed unwritable(Path directory, IOException e) {
    return new DeployException.StepFailed(
        Problem.of(
            "the folder of backups " + directory + " cannot be used: " + IoFailure.describe(e),
            "make room there, or give this user another folder in"
                + " backup.convoxResource.directory"),
        e);
  }

  private static DeployException.StepFailed incomplete(String why) {
    return new DeployException.StepFailed(
        "the rack's export is not whole: " + why,
        "see the rack's logs ('convox rack logs') and mend what it says, then run the same command"
            + " again");
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
