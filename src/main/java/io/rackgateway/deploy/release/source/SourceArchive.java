package io.rackgateway.deploy.release.source;

import io.rackgateway.deploy.release.ReleaseFiles;
import io.rackgateway.deploy.text.PlainText;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * A release's source as {@code .tar.gz}, read as a stream; nothing is unpacked to disk. GitHub puts
 * everything into one top folder of any name; archives without one are read too.
 */
public final class SourceArchive {

  private static final long MOST_BYTES = 64L << 20;
  private static final long MOST_UNPACKED = 512L << 20;
  private static final int MOST_ENTRIES = 100_000;

  private final SourceLayout layout;
  private final CollectedFiles belowTop;
  private final CollectedFiles atTop;
  private final Set<String> tops = new HashSet<>();
  private int entries;

  private SourceArchive(SourceLayout layout) {
    this.layout = layout;
    this.belowTop = new CollectedFiles(layout);
    this.atTop = new CollectedFiles(layout);
  }

  /**
   * Reads an archive to its end; closing it is left to the caller.
   *
   * @throws Malformed if it is broken, larger than 64 MiB, or holds what it may not
   * @throws IOException what the stream itself throws
   */
  public static ReleaseFiles read(InputStream in, SourceLayout layout) throws IOException {
    SourceArchive archive = new SourceArchive(layout);
    Remembering remembering = new Remembering(in);
    try {
      InputStream unzipped = new GZIPInputStream(new LimitedInput(remembering, MOST_BYTES, "is"));
      archive.read(new LimitedInput(unzipped, MOST_UNPACKED, "unpacks to"));
    } catch (Malformed e) {
      throw e;
    } catch (IOException | IllegalArgumentException e) {
      remembering.rethrow();
      throw malformed(e);
    }
    return archive.result();
  }

  private static Malformed malformed(Exception e) {
    if (e instanceof EOFException) {
      return new Malformed("ends in the middle", e);
    }
    String reason = PlainText.line(String.valueOf(e.getMessage()), 120);
    return e instanceof ZipException
        ? new Malformed("is no archive in the form tar.gz: " + reason, e)
        : new Malformed("is broken: " + reason, e);
  }

  private void read(InputStream unzipped) throws IOException {
    TarArchiveInputStream tar = new TarArchiveInputStream(unzipped);
    TarArchiveEntry entry = tar.getNextEntry();
    while (entry != null) {
      if (++entries > MOST_ENTRIES) {
        throw new Malformed("holds more than " + MOST_ENTRIES + " entries");
      }
      look(entry, tar);
      entry = tar.getNextEntry();
    }
    if (entries == 0) {
      throw new Malformed("holds nothing");
    }
    // The checksum stands at the end.
    unzipped.transferTo(OutputStream.nullOutputStream());
  }

  private void look(TarArchiveEntry entry, InputStream content) throws IOException {
    String name = entry.getName().replaceFirst("^(\\./)+", "");
    int slash = name.indexOf('/');
    tops.add(slash < 0 ? "" : name.substring(0, slash));
    if (entry.isDirectory()) {
      return;
    }
    String below = name.substring(slash + 1);
    boolean wantedBelow = slash >= 0 && layout.wants(below);
    if (!wantedBelow && !layout.wants(name)) {
      return;
    }
    if (!ordinary(entry)) {
      throw new Malformed("holds " + PlainText.line(name, 200) + ", which is no file but a link");
    }
    if (wantedBelow) {
      belowTop.add(name, below, content);
    } else {
      atTop.add(name, name, content);
    }
  }

  /** The library counts all but folders as files. */
  private static boolean ordinary(TarArchiveEntry entry) {
    return entry.isFile()
        && !entry.isLink()
        && !entry.isSymbolicLink()
        && !entry.isFIFO()
        && !entry.isBlockDevice()
        && !entry.isCharacterDevice();
  }

  private ReleaseFiles result() {
    boolean oneTop = tops.size() == 1 && !tops.contains("");
    return (oneTop && (!belowTop.isEmpty() || atTop.isEmpty()) ? belowTop : atTop).result();
  }
}
