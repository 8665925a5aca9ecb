package io.rackgateway.deploy.manifest;

import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.postgres.PostgresUrl.Server;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where host and port stand in a database URL. Several servers, separated by commas, are one such
 * place.
 *
 * @param start where the first host begins
 * @param end where the last port ends
 */
public record UrlHosts(int start, int end, List<Server> servers) {

  private static final Pattern AUTHORITY =
      Pattern.compile("(?:jdbc:)?postgres(?:ql)?://([^/?#]*)(.*)", Pattern.DOTALL);

  private static final int DEFAULT_PORT = 5432;

  public UrlHosts {
    servers = List.copyOf(servers);
  }

  /** Finds them; empty when the text is no URL with its server in the usual place. */
  public static Optional<UrlHosts> in(String url) {
    Matcher matcher = AUTHORITY.matcher(url);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int start = matcher.start(1) + matcher.group(1).lastIndexOf('@') + 1;
    int end = matcher.end(1);
    String hosts = url.substring(start, end);
    if (hosts.isEmpty() || hosts.contains("%") || !hosts.chars().allMatch(c -> c > 32 && c < 127)) {
      return Optional.empty();
    }
    try {
      // A parameter of the URL may name another server than stands here.
      List<Server> meant = PostgresUrl.parse("the URL", new Secret(url)).servers();
      List<Server> written =
          PostgresUrl.parse("the URL", new Secret("postgresql://u@" + hosts + "/d")).servers();
      return meant.equals(written)
          ? Optional.of(new UrlHosts(start, end, meant))
          : Optional.empty();
    } catch (DeployException.Usage e) {
      return Optional.empty();
    }
  }

  /** The URL with another server in the place of those that are there. */
  public String moved(String url, Server to) {
    return url.substring(0, start) + written(to, url.substring(start, end)) + url.substring(end);
  }

  /** A server as it is written in the place of those that are there. */
  String written(Server server, String before) {
    boolean port = server.port() != DEFAULT_PORT || before.matches(".*:\\d+");
    String text = server.toString();
    return port ? text : text.substring(0, text.lastIndexOf(':'));
  }
}
