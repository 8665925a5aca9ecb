package io.rackgateway.deploy.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Makes archives in the form {@code tar.gz}; the same content gives the same bytes. */
public final class TarGzBuilder {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarArchiveOutputStream tar;

  public TarGzBuilder() {
    try {
      tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes));
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An archive of files by path, all below a top folder; none when it is empty. */
  public static byte[] of(String top, Map<String, String> files) {
    TarGzBuilder builder = new TarGzBuilder();
    files.forEach((path, text) -> builder.file(top.isEmpty() ? path : top + "/" + path, text));
    return builder.build();
  }

  public TarGzBuilder file(String path, String text) {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    TarArchiveEntry entry = new TarArchiveEntry(path);
    entry.setSize(content.length);
    return add(entry, content);
  }

  public TarGzBuilder folder(String path) {
    return add(new TarArchiveEntry(path + "/"), new byte[0]);
  }

  public TarGzBuilder link(String path, String target) {
    TarArchiveEntry entry = new TarArchiveEntry(path, TarConstants.LF_SYMLINK);
    entry.setLinkName(target);
    return add(entry, new byte[0]);
  }

  private TarGzBuilder add(TarArchiveEntry entry, byte[] content) {
    try {
      entry.setModTime(0L);
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public byte[] build() {
    try {
      tar.close();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
