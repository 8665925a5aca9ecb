package io.rackgateway.deploy.scratch;

import io.rackgateway.deploy.postgres.embedded.EmbeddedServer;
import io.rackgateway.deploy.postgres.embedded.Folders;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder for one server, held by a lock on a file beside it. The operating system gives the lock
 * back when its owner dies, however that happens; whoever gets it then may clear up.
 */
final class ScratchFolder implements AutoCloseable {

  private static final String LOCK = ".lock";

  private final Path folder;
  private final Path file;
  private final FileChannel channel;

  private ScratchFolder(Path folder, Path file, FileChannel channel) {
    this.folder = folder;
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes a folder of its own, which is not made yet.
   *
   * @throws IOException if it is in use, or files cannot be written there
   */
  static ScratchFolder take(Path base, String name) throws IOException {
    Files.createDirectories(base);
    Path file = base.resolve(name + LOCK);
    FileChannel channel = lock(file);
    if (channel == null) {
      throw new IOException(base.resolve(name) + " is in use");
    }
    return new ScratchFolder(base.resolve(name), file, channel);
  }

  /** Ends the servers and removes the folders of all owners that are dead. */
  static void clearUp(Path base) throws IOException {
    if (!Files.isDirectory(base)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(base)) {
      files = all.filter(path -> path.toString().endsWith(LOCK)).toList();
    }
    for (Path file : files) {
      FileChannel channel = lock(file);
      if (channel != null) {
        String name = file.getFileName().toString();
        Path folder = file.resolveSibling(name.substring(0, name.length() - LOCK.length()));
        try (ScratchFolder dead = new ScratchFolder(folder, file, channel)) {
          EmbeddedServer.remove(dead.folder.resolve("data"));
        }
      }
    }
  }

  Path path() {
    return folder;
  }

  /** The locked file, or null when somebody else has it. */
  private static @Nullable FileChannel lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      // Its owner may have removed it in the meantime: then the lock is on a file nobody finds.
      if (lock != null && Files.exists(file)) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // Another thread of this process has it.
    }
    channel.close();
    return null;
  }

  /** Removes the folder and gives the lock back. */
  @Override
  public void close() throws IOException {
    try {
      Folders.delete(folder);
      Files.deleteIfExists(file);
    } finally {
      channel.close();
    }
  }
}
