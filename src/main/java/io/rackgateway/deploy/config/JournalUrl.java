package io.rackgateway.deploy.config;

import java.nio.file.Path;

/** The journal's JDBC URL. */
final class JournalUrl {

  private static final String H2_FILE = "jdbc:h2:file:";

  private JournalUrl() {}

  /**
   * The URL with the path of an H2 file made absolute, because H2 would take it as relative to
   * wherever the tool is started. Settings after a semicolon stay.
   */
  static String resolve(String url, Path folder) {
    if (!url.startsWith(H2_FILE)) {
      return url;
    }
    String rest = url.substring(H2_FILE.length());
    int settings = rest.indexOf(';');
    String path = settings < 0 ? rest : rest.substring(0, settings);
    String after = settings < 0 ? "" : rest.substring(settings);
    // H2 itself puts the home directory in place of a leading ~.
    return path.startsWith("~") ? url : H2_FILE + folder.resolve(path).normalize() + after;
  }
}
