package io.rackgateway.deploy.release.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.release.ReleaseFiles;
import io.rackgateway.deploy.release.ReleaseFiles.MigrationFile;
import io.rackgateway.deploy.testing.TarGzBuilder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceArchiveTest {

  private static final String FOLDER = "internal/gateway/db/migrations";
  private static final SourceLayout LAYOUT = new SourceLayout("convox.yml", FOLDER);
  private static final Map<String, String> FILES =
      new TreeMap<>(
          Map.of(
              "README.md",
              "# Rack Gateway",
              "convox.yml",
              "services: {}\n",
              "docs/convox.yml",
              "not: this\n",
              FOLDER + "/20251113000000_b.sql",
              "ALTER TABLE b ADD c int;\n",
              FOLDER + "/20251008173101_a.sql",
              "CREATE TABLE a ();\n",
              FOLDER + "/README.md",
              "how to",
              FOLDER + "/2025_c.sql",
              "no version",
              FOLDER + "/old/20240101000000_o.sql",
              "not applied"));

  @ParameterizedTest
  @ValueSource(strings = {"DocSpring-rack-gateway-1a2b3c4", "x", "", "."})
  void theManifestAndTheMigrationsAreFoundInTheTopFolderOrWithoutOne(String top)
      throws IOException {
    assertFound(read(TarGzBuilder.of(top, FILES)));
  }

  private static void assertFound(ReleaseFiles files) {
    assertThat(files.manifest()).isEqualTo("services: {}\n");
    assertThat(files.migrations())
        .containsExactly(
            new MigrationFile(
                "20251008173101", FOLDER + "/20251008173101_a.sql", "CREATE TABLE a ();\n"),
            new MigrationFile(
                "20251113000000", FOLDER + "/20251113000000_b.sql", "ALTER TABLE b ADD c int;\n"));
  }

  @Test
  void pathsOfTheLayoutMayBeWrittenLoosely() throws IOException {
    byte[] archive = TarGzBuilder.of("x", FILES);

    assertFound(
        SourceArchive.read(
            new ByteArrayInputStream(archive),
            new SourceLayout("./convox.yml", "/" + FOLDER + "/")));
  }

  @Test
  void aSourceWithoutThemHasNone() throws IOException {
    assertThat(read(TarGzBuilder.of("x", Map.of("README.md", "# Rack Gateway"))))
        .isEqualTo(new ReleaseFiles(null, List.of()));
  }

  @Test
  void foldersAndLinksElsewhereDoNoHarm() throws IOException {
    byte[] archive =
        new TarGzBuilder()
            .folder("x")
            .folder("x/convox.yml.d")
            .link("x/etc", "/etc/passwd")
            .file("x/../../convox.yml", "evil: true\n")
            .file("x/convox.yml", "services: {}\n")
            .build();

    assertThat(read(archive).manifest()).isEqualTo("services: {}\n");
  }

  @Test
  void aLinkIsNoManifest() {
    byte[] archive = new TarGzBuilder().link("x/convox.yml", "/etc/passwd").build();

    assertProblem(archive, "holds x/convox.yml, which is no file but a link");
  }

  @Test
  void whatIsTooLargeIsRefused() {
    String large = "-".repeat((1 << 20) + 1);

    assertProblem(
        new TarGzBuilder().file("x/convox.yml", large).build(),
        "holds x/convox.yml of more than 1 MiB");
  }

  @Test
  void manyMigrationsAreRefusedTogether() {
    TarGzBuilder builder = new TarGzBuilder();
    String large = "-".repeat(1 << 20);
    for (int i = 0; i < 17; i++) {
      builder.file("x/" + FOLDER + "/2025010100%04d_m.sql".formatted(i), large);
    }

    assertProblem(builder.build(), "holds migrations of more than 16 MiB");
  }

  @Test
  void anArchiveThatUnpacksWithoutEndIsRefused() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes, 1 << 16)) {
      byte[] header =
          Arrays.copyOf(unzipped(new TarGzBuilder().file("x/README.md", "a").build()), 512);
      gzip.write(header);
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 520; i++) {
        gzip.write(zeros);
      }
    }

    assertProblem(bytes.toByteArray(), "unpacks to more than 512 MiB");
  }

  @Test
  void anArchiveThatIsCutOffAnywhereIsToldToEndInTheMiddle() {
    byte[] whole = TarGzBuilder.of("x", FILES);

    for (int length = 11; length < whole.length; length += 7) {
      assertProblem(Arrays.copyOf(whole, length), "ends in the middle");
    }
  }

  @Test
  void aChangedByteIsNoticedWhereverItIs() {
    byte[] whole = TarGzBuilder.of("x", FILES);

    // The header of ten bytes holds a time and the like.
    for (int at = 10; at < whole.length; at++) {
      byte[] changed = whole.clone();
      changed[at] ^= 0x55;
      assertThatThrownBy(() -> read(changed)).isInstanceOf(Malformed.class);
    }
  }

  @Test
  void somethingElseIsNoArchive() {
    assertProblem("<html>Sign in</html>".getBytes(StandardCharsets.UTF_8), "is no archive in the");
    assertProblem(new byte[0], "ends in the middle");
    assertProblem(new TarGzBuilder().build(), "holds nothing");
  }

  @Test
  void aFailureOfTheStreamItselfIsNotTheArchives() {
    byte[] half = Arrays.copyOf(TarGzBuilder.of("x", FILES), 100);
    IOException broken = new IOException("the cable");
    InputStream in =
        new SequenceInputStream(
            new ByteArrayInputStream(half),
            new InputStream() {
              @Override
              public int read() throws IOException {
                throw broken;
              }

              @Override
              public int read(byte[] buffer, int offset, int length) throws IOException {
                throw broken;
              }
            });

    assertThatThrownBy(() -> SourceArchive.read(in, LAYOUT)).isSameAs(broken);
  }

  private static byte[] unzipped(byte[] archive) throws IOException {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(archive))) {
      return in.readAllBytes();
    }
  }

  private static ReleaseFiles read(byte[] archive) throws IOException {
    return SourceArchive.read(new ByteArrayInputStream(archive), LAYOUT);
  }

  private static void assertProblem(byte[] archive, String problem) {
    assertThatThrownBy(() -> read(archive))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining(problem);
  }
}
