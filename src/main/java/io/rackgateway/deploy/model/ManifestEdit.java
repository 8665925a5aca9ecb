package io.rackgateway.deploy.model;

/**
 * The replacement of one image reference in one file. Because nothing else of the file changes,
 * undoing it gives the previous bytes exactly, which the hashes prove.
 *
 * @param file absolute path of the file
 * @param offset where {@code before} begins, in bytes from the file's start
 * @param line the line it stands on, from 1, for people
 * @param before the replaced text
 * @param after the text that replaces it
 * @param sha256Before hash of the whole file before the edit, lower-case hex
 * @param sha256After hash of the whole file after the edit, lower-case hex
 */
public record ManifestEdit(
    String file,
    int offset,
    int line,
    String before,
    String after,
    String sha256Before,
    String sha256After) {

  /** What it changes, for people. */
  public String words() {
    return "change line %d of %s: '%s' becomes '%s'".formatted(line, file, before, after);
  }
}
