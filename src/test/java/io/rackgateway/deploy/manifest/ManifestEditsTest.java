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
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestEditsTest {

  private static final String CONTENT =
      "services:\n  gateway:\n    image: acme/gw:v1.0.0 # now\n  admin:\n    image: acme/gw:v1.0.0\n";

  @TempDir Path folder;
  private final List<Event> events = new ArrayList<>();
  private final ManifestEdits edits = new ManifestEdits(events::add);
  private Path file;
  private ImageEdits images;
  private ManifestEdit edit;

  @BeforeEach
  void plan() throws IOException {
    file = Files.writeString(folder.resolve("compose.yaml"), CONTENT);
    images = new ImageEdits(List.of(file), null, Map.of());
    edit = images.change("gateway", "acme/gw:v1.0.0", "acme/gw:v1.1.0").edit();
  }

  private void revert() {
    edits.revert(edit, images.locator("gateway", edit));
  }

  @Test
  void planningChangesNothing() {
    assertThat(file).hasContent(CONTENT);
  }

  @Test
  void refusesAFileThatChangedSinceThePlan() throws IOException {
    Files.writeString(file, CONTENT + "# more\n");

    assertThatThrownBy(() -> edits.apply(edit))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining(file + " changed since the plan was made");
    assertThat(file).hasContent(CONTENT + "# more\n");
  }

  @Test
  void keepsPermissionsAndLeavesNoOtherFile() throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-x---"));

    edits.apply(edit);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r-x---");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void writesThroughASymbolicLink() throws IOException {
    Path real = Files.move(file, Files.createDirectory(folder.resolve("real")).resolve("file"));
    Files.createSymbolicLink(file, real);

    edits.apply(edit);

    assertThat(file).isSymbolicLink();
    assertThat(real).content().contains("acme/gw:v1.1.0 # now");
    revert();
    assertThat(real).hasContent(CONTENT);
  }

  @Test
  void putsBackOnlyTheReferenceWhenTheFileWasChangedMeanwhile() throws IOException {
    edits.apply(edit);
    String changed = "# ü\n" + Files.readString(file) + "  more: {}\n";
    Files.writeString(file, changed);

    revert();
    revert();

    assertThat(file).hasContent("# ü\n" + CONTENT + "  more: {}\n");
    assertThat(events)
        .singleElement()
        .satisfies(
            event -> assertThat(((Event.Notice) event).text()).contains(file.toString(), "kept"));
  }

  @Test
  void doesNotTouchAReferenceThatSomebodyElseSetMeanwhile() throws IOException {
    edits.apply(edit);
    String changed = Files.readString(file).replace("v1.1.0 # now", "v1.2.0 # mine");
    Files.writeString(file, changed);

    assertThatThrownBy(this::revert)
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("line 3")
        .hasMessageContaining("acme/gw:v1.2.0");
    assertThat(file).hasContent(changed);
  }

  @Test
  void isContentWithAReferenceThatSomebodyElsePutBack() throws IOException {
    Files.writeString(file, CONTENT + "# more\n");

    revert();

    assertThat(file).hasContent(CONTENT + "# more\n");
    assertThat(events).isEmpty();
  }

  @Test
  void saysWhenTheFileIsGone() throws IOException {
    Files.delete(file);

    assertThatThrownBy(() -> edits.apply(edit))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void findsAVariableAgainByItsName() throws IOException {
    Path env = Files.writeString(folder.resolve(".env"), "A=1\nTAG=v1.0.0\n");
    Files.writeString(file, "services: {gateway: {image: 'acme/gw:$TAG'}}");
    images = new ImageEdits(List.of(file), env, Map.of());
    edit = images.change("gateway", "acme/gw:v1.0.0", "acme/gw:v1.1.0").edit();
    edits.apply(edit);
    Files.writeString(env, "OTHER=v1.1.0\nTAG=v1.1.0\n", StandardCharsets.UTF_8);

    revert();

    assertThat(env).hasContent("OTHER=v1.1.0\nTAG=v1.0.0\n");
    assertThat(images.locator("gateway", edit).find(new byte[0])).isEqualTo(Optional.empty());
  }
}
