package io.rackgateway.deploy.release.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.config.ReleaseFileConfig;
import io.rackgateway.deploy.config.ReleasesConfig;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.release.Release;
import io.rackgateway.deploy.testing.TarGzBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileReleasesTest {

  private static final String MIGRATION =
      "internal/gateway/db/migrations/20251008173101_extensions.sql";

  @TempDir Path folder;

  @Test
  void releasesAreReadNewestFirst() throws IOException {
    FileReleases source = source("[[{\"tag_name\": \"v1.0.0\"}], [{\"tag_name\": \"v1.1.0\"}]]");

    assertThat(source.releases()).extracting(Release::tag).containsExactly("v1.1.0", "v1.0.0");
    assertThat(source.location()).isEqualTo(folder.resolve("releases.json").toString());
  }

  @Test
  void theSourceIsAnArchiveOrAFolder() throws IOException {
    Files.write(
        folder.resolve("v1.0.0.tar.gz"),
        TarGzBuilder.of("x", Map.of("convox.yml", "a: 1\n", MIGRATION, "SELECT 1;\n")));
    Path tree = folder.resolve("v1.1.0");
    Files.createDirectories(tree.resolve(MIGRATION).getParent());
    Files.writeString(tree.resolve("convox.yml"), "a: 1\n");
    Files.writeString(tree.resolve(MIGRATION), "SELECT 1;\n");
    FileReleases source = source("[]");

    assertThat(source.files("v1.1.0")).isEqualTo(source.files("v1.0.0"));
    assertThat(source.files("v1.1.0").manifest()).isEqualTo("a: 1\n");
    assertThat(source.files("v1.1.0").migrations())
        .singleElement()
        .satisfies(
            migration -> {
              assertThat(migration.version()).isEqualTo("20251008173101");
              assertThat(migration.path()).isEqualTo(MIGRATION);
              assertThat(migration.sql()).isEqualTo("SELECT 1;\n");
            });
  }

  @Test
  void whatIsMissingOrBrokenIsNamed() throws IOException {
    FileReleases source = source("[{\"tag_name\"");
    Files.writeString(folder.resolve("v1.0.0.tar.gz"), "no archive");
    Files.createDirectory(folder.resolve("v1.1.0"));

    assertBlocked(
        source::releases,
        "the file of releases " + folder.resolve("releases.json") + " ends in the middle, at line");
    assertBlocked(() -> source.files("v1.0.0"), "v1.0.0.tar.gz is no archive in the form tar.gz");
    assertBlocked(() -> source.files("v1.1.0"), "v1.1.0 holds nothing");
    assertBlocked(
        () -> source.files("v1.2.0"),
        "the source of v1.2.0 is missing: neither " + folder.resolve("v1.2.0.tar.gz"));
    assertBlocked(() -> source.files("../v1.0.0"), "'../v1.0.0' is no tag of a release");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertBlocked(
        source(folder.resolve("none.json"), folder)::releases,
        "the file of releases cannot be read: no such file or folder: ");
  }

  @Test
  void withoutAFolderOfSourcesThereAreNone() throws IOException {
    Path notes = Files.writeString(folder.resolve("releases.json"), "[]");

    assertBlocked(
        () -> source(notes, null).files("v1.0.0"), "releases.file.source is not configured");
  }

  private FileReleases source(String json) throws IOException {
    return source(Files.writeString(folder.resolve("releases.json"), json), folder);
  }

  private FileReleases source(Path notes, Path sources) {
    ReleaseFileConfig file = new ReleaseFileConfig(notes, sources);
    return new FileReleases(
        file,
        new ReleasesConfig(
            null,
            file,
            null,
            false,
            "internal/gateway/db/migrations",
            "convox.yml",
            folder.resolve("cache")));
  }

  private static void assertBlocked(Runnable what, String summary) {
    assertThatThrownBy(what::run)
        .isInstanceOf(DeployException.Blocked.class)
        .hasMessageContaining(summary);
  }
}
