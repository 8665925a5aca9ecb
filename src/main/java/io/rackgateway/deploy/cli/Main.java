package io.rackgateway.deploy.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Where the process begins. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(
        new App(System.getenv(), utf8(FileDescriptor.out), utf8(FileDescriptor.err))
            .run(arguments));
  }

  /** CI systems read UTF-8 whatever the locale they set, which often is none. */
  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }
}
