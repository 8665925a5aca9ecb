package io.rackgateway.deploy.config;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.model.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads the text of the configuration file. */
final class ConfigFile {

  private ConfigFile() {}

  static String read(Path file) {
    if (!Files.exists(file)) {
      throw new DeployException.Usage(
          new Problem(
              "there is no configuration file " + file,
              "give its path with --config, or make it from the example below",
              Example.LINES));
    }
    try {
      if (!Files.isRegularFile(file)) {
        throw new DeployException.Usage(
            file + " is not a file", "give the path of a configuration file with --config");
      }
      if (Files.size(file) > YamlReader.LARGEST) {
        throw new DeployException.Usage(
            file + " is larger than 1 MiB, so it is no configuration",
            "give the path of a configuration file with --config");
      }
      return decode(file, Files.readAllBytes(file));
    } catch (IOException e) {
      throw new DeployException.Usage(
          "the configuration file " + file + " cannot be read: " + IoFailure.describe(e),
          "let the user that runs this read the file");
    }
  }

  private static String decode(Path file, byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer from = ByteBuffer.wrap(bytes);
    CharBuffer to = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(from, to, true);
    String text = to.flip().toString();
    if (result.isError()) {
      int line = (int) text.chars().filter(character -> character == '\n').count() + 1;
      Place place = new Place(file.toString(), line, text.length() - text.lastIndexOf('\n'));
      throw new DeployException.Usage(
          place + ": this is not UTF-8, from the byte " + hex(bytes[from.position()]) + " on",
          "save the file as UTF-8");
    }
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static String hex(byte value) {
    return String.format("0x%02X", value);
  }

  static DeployException.Usage empty(Path file) {
    return new DeployException.Usage(
        new Problem(
            file + ":1:1: the configuration is empty",
            "begin with the example below",
            Example.LINES));
  }

  /** The least that a configuration needs. */
  static final class Example {

    static final String TEXT =
        """
        gateway:
          name: production
          url: https://gateway.example.com
          apiToken: ${RACK_GATEWAY_API_TOKEN}
        deploy:
          compose:
            directory: .
            service: gateway
        database:
          url: ${DATABASE_URL}
        backup:
          pgDump:
            directory: backups
        """;
    static final List<String> LINES = TEXT.lines().toList();

    private Example() {}
  }
}
