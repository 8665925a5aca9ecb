package io.rackgateway.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.model.DeployException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each key that a record describes is known to the parser and to the schema, and only those. */
class KeysTest {

  @TempDir Path folder;

  static List<String> keys() {
    List<String> paths = new ArrayList<>();
    collect(Section.of(Configuration.class), "", paths);
    return paths;
  }

  @ParameterizedTest
  @MethodSource("keys")
  void isKnownToTheParser(String path) {
    // A list of a list is a value of no key, so the only finding with this option must be its type.
    assertThat(findings(path, "[[]]"))
        .anyMatch(line -> line.startsWith("--set " + path + ": " + path));
    assertThat(findings(path + "x", "[[]]"))
        .anyMatch(line -> line.startsWith("--set " + path + "x: unknown key"));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void isDescribedByTheSchema(String path) throws IOException {
    JsonNode node = new ObjectMapper().readTree(new SchemaGenerator().generate());
    for (String key : path.split("\\.", -1)) {
      assertThat(node.path("additionalProperties").asBoolean(true)).isFalse();
      node = node.path("properties").path(key);
    }
    assertThat(node.path("description").asText()).isNotBlank().endsWith(".");
  }

  @Test
  void defaultsAreValuesOfTheirKeys() throws IOException {
    Path file = folder.resolve("rack-gateway.yml");
    for (String deploy :
        List.of("compose: {}", "host: {directory: /srv/gateway, command: [run]}")) {
      Files.writeString(
          file,
          "gateway: {name: a, url: http://a}\ndatabase: {url: '${URL}'}\nbackup: {pgDump: {}}\n"
              + "deploy: {"
              + deploy
              + "}\n");
      assertThat(ConfigLoader.load(file, Map.of(), Map.of("URL", "postgres://a/b"), new Secrets()))
          .isNotNull();
    }
  }

  private List<String> findings(String path, String value) {
    Path file = folder.resolve("rack-gateway.yml");
    try {
      Files.writeString(file, "{}");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    DeployException.Usage usage =
        catchThrowableOfType(
            DeployException.Usage.class,
            () -> ConfigLoader.load(file, Map.of(path, value), Map.of(), new Secrets()));
    List<String> lines = new ArrayList<>(usage.problem().details());
    lines.add(usage.problem().summary());
    return lines;
  }

  private static void collect(Section section, String path, List<String> paths) {
    for (Property property : section.properties()) {
      String here = Section.path(path, property.name());
      paths.add(here);
      if (property.shape() instanceof Property.Nested nested) {
        collect(nested.section(), here, paths);
      }
    }
  }
}
