package io.rackgateway.deploy.buildcontext;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.IoFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Looks through a folder, in the order of names, which is the same everywhere. */
final class FolderReader {

  /** What cannot be read as a name stands in it as this. */
  private static final char UNREADABLE = '\uFFFD';

  private final Path given;
  private final BuildSelection selection;
  private final BuildFiles.Limit limit;
  private final Set<Path> never = new HashSet<>();
  private final List<ContextFile> found = new ArrayList<>();
  private long bytes;

  FolderReader(Path folder, BuildSelection selection, BuildFiles.Limit limit) {
    this.given = folder;
    this.selection = selection;
    this.limit = limit;
  }

  BuildFiles read() {
    Path reading = given;
    try {
      Path folder = given.toRealPath();
      for (Path path : selection.never()) {
        never.add(Files.exists(path) ? path.toRealPath() : path.normalize());
      }
      reading = folder.resolve(DockerIgnore.NAME);
      DockerIgnore ignore = ignore(reading);
      reading = folder;
      read(folder, "", ignore, ignore.top(), null);
      if (bytes > limit.bytes()) {
        throw tooLarge();
      }
      return new BuildFiles(folder, found);
    } catch (IOException e) {
      throw unreadable(reading, e);
    }
  }

  private static DockerIgnore ignore(Path file) throws IOException {
    try {
      // Whatever is no UTF-8 in a comment is no reason to fail.
      return DockerIgnore.parse(
          file.toString(), new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      return DockerIgnore.parse(file.toString(), "");
    }
  }

  /**
   * Reads what is in a folder.
   *
   * @param name with a slash at its end, or empty
   * @param pending the folder itself where it is sent only if something in it is; else null
   */
  private void read(
      Path folder,
      String name,
      DockerIgnore ignore,
      DockerIgnore.Matches around,
      @Nullable Pending pending) {
    for (Path path : children(folder)) {
      if (never.contains(path)) {
        continue;
      }
      String child = name + path.getFileName();
      DockerIgnore.Matches matches = around.of(child);
      boolean sent = !matches.ignored() || isAlways(child);
      BasicFileAttributes attributes = attributes(path);
      if (attributes.isDirectory()) {
        if (sent || ignore.hasExceptionsBelow(child) || selection.isAlwaysBelow(child)) {
          Pending own = new Pending(pending, folder(child, path));
          if (sent) {
            own.send();
          }
          read(path, child + "/", ignore, matches, own);
        }
      } else if (sent && !attributes.isOther()) {
        if (pending != null) {
          pending.send();
        }
        add(attributes.isSymbolicLink() ? link(child, path) : file(child, path, attributes));
      }
    }
  }

  /** A folder that is sent with the first file in it, and after the folder it is in. */
  private final class Pending {
    private final @Nullable Pending parent;
    private final ContextFile folder;
    private boolean done;

    Pending(@Nullable Pending parent, ContextFile folder) {
      this.parent = parent;
      this.folder = folder;
    }

    void send() {
      if (!done) {
        done = true;
        if (parent != null) {
          parent.send();
        }
        add(folder);
      }
    }
  }

  private boolean isAlways(String name) {
    return name.equals(DockerIgnore.NAME) || selection.isAlways(name);
  }

  private static Iterable<Path> children(Path folder) {
    TreeMap<String, Path> sorted = new TreeMap<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      all.forEach(path -> sorted.put(path.getFileName().toString(), path));
    } catch (DirectoryIteratorException e) {
      throw unreadable(folder, Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
    return sorted.values();
  }

  private static BasicFileAttributes attributes(Path path) {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private static ContextFile file(String name, Path path, BasicFileAttributes attributes) {
    if (!Files.isReadable(path)) {
      throw unreadable(path, new AccessDeniedException(path.toString()));
    }
    return new ContextFile(
        name, path, ContextFile.Kind.FILE, attributes.size(), mode(path, 0644), null);
  }

  private static ContextFile folder(String name, Path path) {
    return new ContextFile(name, path, ContextFile.Kind.FOLDER, 0, mode(path, 0755), null);
  }

  private static ContextFile link(String name, Path path) {
    try {
      String target = Files.readSymbolicLink(path).toString();
      return new ContextFile(name, path, ContextFile.Kind.LINK, 0, 0777, named(target));
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /** Reading, writing and executing; where the file system knows none of them, the usual. */
  private static int mode(Path path, int usual) {
    try {
      PosixFileAttributeView view =
          Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
      if (view == null) {
        return usual;
      }
      Set<PosixFilePermission> permissions = view.readAttributes().permissions();
      int mode = 0;
      // They are declared in the order of their bits, the owner's right to read first.
      for (PosixFilePermission permission : PosixFilePermission.values()) {
        mode = mode << 1 | (permissions.contains(permission) ? 1 : 0);
      }
      return mode;
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private void add(ContextFile file) {
    String unused = named(file.name());
    found.add(file);
    bytes += file.size();
    if (found.size() > limit.files()) {
      throw tooLarge();
    }
  }

  private static String named(String name) {
    if (name.indexOf(UNREADABLE) >= 0) {
      throw new DeployException.Usage(
          "the name " + name + " holds characters that are not of this machine's locale",
          "set LC_ALL=C.UTF-8, or list the file in " + DockerIgnore.NAME);
    }
    return name;
  }

  /** More files than the limit are not looked at any further. */
  private DeployException tooLarge() {
    boolean many = found.size() > limit.files();
    LargestFolder largest = new LargestFolder();
    found.forEach(file -> largest.add(file.name(), many ? 1 : file.size()));
    String folder = largest.name();
    long weight = largest.weight(folder);
    String what =
        many
            ? String.format(Locale.ROOT, "more than the %,d files", limit.files())
            : Megabytes.of(bytes) + ", more than the " + Megabytes.of(limit.bytes());
    String where =
        many
            ? String.format(Locale.ROOT, "the largest folder so far is %s with %,d", folder, weight)
            : "the largest folder is " + folder + " with " + Megabytes.of(weight);
    return new DeployException.Usage(
        given
            + " holds "
            + what
            + " that can be sent to be built"
            + (folder.isEmpty() ? "" : "; " + where),
        "list what the build does not need in " + given.resolve(DockerIgnore.NAME));
  }

  private static DeployException unreadable(Path path, IOException why) {
    return new DeployException.Usage(
        path + " cannot be sent to be built: " + IoFailure.describe(why),
        "make it readable, or list it in " + DockerIgnore.NAME);
  }
}
