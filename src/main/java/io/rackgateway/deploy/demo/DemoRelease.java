package io.rackgateway.deploy.demo;

import io.rackgateway.deploy.model.Version;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One release of the {@link StandInGateway}: a folder that holds a program {@code
 * rack-gateway-api}, as the folder of a real release does.
 *
 * @param migrations how many migrations it holds
 * @param fault what it does wrong, such as {@code crash-at-start}; {@code none} for a good one
 * @param java the Java program that runs it
 * @param classPath where the stand-in and the PostgreSQL driver are
 */
public record DemoRelease(
    Version version, int migrations, String fault, String java, List<String> classPath) {

  /** The name of the program in a release's folder. */
  public static final String PROGRAM = "rack-gateway-api";

  private static final String RUNTIME_OPTIONS =
      "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx64m -Xshare:auto";

  public DemoRelease {
    classPath = List.copyOf(classPath);
  }

  /** A release that runs on this process's own Java and class path. */
  public static DemoRelease of(Version version, int migrations, String fault) {
    return new DemoRelease(
        version,
        migrations,
        fault,
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        ownClassPath());
  }

  /** The jars or folders that hold the stand-in and the PostgreSQL driver in this process. */
  public static List<String> ownClassPath() {
    return Stream.of(StandInGateway.class.getName(), StandInDatabase.DRIVER)
        .map(DemoRelease::locationOf)
        .distinct()
        .toList();
  }

  /** Writes the release into a folder, which is made if need be. */
  public Path writeTo(Path folder) {
    try {
      Files.createDirectories(folder);
      Path program = folder.resolve(PROGRAM);
      Files.writeString(program, script());
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the release " + folder, e);
    }
  }

  /** The text of the program. */
  public String script() {
    String faultOption = fault.equals("none") ? "" : " -DGATEWAY_FAULT=" + quote(fault);
    return """
        #!/bin/sh
        # Stands in for Rack Gateway %s.
        exec %s %s \\
          -DGATEWAY_VERSION=%s -DGATEWAY_MIGRATIONS=%d%s \\
          -cp %s %s "$@"
        """
        .formatted(
            version.tag(),
            quote(java),
            RUNTIME_OPTIONS,
            quote(version.number()),
            migrations,
            faultOption,
            classPath.stream()
                .map(DemoRelease::quote)
                .collect(Collectors.joining(File.pathSeparator)),
            StandInGateway.class.getName());
  }

  private static String quote(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  private static String locationOf(String className) {
    try {
      Class<?> type = Class.forName(className);
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (ClassNotFoundException | URISyntaxException e) {
      throw new IllegalStateException("cannot tell where " + className + " is", e);
    }
  }
}
