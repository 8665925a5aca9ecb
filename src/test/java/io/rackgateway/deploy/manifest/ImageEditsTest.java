package io.rackgateway.deploy.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ManifestEdit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageEditsTest {

  private static final String OLD = "docker.io/acme/gw:v1.0.0";
  private static final String NEW = "docker.io/acme/gw:v1.1.0";

  @TempDir Path folder;
  private final List<Event> events = new ArrayList<>();

  private Path file(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private ImageEdits.Change change(List<Path> files, Map<String, String> environment) {
    return new ImageEdits(files, folder.resolve(".env"), environment).change("gateway", OLD, NEW);
  }

  private ImageEdits.Change change(String compose) throws IOException {
    return change(List.of(file("compose.yaml", compose)), Map.of());
  }

  /** Carries the edit out, and back; returns the content between. */
  private String applied(ImageEdits.Change change) throws IOException {
    ManifestEdit edit = change.edit();
    assertThat(edit).isNotNull();
    Path file = Path.of(edit.file());
    byte[] before = Files.readAllBytes(file);
    ManifestEdits edits = new ManifestEdits(events::add);
    edits.apply(edit);
    edits.apply(edit);
    byte[] after = Files.readAllBytes(file);
    edits.revert(edit, content -> Optional.empty());
    edits.revert(edit, content -> Optional.empty());
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
    return new String(after, StandardCharsets.UTF_8);
  }

  @Nested
  class InTheComposeFile {

    @ParameterizedTest
    @ValueSource(
        strings = {
          "services:\n  gateway:\n    image: docker.io/acme/gw:v1.0.0\n",
          "services:\n  gateway:\n    image:   docker.io/acme/gw:v1.0.0   # v1.0.0 since May\n",
          "services:\n  gateway:\n    image: \"docker.io/acme/gw:v1.0.0\"\n",
          "services:\n  gateway:\n    image: 'docker.io/acme/gw:v1.0.0'",
          "services:\n  gateway:\n    image:\n      docker.io/acme/gw:v1.0.0\n",
          "services:\n  gateway: {image: docker.io/acme/gw:v1.0.0, ports: []}\n",
          "{\"services\": {\"gateway\": {\"image\": \"docker.io/acme/gw:v1.0.0\"}}}",
          "services:\n  gateway:\n    image: &img docker.io/acme/gw:v1.0.0\n",
          "services:\n  gateway:\n    image: !!str 'docker.io/acme/gw:v1.0.0'\n",
          "services:\r\n  gateway:\r\n    image: docker.io/acme/gw:v1.0.0\r\n    tty: true\r\n",
          "\uFEFF# Gerät – 日本 🚀\nservices:\n  gateway:\n    image: docker.io/acme/gw:v1.0.0\n",
          "# 🚀🚀🚀\nservices:\n  grün: {image: 'é:1'}\n  gateway:\n    image: docker.io/acme/gw:v1.0.0 # ß\n",
          "---\nservices:\n  other: {image: 'docker.io/acme/gw:v0.9.0'}\n  gateway:\n    image: docker.io/acme/gw:v1.0.0\n...\n",
          "x-base: &base\n  image: docker.io/acme/gw:v1.0.0\nservices:\n  gateway:\n    <<: *base\n",
          "x-a: &a {tty: true}\nx-b: &b\n  image: docker.io/acme/gw:v1.0.0\nservices:\n  gateway:\n    <<: [*a, *b]\n",
          "x-image: &image docker.io/acme/gw:v1.0.0\nservices:\n  gateway:\n    image: *image\n",
          "services:\n  base: {image: 'docker.io/acme/gw:v1.0.0'}\n  gateway:\n    extends: base\n",
          "services:\n  base: {image: 'docker.io/acme/gw:v1.0.0'}\n  gateway:\n    extends: {service: base}\n",
          "services:\n  gateway:\n    image: docker.io/acme/gw:${TAG:-v1.0.0}\n",
          "services:\n  gateway:\n    image: docker.io/acme/gw:${TAG-v1.0.0}\n",
          "services:\n  gateway:\n    image: docker.io/acme/gw:v${TAG:-1.0.0}\n",
          "services:\n  gateway:\n    image: \"${IMAGE:-docker.io/acme/gw:v1.0.0}\"\n",
          "services:\n  gateway:\n    image: ${REG:-docker.io}/acme/gw:${A:-${B:-v1.0.0}}\n",
        })
    void onlyTheReferenceChanges(String compose) throws IOException {
      String old = compose.contains("v${TAG") ? "-1.0.0" : "v1.0.0";
      int place =
          compose.contains("v1.0.0 since") ? compose.indexOf(old) : compose.lastIndexOf(old);
      String expected =
          compose.substring(0, place)
              + old.replace("1.0.0", "1.1.0")
              + compose.substring(place + old.length());

      assertThat(applied(change(compose))).isEqualTo(expected);
    }

    @Test
    void theEditTellsTheLineAndTheReferences() throws IOException {
      ManifestEdit edit = change("# one\nservices:\n  gateway:\n    image: " + OLD + "\n").edit();

      assertThat(edit).isNotNull();
      assertThat(edit.line()).isEqualTo(4);
      assertThat(edit.before()).isEqualTo(OLD);
      assertThat(edit.after()).isEqualTo(NEW);
      assertThat(edit.file()).isEqualTo(folder.resolve("compose.yaml").toString());
    }

    @Test
    void namesTheServicesThatShareTheImage() throws IOException {
      ImageEdits.Change change =
          change(
              "x-b: &b {image: '"
                  + OLD
                  + "'}\nservices:\n  admin: {<<: *b}\n"
                  + "  gateway: {<<: *b}\n  db: {image: 'pg:16'}\n");

      assertThat(change.sharers()).containsExactly("admin");
    }

    @Test
    void aServicesOwnImageWinsOverAMergedOne() throws IOException {
      String compose =
          "x-b: &b {image: 'docker.io/acme/gw:v0.1.0'}\nservices:\n  gateway:\n    <<: *b\n    image: "
              + OLD
              + "\n";

      assertThat(applied(change(compose))).isEqualTo(compose.replace("v1.0.0", "v1.1.0"));
    }

    @Test
    void theLastFileThatSetsTheImageIsEdited() throws IOException {
      Path first = file("compose.yaml", "services: {gateway: {image: 'docker.io/acme/gw:v0.1.0'}}");
      Path second = file("second.yaml", "services: {gateway: {image: '" + OLD + "'}}");
      Path third = file("third.yaml", "services: {gateway: {tty: true}}");

      ManifestEdit edit = change(List.of(first, second, third), Map.of()).edit();

      assertThat(edit).isNotNull();
      assertThat(edit.file()).isEqualTo(second.toString());
    }

    @Test
    void followsExtendedAndIncludedFiles() throws IOException {
      file("common/base.yaml", "services: {app: {image: '" + OLD + "'}}");
      file(
          "gateway.yaml", "services: {gateway: {extends: {file: common/base.yaml, service: app}}}");
      Path top = file("compose.yaml", "include:\n  - path: gateway.yaml\nservices: {}\n");

      ManifestEdit edit = change(List.of(top), Map.of()).edit();

      assertThat(edit).isNotNull();
      assertThat(edit.file()).endsWith("common/base.yaml");
    }

    @Test
    void nothingIsToDoWhenTheReferenceIsThere() throws IOException {
      Path compose = file("compose.yaml", "services: {gateway: {image: '" + NEW + "'}}");

      ImageEdits edits = new ImageEdits(List.of(compose), null, Map.of());

      assertThat(edits.change("gateway", NEW, NEW).edit()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "services:\n  gateway:\n    image: >-\n      docker.io/acme/gw:v1.0.0\n",
          "services:\n  gateway:\n    image: \"docker.io/acme\\/gw:v1.0.0\"\n",
        })
    void refusesFormsThatCannotBeEditedInPlace(String compose) {
      assertThatThrownBy(() -> change(compose))
          .isInstanceOf(DeployException.Usage.class)
          .hasMessageContaining("compose.yaml, line 3");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "services:\n  gateway:\n    image: ${IMAGE:+x}\n",
          "services:\n  gateway:\n    image: docker.io/acme/gw:${TAG:?set it}\n",
          "services:\n  gateway:\n    image: docker.io/acme/gw:${TAG\n",
          "services:\n  gateway:\n    build: .\n",
          "services: [\n",
          "services: &a\n  gateway: *b\n",
        })
    void refusesWhatOneEditCannotDo(String compose) {
      assertThatThrownBy(() -> change(compose))
          .isInstanceOf(DeployException.Usage.class)
          .hasMessageContaining("compose.yaml");
    }

    @Test
    void refusesAVersionThatIsMadeOfSeveralValues() throws IOException {
      Path compose =
          file(
              "compose.yaml",
              "services: {gateway: {image: 'docker.io/acme/gw:v${A:-1}.${B:-0}.${C:-0}'}}");
      ImageEdits edits = new ImageEdits(List.of(compose), null, Map.of());

      assertThat(edits.change("gateway", OLD, NEW).edit()).isNotNull();
      assertThatThrownBy(() -> edits.change("gateway", OLD, "docker.io/acme/gw:v2.1.3"))
          .isInstanceOf(DeployException.Usage.class)
          .hasMessageContaining("cannot become 'docker.io/acme/gw:v2.1.3' by changing one value");
    }

    @Test
    void refusesAFileThatIsNotText() throws IOException {
      Path compose = folder.resolve("compose.yaml");
      Files.write(compose, new byte[] {'a', (byte) 0xFF, (byte) 0xFE});

      assertThatThrownBy(() -> change(List.of(compose), Map.of()))
          .isInstanceOf(DeployException.Usage.class)
          .hasMessageContaining("UTF-8");
    }

    @Test
    void aliasesThatExplodeAreRefused() {
      StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
      for (int i = 1; i < 40; i++) {
        bomb.append("a" + i + ": &a" + i + " [*a" + (i - 1) + ", *a" + (i - 1) + "]\n");
      }
      String compose = bomb + "services: {gateway: {image: " + OLD + "}}\n";

      assertThatThrownBy(() -> change(compose)).isInstanceOf(DeployException.Usage.class);
    }

    @Test
    void mappingsThatMergeThemselvesEndQuietly() {
      String compose = "services:\n  gateway: &g\n    <<: *g\n    tty: true\n";

      assertThatThrownBy(() -> change(compose)).isInstanceOf(DeployException.Usage.class);
    }
  }

  @Nested
  class InTheEnvFile {

    private static final String COMPOSE =
        "services:\n  gateway:\n    image: docker.io/acme/gw:${TAG:-v0.0.1}\n";

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '~',
        value = {
          "TAG=v1.0.0                | TAG=v1.1.0",
          "TAG=\"v1.0.0\" # x        | TAG=\"v1.1.0\" # x",
          "TAG='v1.0.0'          | TAG='v1.1.0'",
          "TAG=v1.0.0 # was v0.9.0   | TAG=v1.1.0 # was v0.9.0",
          "export TAG=v1.0.0         | export TAG=v1.1.0",
          "TAG = v1.0.0              | TAG = v1.1.0",
        })
    void onlyTheValueChanges(String before, String after) throws IOException {
      String frame = "# TAG=v1.0.0\nA=\"two\nTAG=lines\"\n%s\r\nB='ü'\n";
      file(".env", frame.formatted(before));

      assertThat(applied(change(COMPOSE))).isEqualTo(frame.formatted(after));
    }

    @Test
    void theLastAssignmentCounts() throws IOException {
      file(".env", "TAG=v0.5.0\nTAG=v1.0.0\n");

      assertThat(applied(change(COMPOSE))).isEqualTo("TAG=v0.5.0\nTAG=v1.1.0\n");
    }

    @Test
    void theWholeReferenceCanBeAVariable() throws IOException {
      file(".env", "IMAGE=" + OLD + "\n");

      assertThat(applied(change("services: {gateway: {image: $IMAGE}}")))
          .isEqualTo("IMAGE=" + NEW + "\n");
    }

    @Test
    void anEmptyVariableLeavesTheDefaultInForce() throws IOException {
      file(".env", "TAG=\n");
      String compose = COMPOSE.replace("v0.0.1", "v1.0.0");

      assertThat(applied(change(compose))).isEqualTo(compose.replace("v1.0.0", "v1.1.0"));
    }

    @Test
    void refusesWhenTheEnvironmentWins() throws IOException {
      file(".env", "TAG=v0.9.0\n");
      Path compose = file("compose.yaml", COMPOSE);

      assertThatThrownBy(() -> change(List.of(compose), Map.of("TAG", "v1.0.0")))
          .isInstanceOf(DeployException.Usage.class)
          .hasMessageContaining("variable TAG")
          .hasMessageContaining("environment of this process");
    }

    @Test
    void namesTheServicesThatUseTheVariable() throws IOException {
      file(".env", "TAG=v1.0.0\n");

      ImageEdits.Change change =
          change(COMPOSE + "  admin: {image: 'docker.io/acme/gw:$TAG'}\n  db: {image: 'pg:16'}\n");

      assertThat(change.sharers()).containsExactly("admin");
    }

    @Test
    void refusesAVariableThatAlsoNamesAnotherImage() throws IOException {
      file(".env", "TAG=v1.0.0\n");

      assertThatThrownBy(() -> change(COMPOSE + "  worker: {image: 'acme/worker:${TAG}'}\n"))
          .isInstanceOf(DeployException.Usage.class)
          .hasMessageContaining("service 'worker'")
          .hasMessageContaining("acme/worker:v1.0.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"V=v1.0.0\nTAG=${V}\n", "TAG=\"v1.0\\.0\"\n", "TAG=v0.9.0\n"})
    void refusesAValueThatMeansSomethingElseThanIsWritten(String env) throws IOException {
      file(".env", env);

      assertThatThrownBy(() -> change(COMPOSE)).isInstanceOf(DeployException.Usage.class);
    }
  }
}
