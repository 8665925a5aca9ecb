package io.rackgateway.deploy.driver.convox;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.model.Gate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildContextTest {

  private static final String IMAGE = "services:\n  gateway:\n    image: acme/gw:v1\n";

  @TempDir Path folder;
  private BuildContext context;

  @BeforeEach
  void prepare() throws IOException {
    context =
        new BuildContext(folder.resolve("convox.yml"), Set.of(folder.resolve("backups"), folder));
    Files.writeString(folder.resolve("source"), "text");
  }

  private Gate gate(String manifest) {
    return context.gate(ConvoxManifest.parse("convox.yml", manifest));
  }

  private long packed(String manifest) throws IOException {
    Path archive = context.pack(manifest.getBytes(StandardCharsets.UTF_8), () -> {}).archive();
    try (var tar =
        new org.apache.commons.compress.archivers.tar.TarArchiveInputStream(
            new java.util.zip.GZIPInputStream(Files.newInputStream(archive)))) {
      long count = 0;
      while (tar.getNextEntry() != null) {
        count++;
      }
      return count;
    } finally {
      Files.delete(archive);
    }
  }

  @Test
  void whereEveryServiceRunsAnImageTheManifestAloneIsSent() throws IOException {
    String both = IMAGE + "  web:\n    image: acme/web\n    build: ./nowhere\n";

    assertThat(gate(both).result()).isEqualTo(Gate.Result.PASS);
    assertThat(gate(both).evidence()).contains("the manifest alone");
    assertThat(packed(both)).isEqualTo(1);
  }

  @Test
  void whereOneIsBuiltItsFolderIsSent() throws IOException {
    Files.writeString(folder.resolve("convox.yml"), "");
    Files.writeString(folder.resolve("Dockerfile.web"), "FROM scratch");
    Files.writeString(folder.resolve(".dockerignore"), "Dockerfile*");
    Files.createSymbolicLink(folder.resolve("link"), Path.of("source"));
    String manifest = IMAGE + "  web:\n    build:\n      manifest: Dockerfile.web\n";

    Gate gate = gate(manifest);

    assertThat(gate.result()).isEqualTo(Gate.Result.PASS);
    assertThat(gate.evidence()).contains("4 files (0.1 MB", "symbolic links (1)");
    assertThat(packed(manifest)).isEqualTo(5);
  }

  @Test
  void whatTheRackWouldFailOnIsToldBefore() {
    assertThat(gate(IMAGE + "  web:\n    build: ./web\n").result()).isEqualTo(Gate.Result.BLOCK);
    assertThat(gate(IMAGE + "  web:\n    build: ./web\n").evidence())
        .contains("'web'", "web/Dockerfile", "not there");
    assertThat(gate(IMAGE + "  web: {}\n").evidence()).contains("Dockerfile, which is not there");
    assertThat(gate(IMAGE + "  web:\n    build: ../web\n").evidence())
        .contains("'web'", "../web", "not in the manifest's folder");
    assertThat(gate(IMAGE + "  web:\n    build: ${WEB}\n").result()).isEqualTo(Gate.Result.PASS);
  }
}
