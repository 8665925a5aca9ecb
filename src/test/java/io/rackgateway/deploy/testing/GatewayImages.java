package io.rackgateway.deploy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.demo.DemoRelease;
import io.rackgateway.deploy.demo.StandInGateway;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * Container images of the stand-in gateway: what the gateway's own image is, with {@code
 * ./rack-gateway-api} in {@code /app}, on a base image that holds Java.
 */
public final class GatewayImages {

  private static final long BUILD_MINUTES = 5;

  private GatewayImages() {}

  /**
   * Builds an image of a release with the {@code docker} command.
   *
   * @param release its version, migrations and fault; where Java and the classes are is not used
   * @param base a local image with Java at {@code /bin/java}
   * @param reference the name to give the image: {@code rack-gateway:v1.2.0}
   * @param folder an empty folder for the build context
   */
  public static void build(DemoRelease release, String base, String reference, Path folder)
      throws IOException, InterruptedException {
    writeContext(release, base, folder);
    Path log = folder.resolve("build.log");
    ProcessBuilder builder =
        new ProcessBuilder("docker", "build", "--quiet", "--tag", reference, ".")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    // Either builder will do, but the newer one wants a component that a test machine may not have.
    builder.environment().put("DOCKER_BUILDKIT", "0");
    Process build = builder.start();
    try {
      assertThat(build.waitFor(BUILD_MINUTES, TimeUnit.MINUTES)).as("docker build ended").isTrue();
      assertThat(build.exitValue()).as("docker build: %s", Files.readString(log)).isZero();
    } finally {
      build.destroyForcibly();
    }
  }

  /** Writes the build context of a release's image. */
  public static void writeContext(DemoRelease release, String base, Path folder)
      throws IOException {
    Path classes = folder.resolve("gateway.jar");
    Path driver = folder.resolve("postgresql.jar");
    List<String> own = DemoRelease.ownClassPath();
    if (own.size() == 1) {
      throw new IllegalStateException("tests run from a fat jar are not foreseen: " + own);
    }
    writeStandIn(Path.of(own.get(0)), classes);
    Files.copy(Path.of(own.get(1)), driver);
    new DemoRelease(
            release.version(),
            release.migrations(),
            release.fault(),
            "/bin/java",
            List.of("/app/gateway.jar", "/app/postgresql.jar"))
        .writeTo(folder);
    Files.writeString(
        folder.resolve("Dockerfile"),
        """
        FROM %s
        WORKDIR /app
        COPY postgresql.jar gateway.jar rack-gateway-api ./
        ENV HOST=0.0.0.0 PORT=8080
        EXPOSE 8080
        CMD ["./rack-gateway-api"]
        """
            .formatted(base));
    Files.writeString(folder.resolve(".dockerignore"), "build.log\n");
    Files.setPosixFilePermissions(classes, PosixFilePermissions.fromString("rw-r--r--"));
    Files.setPosixFilePermissions(driver, PosixFilePermissions.fromString("rw-r--r--"));
  }

  /** The stand-in's own classes, and nothing else of the tool. */
  private static void writeStandIn(Path root, Path jar) throws IOException {
    String folder = StandInGateway.class.getPackageName().replace('.', '/');
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        Stream<Path> classes = Files.list(root.resolve(folder))) {
      for (Path each : classes.sorted().toList()) {
        String name = each.getFileName().toString();
        if (name.startsWith("StandIn")) {
          JarEntry entry = new JarEntry(folder + "/" + name);
          // The same bytes each time, so that an image that has not changed is not built again.
          entry.setTime(0);
          out.putNextEntry(entry);
          out.write(Files.readAllBytes(each));
          out.closeEntry();
        }
      }
    }
  }
}
