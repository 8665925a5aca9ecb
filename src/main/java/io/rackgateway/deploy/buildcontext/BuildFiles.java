package io.rackgateway.deploy.buildcontext;

import io.rackgateway.deploy.model.DeployException;
import java.nio.file.Path;
import java.util.List;

/**
 * What of a folder is sent to be built: all that its {@code .dockerignore} leaves. Symbolic links
 * are sent as such; sockets, pipes and devices are not.
 */
public final class BuildFiles {

  private final Path folder;
  private final List<ContextFile> files;

  BuildFiles(Path folder, List<ContextFile> files) {
    this.folder = folder;
    this.files = List.copyOf(files);
  }

  /**
   * Looks at the folder.
   *
   * @throws DeployException.Usage if something in it cannot be read, is named in no way that can be
   *     sent, or it is absurdly large; the message names it
   */
  public static BuildFiles of(Path folder, BuildSelection selection) {
    return of(folder, selection, Limit.USUAL);
  }

  static BuildFiles of(Path folder, BuildSelection selection, Limit limit) {
    return new FolderReader(folder, selection, limit).read();
  }

  /**
   * What is too much to be meant.
   *
   * @param bytes of all files
   * @param files number of files, folders and links
   */
  record Limit(long bytes, int files) {
    static final Limit USUAL = new Limit(2_000_000_000L, 200_000);
  }

  /** How many files are sent; folders and links do not count. */
  public int count() {
    return count(ContextFile.Kind.FILE);
  }

  /** How many symbolic links are sent. */
  public int links() {
    return count(ContextFile.Kind.LINK);
  }

  private int count(ContextFile.Kind kind) {
    return (int) files.stream().filter(file -> file.kind() == kind).count();
  }

  /** Of all files, before they are compressed. */
  public long bytes() {
    return files.stream().mapToLong(ContextFile::size).sum();
  }

  Path folder() {
    return folder;
  }

  List<ContextFile> files() {
    return files;
  }
}
