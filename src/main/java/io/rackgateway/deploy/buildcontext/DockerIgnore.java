package io.rackgateway.deploy.buildcontext;

import io.rackgateway.deploy.model.DeployException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A {@code .dockerignore}: which files of a folder are left out of what is built. The last pattern
 * that matches a file or one of the folders it is in decides, as in Docker's own matcher
 * (github.com/moby/patternmatcher).
 */
final class DockerIgnore {

  static final String NAME = ".dockerignore";
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final List<IgnorePattern> patterns;

  private DockerIgnore(List<IgnorePattern> patterns) {
    this.patterns = List.copyOf(patterns);
  }

  /**
   * Reads the file's text.
   *
   * @param name how messages call the file
   * @throws DeployException.Usage if a line is no pattern
   */
  static DockerIgnore parse(String name, String text) {
    List<IgnorePattern> patterns = new ArrayList<>();
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      String line = lines[i];
      if (i == 0 && line.startsWith(BYTE_ORDER_MARK)) {
        line = line.substring(1);
      }
      if (line.startsWith("#") || line.isBlank()) {
        continue;
      }
      try {
        patterns.add(IgnorePattern.parse(line.strip()));
      } catch (IllegalArgumentException e) {
        throw new DeployException.Usage(
            name + ", line " + (i + 1) + ": '" + line.strip() + "': " + e.getMessage(),
            "correct the pattern; a \\ before it makes a special character a plain one");
      }
    }
    return new DockerIgnore(patterns);
  }

  /** Which patterns match a path or a folder it is in. */
  final class Matches {

    private final BitSet matching;

    private Matches(BitSet matching) {
      this.matching = matching;
    }

    /** The same for a path in this one. */
    Matches of(String path) {
      BitSet all = (BitSet) matching.clone();
      for (int i = all.nextClearBit(0); i < patterns.size(); i = all.nextClearBit(i + 1)) {
        if (patterns.get(i).matches(path)) {
          all.set(i);
        }
      }
      return new Matches(all);
    }

    /** Whether the path is left out. */
    boolean ignored() {
      int last = matching.length() - 1;
      return last >= 0 && !patterns.get(last).exception();
    }
  }

  /** The folder that the file is about, which is never left out itself. */
  Matches top() {
    return new Matches(new BitSet());
  }

  /** Whether something below a folder that is left out may be sent after all. */
  boolean hasExceptionsBelow(String folder) {
    return patterns.stream()
        .anyMatch(pattern -> pattern.exception() && pattern.canMatchBelow(folder));
  }
}
