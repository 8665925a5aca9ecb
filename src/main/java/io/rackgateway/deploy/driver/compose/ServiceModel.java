package io.rackgateway.deploy.driver.compose;

import io.rackgateway.deploy.config.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A service as Compose resolves it from its files and variables.
 *
 * @param image the image reference; null when the service is only built
 * @param built whether the service is built from source
 * @param unique why only one container of it can run at a time, such as a fixed port; empty when
 *     several can
 * @param portRanges sizes of the ranges of host ports it publishes
 * @param variables the variables that have a value for it
 * @param healthCheck whether it has a health check of its own
 */
record ServiceModel(
    @Nullable String image,
    boolean built,
    List<String> unique,
    List<PortRange> portRanges,
    Map<String, Secret> variables,
    boolean healthCheck) {

  private static final Pattern SHORT_PORT =
      Pattern.compile("(?:(?<host>.+):)?(?<published>[0-9]+(?:-[0-9]+)?):[0-9-]+(?:/\\w+)?");

  ServiceModel {
    unique = List.copyOf(unique);
    portRanges = List.copyOf(portRanges);
    variables = Map.copyOf(variables);
  }

  /**
   * Host ports to choose from.
   *
   * @param text as people write it
   */
  record PortRange(String text, int size) {}

  /** Reads what {@code config} prints for one service, in the form of either Compose. */
  static ServiceModel of(Map<?, ?> service) {
    List<String> unique = new ArrayList<>();
    List<PortRange> ranges = new ArrayList<>();
    if (service.get("container_name") instanceof String name) {
      unique.add("its container name is fixed to '" + name + "'");
    }
    if ("host".equals(service.get("network_mode"))) {
      unique.add("it uses the host's network, where its port is taken once");
    }
    if (service.get("networks") instanceof Map<?, ?> networks) {
      networks.forEach(
          (name, settings) -> {
            if (settings instanceof Map<?, ?> map
                && (map.get("ipv4_address") != null || map.get("ipv6_address") != null)) {
              unique.add("its address in network '" + name + "' is fixed");
            }
          });
    }
    if (service.get("ports") instanceof List<?> ports) {
      ports.forEach(port -> addPort(port, ranges));
    }
    return new ServiceModel(
        service.get("image") instanceof String image ? image : null,
        service.get("build") != null,
        unique,
        ranges,
        variables(service.get("environment")),
        service.get("healthcheck") instanceof Map<?, ?> check
            && !Boolean.TRUE.equals(check.get("disable")));
  }

  /** As a mapping, or as a list of {@code NAME=VALUE}; Compose v1 prints the first, too. */
  private static Map<String, Secret> variables(@Nullable Object settings) {
    Map<String, Secret> values = new TreeMap<>();
    if (settings instanceof Map<?, ?> map) {
      map.forEach(
          (name, value) -> {
            if (value != null && !value.toString().isEmpty()) {
              values.put(String.valueOf(name), new Secret(value.toString()));
            }
          });
    } else if (settings instanceof List<?> list) {
      for (Object item : list) {
        String[] parts = String.valueOf(item).split("=", 2);
        if (parts.length == 2 && !parts[1].isEmpty()) {
          values.put(parts[0], new Secret(parts[1]));
        }
      }
    }
    return values;
  }

  /** The names of the variables that have a value for it. */
  Set<String> environment() {
    return variables.keySet();
  }

  private static void addPort(@Nullable Object port, List<PortRange> ranges) {
    String published;
    String host;
    if (port instanceof Map<?, ?> map) {
      Object value = map.get("published");
      published = value == null ? "" : value.toString();
      host = map.get("host_ip") instanceof String address ? address : null;
    } else {
      Matcher matcher = SHORT_PORT.matcher(String.valueOf(port));
      published = matcher.matches() ? matcher.group("published") : "";
      host = matcher.matches() ? matcher.group("host") : null;
    }
    if (published.isEmpty() || published.equals("0")) {
      return;
    }
    int dash = published.indexOf('-');
    int size =
        dash < 0
            ? 1
            : Integer.parseInt(published.substring(dash + 1))
                - Integer.parseInt(published.substring(0, dash))
                + 1;
    ranges.add(new PortRange(host == null ? published : host + ":" + published, size));
  }

  /** Why that many containers cannot run at a time; empty when they can. */
  List<String> obstaclesTo(int containers) {
    List<String> obstacles = new ArrayList<>(unique);
    for (PortRange range : portRanges) {
      if (range.size() < containers) {
        obstacles.add(
            range.size() == 1
                ? "it publishes the host port " + range.text()
                : "it publishes only the " + range.size() + " host ports " + range.text());
      }
    }
    return obstacles;
  }
}
