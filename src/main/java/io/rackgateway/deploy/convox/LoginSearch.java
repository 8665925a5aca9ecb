package io.rackgateway.deploy.convox;

import com.fasterxml.jackson.databind.JsonNode;
import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.model.DeployException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a rack where the {@code convox} command line does, in its order: {@code RACK_URL}; the
 * rack named by {@code CONVOX_RACK}, {@code .convox/rack} or the setting {@code rack}; the one that
 * was switched to. After those, the host that versions before 3 were logged in to.
 */
public final class LoginSearch {

  private static final String OTHERWISE =
      "give deploy.convox.rack as ${RACK_URL}, or a Rack Gateway's address with gatewayToken";

  private final Map<String, String> environment;
  private final LoginFolder settings;
  private final LoginFolder older;
  private final LoginFolder local;

  /**
   * @param home the user's folder
   * @param folder in which {@code .convox/rack} may stand
   */
  public LoginSearch(Map<String, String> environment, Path home, Path folder) {
    this.environment = environment;
    this.settings = new LoginFolder(settings(home));
    this.older = new LoginFolder(home.resolve(".convox"));
    this.local = new LoginFolder(folder.resolve(".convox"));
  }

  private Path settings(Path home) {
    String own = variable("CONVOX_CONFIG").orElse("");
    if (!own.isEmpty()) {
      return Path.of(own);
    }
    // The base directories of freedesktop.org, and what stands for them on macOS.
    boolean mac = System.getProperty("os.name", "").startsWith("Mac");
    Path usual = mac ? home.resolve("Library/Preferences") : home.resolve(".config");
    return variable("XDG_CONFIG_HOME").map(Path::of).orElse(usual).resolve("convox");
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  /**
   * Finds the rack.
   *
   * @param wanted its name, or a part of it that no other has; null for the current one
   * @throws DeployException.Usage if there is none, it cannot be told which one is meant, it is
   *     reached through the console, or a file is not what it should be; no message holds a secret
   */
  public StoredLogin find(@Nullable String wanted) {
    Optional<String> url = variable("RACK_URL");
    if (url.isPresent()) {
      if (wanted != null) {
        throw new DeployException.Usage(
            "deploy.convox.rackName names the rack " + wanted + ", and RACK_URL is set, too",
            "unset RACK_URL, or give deploy.convox.rack as ${RACK_URL} instead of rackName");
      }
      return new StoredLogin("", new Secret(url.get().strip()), "RACK_URL", List.of());
    }
    Optional<String> name =
        Optional.ofNullable(wanted)
            .or(() -> variable("CONVOX_RACK"))
            .or(() -> local.text("rack"))
            .or(() -> settings.text("rack"));
    if (name.isPresent()) {
      return match(name.get());
    }
    return current().or(this::oldHost).orElseThrow(this::none);
  }

  private Optional<StoredLogin> current() {
    Optional<JsonNode> current = settings.object("current");
    if (current.isEmpty()) {
      return Optional.empty();
    }
    String name = current.get().path("name").asText("");
    String type = current.get().path("type").asText("");
    return switch (type) {
      case "terraform" -> Optional.of(match(name));
      case "console" -> throw ofConsole(name);
      default ->
          throw new DeployException.Usage(
              settings.path("current") + " names a rack of a kind that is not known",
              "choose one with 'convox switch', or " + OTHERWISE);
    };
  }

  /** As the command line does: the whole name, else the only one that holds it. */
  private StoredLogin match(String name) {
    Map<String, Supplier<StoredLogin>> known = known();
    Supplier<StoredLogin> same = known.get(name);
    if (same != null) {
      return same.get();
    }
    Map<String, Supplier<StoredLogin>> holding = new LinkedHashMap<>(known);
    holding.keySet().removeIf(each -> !each.contains(name));
    if (holding.size() > 1) {
      throw new DeployException.Usage(
          "which rack is '"
              + name
              + "'? The convox command line knows "
              + String.join(", ", holding.keySet()),
          "give the whole name");
    }
    if (holding.size() == 1) {
      return holding.values().iterator().next().get();
    }
    if (name.contains("/")) {
      throw ofConsole(name);
    }
    throw new DeployException.Usage(
        "the convox command line is not logged in to a rack '"
            + name
            + "'; in "
            + settings.path("racks")
            + " and "
            + older.path("auth")
            + " it knows "
            + (known.isEmpty() ? "none" : String.join(", ", known.keySet()))
            + settings
                .text("console")
                .map(host -> "; the console " + host + ", which may know it, is not spoken to")
                .orElse(""),
        OTHERWISE);
  }

  private Map<String, Supplier<StoredLogin>> known() {
    Map<String, Supplier<StoredLogin>> known = new LinkedHashMap<>();
    for (String name : settings.names("racks")) {
      String entry = "racks/" + name;
      known.put(name, settings.isFolder(entry) ? () -> terraform(name) : () -> direct(name));
    }
    older
        .object("auth")
        .ifPresent(
            auth ->
                auth.fieldNames()
                    .forEachRemaining(
                        host -> {
                          if (!isConsole(host)) {
                            known.putIfAbsent(host, () -> hosted(host));
                          }
                        }));
    return known;
  }

  private StoredLogin direct(String name) {
    String file = "racks/" + name;
    return found(name, settings, file, settings.text(file).orElse(""));
  }

  /** What Terraform put into its state is what {@code terraform output} would tell. */
  private StoredLogin terraform(String name) {
    String file = "racks/" + name + "/terraform.tfstate";
    String url =
        settings
            .object(file)
            .map(state -> state.path("outputs").path("api").path("value").asText(""))
            .orElse("");
    if (url.isEmpty()) {
      throw new DeployException.Usage(
          "the address of the rack "
              + name
              + " is not in "
              + settings.path(file)
              + ": its state is kept somewhere else, or it is not installed",
          "give deploy.convox.rack as ${RACK_URL}, from 'terraform output -raw api' in "
              + settings.path("racks/" + name));
    }
    return found(name, settings, file, url);
  }

  private Optional<StoredLogin> oldHost() {
    Optional<String> host = variable("CONVOX_HOST").or(() -> older.text("host"));
    if (host.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> rack = older.text("rack").filter(name -> name.contains("/"));
    if (isConsole(host.get()) || rack.isPresent()) {
      throw ofConsole(rack.orElse(""));
    }
    return Optional.of(hosted(host.get()));
  }

  private StoredLogin hosted(String host) {
    Optional<String> given = variable("CONVOX_PASSWORD");
    Optional<String> password = given.or(() -> password(older, host));
    if (password.isEmpty()) {
      throw new DeployException.Usage(
          "there is no login of the rack " + host + " in " + older.path("auth"),
          "set CONVOX_PASSWORD, or " + OTHERWISE);
    }
    String url =
        "https://convox:"
            + URLEncoder.encode(password.get(), StandardCharsets.UTF_8).replace("+", "%20")
            + "@"
            + host;
    return given.isPresent()
        ? new StoredLogin(host, new Secret(url), "CONVOX_PASSWORD", List.of())
        : found(host, older, "auth", url);
  }

  private static Optional<String> password(LoginFolder folder, String host) {
    return folder
        .object("auth")
        .map(auth -> auth.path(host).asText(""))
        .filter(password -> !password.isEmpty());
  }

  private static StoredLogin found(String name, LoginFolder folder, String file, String url) {
    return new StoredLogin(
        name,
        new Secret(url),
        folder.path(file).toString(),
        folder.isOpen(file)
            ? List.of(
                folder.path(file)
                    + ", which holds a rack's token, can be read by others: chmod 600")
            : List.of());
  }

  private static boolean isConsole(String host) {
    return host.startsWith("console.");
  }

  private DeployException ofConsole(String name) {
    String host =
        variable("CONVOX_HOST")
            .or(() -> settings.text("console"))
            .or(() -> older.text("host"))
            .orElse("console.convox.com");
    return new DeployException.Usage(
        (name.isEmpty() ? "the rack" : "the rack " + name)
            + " is reached through the console "
            + host
            + ", whose own API this tool does not speak",
        "get the rack's own address by 'convox rack access --role write --duration-in-hours 2', and "
            + OTHERWISE);
  }

  private DeployException none() {
    return new DeployException.Usage(
        "deploy.convox.rack is left out, and the convox command line is logged in to no rack: looked"
            + " in "
            + settings.path("")
            + " and "
            + older.path(""),
        OTHERWISE + "; or choose a rack with 'convox switch'");
  }
}
