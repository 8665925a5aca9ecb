package io.rackgateway.deploy.manifest;

import io.rackgateway.deploy.manifest.FileEdit.Replacement;
import io.rackgateway.deploy.manifest.WrittenValue.Piece;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.postgres.PostgresUrl.Server;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Works out what is to be replaced so that a variable leads to another server. */
final class AddressEdits {

  private AddressEdits() {}

  /** A replacement and the file it belongs to. */
  record Place(Path file, Replacement replacement) {}

  /**
   * The replacements.
   *
   * @throws DeployException.Usage if host or port are written in no file, or not in one piece; the
   *     message tells nothing of the value
   */
  static List<Place> of(String variable, WrittenValue value, Server to) {
    String text = value.text();
    UrlHosts hosts = hosts(variable, value);
    String before = text.substring(hosts.start(), hosts.end());
    String after = hosts.written(to, before);
    if (inOnePiece(value, hosts.start(), hosts.end())) {
      return List.of(place(variable, value, hosts.start(), hosts.end(), after));
    }
    int colon = hosts.servers().size() == 1 ? before.lastIndexOf(':') : -1;
    if (colon < 0 || before.endsWith("]")) {
      throw unclear(variable, "its host is put together from several pieces");
    }
    List<Place> places = new ArrayList<>();
    String address = to.toString();
    int split = address.lastIndexOf(':');
    places.add(
        place(variable, value, hosts.start(), hosts.start() + colon, address.substring(0, split)));
    String port = address.substring(split + 1);
    if (!port.equals(before.substring(colon + 1))) {
      places.add(place(variable, value, hosts.start() + colon + 1, hosts.end(), port));
    }
    return places;
  }

  /** Where the servers stand in the value. */
  static UrlHosts hosts(String variable, WrittenValue value) {
    return UrlHosts.in(value.text())
        .orElseThrow(
            () ->
                unclear(
                    variable, "it is not of the form postgresql://user:password@host:port/name"));
  }

  private static boolean inOnePiece(WrittenValue value, int start, int end) {
    int position = 0;
    for (Piece piece : value.pieces()) {
      int next = position + piece.text().length();
      if (start >= position && end <= next) {
        return true;
      }
      position = next;
    }
    return false;
  }

  private static Place place(
      String variable, WrittenValue value, int start, int end, String after) {
    int position = 0;
    for (Piece piece : value.pieces()) {
      int next = position + piece.text().length();
      if (start >= position && end <= next) {
        Path file = piece.file();
        if (file == null) {
          throw unclear(variable, "its host comes from " + piece.origin());
        }
        String before = piece.text().substring(start - position, end - position);
        return new Place(
            file,
            new Replacement(
                piece.byteOffset(start - position), piece.line(), variable, before, after));
      }
      position = next;
    }
    throw unclear(variable, "its host is put together from several pieces");
  }

  private static DeployException.Usage unclear(String variable, String why) {
    return new DeployException.Usage(
        variable + " cannot be given another host: " + why,
        "write it as postgresql://user:password@host:port/name, with host and port as plain text"
            + " or as variables of an .env file");
  }
}
