package io.rackgateway.deploy.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.ManifestEdit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever the file looks like: one reference changes, and undoing it gives the same bytes. The
 * files are drawn from a fixed seed; a failure shows the file.
 */
class ImageEditsPropertyTest {

  private static final int FILES = 150;
  private static final String PLACE = "\u0000";

  private static final List<String> REMARKS =
      List.of(
          "#", "# image: acme/gw:v1.0.0", "# Gerät 日本 🚀", "x-a: &a {tty: true}", "", "x-é: 'ü'");
  private static final List<String> SERVICES =
      List.of(
          "  db: {image: 'postgres:16'}",
          "  other:\n    image: acme/gw:v1.0.0\n    command: [\"a\", 'ü']",
          "  日本:\n    image: \"acme/gw:v1.0.0\" # 🚀",
          "  multi:\n    command: |\n      image: acme/gw:v1.0.0\n      ünd");
  private static final List<String> FORMS =
      List.of(
          "image: %s",
          "image: '%s'",
          "image: \"%s\"",
          "image:   %s  # ß",
          "image: &i '%s'",
          "'image': %s",
          "image: ${GW:-%s}",
          "? image\n    : %s");

  private final Random random = new Random(20260115);

  @Test
  void applyingChangesTheReferenceAloneAndRevertingGivesTheSameBytes(@TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("compose.yaml");
    ManifestEdits edits = new ManifestEdits(Events.none());
    for (int i = 0; i < FILES; i++) {
      String template = template();
      byte[] before = filled(template, "acme/gw:v1.0.0");
      Files.write(file, before);
      ManifestEdit edit =
          new ImageEdits(List.of(file), null, Map.of())
              .change("gateway", "acme/gw:v1.0.0", "acme/gw:v1.1.0-rc.1")
              .edit();

      edits.apply(edit);
      assertThat(Files.readAllBytes(file))
          .as(template)
          .isEqualTo(filled(template, "acme/gw:v1.1.0-rc.1"));
      edits.revert(edit, content -> Optional.empty());

      assertThat(Files.readAllBytes(file)).as(template).isEqualTo(before);
    }
  }

  private static byte[] filled(String template, String reference) {
    return template.replace(PLACE, reference).getBytes(StandardCharsets.UTF_8);
  }

  private String template() {
    List<String> services = some(SERVICES);
    services.add(
        random.nextInt(services.size() + 1),
        "  gateway:\n    tty: true\n    " + one(FORMS).formatted(PLACE));
    List<String> lines = some(REMARKS);
    lines.add("services:");
    lines.addAll(services);
    String text = String.join("\n", lines) + one(List.of("", "\n", "\n\n"));
    return one(List.of("", "\uFEFF")) + text.replace("\n", one(List.of("\n", "\r\n")));
  }

  private String one(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private List<String> some(List<String> choices) {
    List<String> shuffled = new ArrayList<>(choices);
    Collections.shuffle(shuffled, random);
    return new ArrayList<>(shuffled.subList(0, random.nextInt(choices.size() + 1)));
  }
}
