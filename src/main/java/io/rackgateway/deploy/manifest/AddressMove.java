package io.rackgateway.deploy.manifest;

import io.rackgateway.deploy.postgres.PostgresUrl.Server;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * That a run put a server in the place of others. Names of hosts are the same in capitals.
 *
 * @param from {@code HOST:PORT} each
 * @param to {@code HOST:PORT}
 */
public record AddressMove(List<String> from, String to) {

  public AddressMove {
    from = List.copyOf(from);
  }

  /**
   * The server that is used now, where moves have led there from one of those that are known.
   *
   * @param moves the oldest first
   */
  public static Optional<Server> follow(
      List<AddressMove> moves, List<Server> known, List<Server> now) {
    Set<String> reached = texts(known);
    moves.stream()
        .filter(move -> move.from().stream().anyMatch(from -> reached.contains(lower(from))))
        .forEach(move -> reached.add(lower(move.to())));
    boolean led = now.size() == 1 && reached.containsAll(texts(now));
    return led && !texts(known).containsAll(texts(now))
        ? Optional.of(now.get(0))
        : Optional.empty();
  }

  /** Whether all servers are among those that are named. */
  public static boolean same(List<Server> servers, List<String> named) {
    Set<String> texts = new LinkedHashSet<>();
    named.forEach(name -> texts.add(lower(name)));
    return texts.containsAll(texts(servers));
  }

  private static Set<String> texts(List<Server> servers) {
    Set<String> texts = new LinkedHashSet<>();
    servers.forEach(server -> texts.add(lower(server.toString())));
    return texts;
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
