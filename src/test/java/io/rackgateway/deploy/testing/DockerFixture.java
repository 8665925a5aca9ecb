package io.rackgateway.deploy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.process.Command;
import io.rackgateway.deploy.process.CommandResult;
import io.rackgateway.deploy.process.Commands;
import io.rackgateway.deploy.process.SystemCommands;
import io.rackgateway.deploy.time.Cancellation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A real Docker engine for one test: names that no other test uses, tiny gateway images made on the
 * spot, and the removal of everything that carries those names.
 *
 * <p>The images hold busybox: an HTTP server as the gateway and a script as its migrations. They
 * know nothing of a database.
 */
public final class DockerFixture implements AutoCloseable {

  private static final String BASE = "rgd-test-busybox:1";
  private static final List<String> PROGRAMS =
      List.of(
          "sh", "sleep", "httpd", "cat", "echo", "env", "wget", "test", "touch", "true", "false");

  private final Path folder;
  private final String name;
  private final Map<String, String> environment;
  private final Commands commands;
  private String registry = "127.0.0.1:9";
  private int images;

  /**
   * @param folder an empty folder for build contexts
   */
  public DockerFixture(Path folder) {
    this(folder, Map.of());
  }

  /**
   * @param more variables that the commands see
   */
  public DockerFixture(Path folder, Map<String, String> more) {
    this.folder = folder;
    byte[] random = new byte[4];
    ThreadLocalRandom.current().nextBytes(random);
    this.name = "rgdt" + HexFormat.of().formatHex(random);
    this.environment = new LinkedHashMap<>();
    copy("DOCKER_HOST", "DOCKER_HOST");
    copy("RGD_TEST_DOCKER_CONFIG", "DOCKER_CONFIG");
    // Either builder will do, but the newer one wants a component that may not be there.
    environment.put("DOCKER_BUILDKIT", "0");
    environment.putAll(more);
    this.commands =
        new SystemCommands(
            words -> {
              ProcessBuilder builder = new ProcessBuilder(words);
              builder.environment().putAll(environment);
              return builder;
            },
            new Cancellation(),
            Map::of);
  }

  private void copy(String from, String to) {
    String value = System.getenv(from);
    if (value != null && !value.isEmpty()) {
      environment.put(to, value);
    }
  }

  /** A name that only this test uses; projects, image repositories and containers carry it. */
  public String name() {
    return name;
  }

  /** The variables that make {@code docker} and both Composes work against the engine. */
  public Map<String, String> environment() {
    return Map.copyOf(environment);
  }

  /** Commands that see {@link #environment()}. */
  public Commands commands() {
    return commands;
  }

  /** Runs {@code docker} with the arguments; its standard output without the last line break. */
  public String docker(String... arguments) {
    List<String> words = new ArrayList<>(List.of("docker"));
    words.addAll(Arrays.asList(arguments));
    CommandResult result = commands.run(Command.of(words));
    assertThat(result.exitCode())
        .as("%s: %s", result.command(), String.join("\n", result.tail()))
        .isZero();
    return result.output().strip();
  }

  /** The id of an image. */
  public String imageId(String reference) {
    return docker("image", "inspect", "--format", "{{.Id}}", reference);
  }

  /** The registry of images that are named from now on; without one, none that answers. */
  public void use(ImageRegistry where) {
    registry = where.address();
  }

  /** The repository of this test's gateway images. */
  public String repository() {
    return registry + "/" + name + "/gateway";
  }

  /** What an image does, beside answering HTTP on port 8080. */
  public static final class ImageSpec {
    private String start = "exec httpd -f -p 8080 -h /www";
    private String migrate = "echo applied 20250102030405";
    private String more = "";

    /** The shell script of its start. */
    public ImageSpec starting(String script) {
      start = script;
      return this;
    }

    /** The shell script of {@code ./rack-gateway-api migrate}. */
    public ImageSpec migrating(String script) {
      migrate = script;
      return this;
    }

    /** More lines for the Dockerfile, such as a health check. */
    public ImageSpec with(String dockerfileLines) {
      more = dockerfileLines;
      return this;
    }
  }

  /** Makes an image that works. */
  public String image(String tag) {
    return image(tag, new ImageSpec());
  }

  /** Makes an image of {@link #repository()}; each one differs from all others. */
  public String image(String tag, ImageSpec spec) {
    String reference = repository() + ":" + tag;
    build(reference, spec);
    return reference;
  }

  /** Makes an image of any name. */
  public void build(String reference, ImageSpec spec) {
    try {
      requireBase();
      Path context = Files.createDirectory(folder.resolve("image-" + ++images));
      Path app = Files.createDirectories(context.resolve("root/app"));
      script(app.resolve("start"), spec.start);
      script(
          app.resolve("rack-gateway-api"),
          "[ \"$*\" = migrate ] || { echo \"'migrate' command does not accept arguments\"; exit 2; }\n"
              + spec.migrate);
      Path www = Files.createDirectory(context.resolve("root/www"));
      Files.writeString(www.resolve("version"), reference + "\n");
      Files.writeString(
          context.resolve("Dockerfile"),
          """
          FROM %s
          LABEL rgd-test=%s rgd-test-image=%d
          COPY root /
          %s
          """
              .formatted(BASE, name, images, spec.more));
      docker("build", "--quiet", "--tag", reference, context.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What all images stand on. It stays on the engine, for the next test. */
  private void requireBase() throws IOException {
    if (commands.run(Command.of("docker", "image", "inspect", BASE)).succeeded()) {
      return;
    }
    Path context = Files.createDirectory(folder.resolve("base"));
    Path bin = Files.createDirectory(context.resolve("bin"));
    Files.copy(Path.of(required("RGD_TEST_BUSYBOX")), bin.resolve("busybox"));
    assertThat(bin.resolve("busybox").toFile().setExecutable(true, false)).isTrue();
    for (String program : PROGRAMS) {
      Files.createSymbolicLink(bin.resolve(program), Path.of("busybox"));
    }
    Files.writeString(
        context.resolve("Dockerfile"),
        """
        FROM scratch
        COPY bin /bin
        WORKDIR /app
        ENV PATH=/bin
        STOPSIGNAL SIGKILL
        CMD ["/app/start"]
        """);
    docker("build", "--quiet", "--tag", BASE, context.toString());
  }

  private static void script(Path file, String content) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + content + "\n");
    assertThat(file.toFile().setExecutable(true, false)).isTrue();
  }

  private static String required(String variable) {
    String value = System.getenv(variable);
    assertThat(value).as("variable %s of the test environment", variable).isNotEmpty();
    return value;
  }

  /** A port of 127.0.0.1 that nobody listens on now. */
  public static int freePort() {
    return Ports.free();
  }

  /** Removes every container, network, volume and image that carries this test's name. */
  @Override
  public void close() {
    remove("ps --all --quiet --filter name=" + name, "rm --force --volumes");
    remove(
        "ps --all --quiet --filter label=com.docker.compose.project=" + name,
        "rm --force --volumes");
    remove("network ls --quiet --filter name=" + name, "network rm");
    remove("volume ls --quiet --filter name=" + name, "volume rm");
    List<String> references =
        docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}")
            .lines()
            .filter(reference -> reference.contains(name))
            .toList();
    remove(references, "image rm --force");
    remove("image ls --all --quiet --filter label=rgd-test=" + name, "image rm --force");
  }

  private void remove(String list, String verb) {
    remove(docker(list.split(" ")).lines().filter(id -> !id.isBlank()).toList(), verb);
  }

  private void remove(List<String> names, String verb) {
    if (!names.isEmpty()) {
      List<String> words = new ArrayList<>(List.of("docker"));
      words.addAll(Arrays.asList(verb.split(" ")));
      words.addAll(names);
      commands.run(Command.of(words));
    }
  }
}
