package io.rackgateway.deploy.manifest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/**
 * Gives a file new content: after a crash it holds the old or the new content, complete. A symbolic
 * link stays one; permissions, owner and group stay. Where that cannot be had by a rename (a file
 * that is a mount of its own, another user's file, a folder without write permission) the content
 * is written into the file itself.
 */
final class FileReplacement {

  private FileReplacement() {}

  static void write(Path file, byte[] content) throws IOException {
    Path real = file.toRealPath();
    try {
      replace(real, content);
    } catch (IOException | UnsupportedOperationException e) {
      writeInPlace(real, content);
    }
  }

  private static void replace(Path real, byte[] content) throws IOException {
    Path folder = Objects.requireNonNull(real.getParent(), "a real path of a file has a folder");
    PosixFileAttributes attributes = Files.readAttributes(real, PosixFileAttributes.class);
    FileAttribute<?> onlyMine =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    Path temporary = Files.createTempFile(folder, "." + real.getFileName(), ".new", onlyMine);
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        fill(channel, content);
      }
      PosixFileAttributeView view =
          Files.getFileAttributeView(
              temporary, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
      PosixFileAttributes own = view.readAttributes();
      if (!own.group().equals(attributes.group())) {
        view.setGroup(attributes.group());
      }
      if (!own.owner().equals(attributes.owner())) {
        view.setOwner(attributes.owner());
      }
      view.setPermissions(attributes.permissions());
      Files.move(temporary, real, StandardCopyOption.ATOMIC_MOVE);
      syncFolder(folder);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void writeInPlace(Path real, byte[] content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(real, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
      fill(channel, content);
    }
  }

  private static void fill(FileChannel channel, byte[] content) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(content);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    channel.force(true);
  }

  /** The rename itself is lost with the power unless the folder is written, too. */
  private static void syncFolder(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Not every system lets a folder be opened; the content is safe either way.
    }
  }
}
