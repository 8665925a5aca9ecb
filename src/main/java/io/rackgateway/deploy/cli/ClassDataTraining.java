package io.rackgateway.deploy.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * What the launcher runs to make its class-data archive: commands on a site that is made up for
 * them, so that the classes which real commands need are loaded. The site is a folder that goes
 * away again; nobody listens where its gateway and its database are said to be, and the start of
 * its gateway fails at once. How the commands end does not matter. What needs Docker or PostgreSQL
 * is only loaded.
 */
public final class ClassDataTraining {

  private static final String CONFIGURATION =
      """
      gateway: { name: training, url: 'http://127.0.0.1:9', apiToken: '${TOKEN}' }
      deploy:
        host: { directory: ., start: ['false'], stop: ['true'], pidFile: pid, startTime: 1ms }
      database: { url: '${DATABASE_URL}' }
      backup: { none: { reason: nothing is there } }
      migrate: { enabled: false }
      releases: { none: { reason: nothing is there } }
      verify: { timeout: 1ms }
      """;
  private static final Map<String, String> ENVIRONMENT =
      Map.of("TOKEN", "none", "DATABASE_URL", "postgresql://nobody@127.0.0.1:9/nothing");

  /** Where classes are that commands need and the commands here do not reach. */
  private static final List<String> MORE =
      List.of("io/rackgateway/deploy/", "org/postgresql/", "org/yaml/snakeyaml/");

  private ClassDataTraining() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createTempDirectory("rack-gateway-deploy-");
    try {
      write(folder);
      String file = folder.resolve("rack-gateway.yml").toString();
      for (List<String> words :
          List.of(
              List.of("plan", "--to", "v1.1.0", "--json"),
              List.of("upgrade", "--to", "v1.1.0", "--yes"),
              List.of("status"))) {
        run(Stream.concat(words.stream(), Stream.of("-f", file)).toArray(String[]::new));
      }
      loadMore();
    } finally {
      remove(folder);
    }
    System.exit(0);
  }

  private static void loadMore() throws IOException {
    try (JarFile jar = new JarFile(System.getProperty("java.class.path"))) {
      jar.stream()
          .map(JarEntry::getName)
          .filter(name -> name.endsWith(".class") && MORE.stream().anyMatch(name::startsWith))
          .forEach(ClassDataTraining::load);
    }
  }

  private static void load(String entry) {
    String name = entry.substring(0, entry.length() - ".class".length()).replace('/', '.');
    try {
      Class.forName(name, false, ClassDataTraining.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      // Some adapt a library that is not in the jar; nobody will miss them.
    }
  }

  private static void write(Path folder) throws IOException {
    for (String version : List.of("v1.0.0", "v1.1.0")) {
      Path release = Files.createDirectories(folder.resolve("releases").resolve(version));
      Path program = Files.writeString(release.resolve("rack-gateway-api"), "#!/bin/sh\n");
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }
    Files.createSymbolicLink(folder.resolve("current"), Path.of("releases", "v1.0.0"));
    Files.writeString(folder.resolve("rack-gateway.yml"), CONFIGURATION);
  }

  private static void run(String... arguments) {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    new App(ENVIRONMENT, nowhere, nowhere).run(arguments);
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
