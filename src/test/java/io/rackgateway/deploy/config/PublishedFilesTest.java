package io.rackgateway.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The JSON Schema and the table of all keys are made from the configuration's records. After a
 * change of those, {@code -Dupdate=true} writes both anew.
 */
class PublishedFilesTest {

  private static final String UPDATE =
      "run 'mvn test -Dtest=PublishedFilesTest -Dupdate=true' to update %s";
  private static final Path SCHEMA =
      Path.of("src/main/resources/io/rackgateway/deploy/config/rack-gateway.schema.json");
  private static final Path DOCUMENTATION = Path.of("docs/configuration.md");
  private static final String BEGIN = "<!-- keys: begin -->\n";
  private static final String END = "<!-- keys: end -->\n";

  @Test
  void schemaIsThatOfTheRecords() throws IOException {
    check(SCHEMA, new SchemaGenerator().generate());
  }

  @Test
  void documentationListsTheKeysOfTheRecords() throws IOException {
    String text = Files.readString(DOCUMENTATION);
    assertThat(text).contains(BEGIN, END);
    String before = text.substring(0, text.indexOf(BEGIN) + BEGIN.length());
    String after = text.substring(text.indexOf(END));
    check(DOCUMENTATION, before + "\n" + new ReferenceGenerator().generate() + after);
  }

  @Test
  void documentationShowsTheExampleThatTheToolGives() throws IOException {
    assertThat(Files.readString(DOCUMENTATION)).contains(ConfigFile.Example.TEXT);
  }

  private static void check(Path file, String expected) throws IOException {
    if (Boolean.getBoolean("update")) {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, expected);
    }
    assertThat(file).as(UPDATE, file).exists();
    assertThat(Files.readString(file)).as(UPDATE, file).isEqualTo(expected);
  }
}
