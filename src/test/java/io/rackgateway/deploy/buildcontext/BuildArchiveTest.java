package io.rackgateway.deploy.buildcontext;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.rackgateway.deploy.model.DeployException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is sent of a folder, and how. */
class BuildArchiveTest {

  private static final BuildSelection PLAIN = new BuildSelection(Set.of(), Set.of());

  @TempDir Path temporary;
  private Path folder;

  @BeforeEach
  void prepare() throws IOException {
    folder = Files.createDirectory(temporary.resolve("app"));
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private List<String> sent(BuildSelection selection) {
    return BuildFiles.of(folder, selection).files().stream().map(ContextFile::name).toList();
  }

  private List<TarArchiveEntry> packed(Map<String, byte[]> contents) {
    Path archive = new BuildArchive(contents, () -> {}).pack(BuildFiles.of(folder, PLAIN));
    List<TarArchiveEntry> entries = new ArrayList<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            new GZIPInputStream(Files.newInputStream(archive)), UTF_8.name())) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        entries.add(entry);
      }
      Files.delete(archive);
      return entries;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] bytes() throws IOException {
    Path archive =
        new BuildArchive(Map.of("convox.yml", "edited".getBytes(UTF_8)), () -> {})
            .pack(BuildFiles.of(folder, PLAIN));
    byte[] bytes = Files.readAllBytes(archive);
    Files.delete(archive);
    return bytes;
  }

  @Test
  void everythingThatIsNotIgnoredIsSentInTheOrderOfNames() throws IOException {
    write(".dockerignore", "secret\n*.log\n");
    write("b/file", "");
    write("b.txt", "");
    write("a.log", "");
    write("secret/key", "");
    Files.createDirectory(folder.resolve("empty"));

    assertThat(sent(PLAIN)).containsExactly(".dockerignore", "b", "b/file", "b.txt", "empty");
  }

  @Test
  void aFolderIsEnteredForWhatIsSentAfterAll() throws IOException {
    write(".dockerignore", "*\n!web/public/**\n.dockerignore\nDockerfile\n");
    write("web/public/index.html", "");
    write("web/private/key", "");
    write("other/file", "");
    write("deep/er/Dockerfile", "");
    write("Dockerfile", "");

    assertThat(sent(new BuildSelection(Set.of("deep/er/Dockerfile", "Dockerfile"), Set.of())))
        .containsExactly(
            ".dockerignore",
            "Dockerfile",
            "deep",
            "deep/er",
            "deep/er/Dockerfile",
            "web",
            "web/public",
            "web/public/index.html");
  }

  @Test
  void theToolsOwnFoldersAreNeverSent() throws IOException {
    write(".rack-gateway/journal.mv.db", "");
    write("backups/dump", "");
    write("file", "");

    Set<Path> own = Set.of(folder.resolve(".rack-gateway"), folder.resolve("./backups"));

    assertThat(sent(new BuildSelection(Set.of(), own))).containsExactly("file");
  }

  @Test
  void linksStayLinksAndWhatIsNoFileIsSkipped() throws IOException {
    write("real/file", "text");
    Files.writeString(temporary.resolve("outside"), "secret");
    Files.createSymbolicLink(folder.resolve("link"), Path.of("real"));
    Files.createSymbolicLink(folder.resolve("out"), Path.of("../outside"));
    Files.createSymbolicLink(folder.resolve("nowhere"), Path.of("gone"));
    Path socket = folder.resolve("socket");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));

      List<TarArchiveEntry> entries = packed(Map.of());

      assertThat(entries)
          .extracting(TarArchiveEntry::getName, TarArchiveEntry::getLinkName)
          .containsExactly(
              tuple("link", "real"),
              tuple("nowhere", "gone"),
              tuple("out", "../outside"),
              tuple("real/", ""),
              tuple("real/file", ""));
    }
  }

  @Test
  void theSameFilesGiveTheSameBytesWhateverTheirTimes() throws IOException {
    write("convox.yml", "as it is");
    write("ü/" + "long-name/".repeat(20) + "file", "text");
    Path script = folder.resolve("run");
    write("run", "#!/bin/sh");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-x---"));

    byte[] first = bytes();
    Files.setLastModifiedTime(script, FileTime.from(Instant.EPOCH));
    Files.move(folder.resolve("convox.yml"), temporary.resolve("moved"));
    write("convox.yml", "another");

    assertThat(bytes()).isEqualTo(first);
    List<TarArchiveEntry> entries = packed(Map.of("convox.yml", "edited".getBytes(UTF_8)));
    assertThat(entries)
        .allMatch(entry -> entry.getLongUserId() == 0 && entry.getLongGroupId() == 0)
        .allMatch(entry -> entry.getLastModifiedTime().toMillis() == 0)
        .filteredOn(entry -> entry.getName().equals("run"))
        .singleElement()
        .satisfies(entry -> assertThat(entry.getMode()).isEqualTo(0100750));
    assertThat(entries)
        .filteredOn(entry -> entry.getName().equals("convox.yml"))
        .singleElement()
        .satisfies(entry -> assertThat(entry.getSize()).isEqualTo("edited".length()));
    assertThat(entries).anyMatch(entry -> entry.getName().startsWith("ü/long-name/"));
    assertThat(Files.readString(folder.resolve("convox.yml"))).isEqualTo("another");
  }

  @Test
  void whatIsAbsurdlyLargeIsToldWithTheFolderThatMakesItSo() throws IOException {
    write("src/main", "text");
    write("web/node_modules/left/index.js", "x".repeat(900));
    write("web/node_modules/right/index.js", "x".repeat(900));

    assertThatThrownBy(() -> BuildFiles.of(folder, PLAIN, new BuildFiles.Limit(1000, 100)))
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("the largest folder is web/node_modules with")
        .satisfies(e -> assertThat(next(e)).contains(".dockerignore"));
    assertThatThrownBy(() -> BuildFiles.of(folder, PLAIN, new BuildFiles.Limit(10_000, 4)))
        .hasMessageContaining("more than the 4 files");
    write(".dockerignore", "**/node_modules");
    assertThat(BuildFiles.of(folder, PLAIN, new BuildFiles.Limit(1000, 100)).count()).isEqualTo(2);
  }

  @Test
  void aFileThatCannotBeReadIsNamedAndNeedNotBeSent() throws IOException {
    write("secret", "text");
    Files.setPosixFilePermissions(folder.resolve("secret"), Set.of());
    assumeFalse(Files.isReadable(folder.resolve("secret")), "root reads everything");

    assertThatThrownBy(() -> sent(PLAIN))
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("app/secret cannot be sent to be built: permission denied");
    write(".dockerignore", "secret");
    assertThat(sent(PLAIN)).containsExactly(".dockerignore");
  }

  @Test
  void aFileThatChangesMeanwhileEndsThePacking() throws IOException {
    write("file", "text");
    BuildFiles before = BuildFiles.of(folder, PLAIN);
    write("file", "more text");

    assertThatThrownBy(() -> new BuildArchive(Map.of(), () -> {}).pack(before))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("app/file")
        .hasMessageContaining("changed meanwhile");
    Files.delete(folder.resolve("file"));
    assertThatThrownBy(() -> new BuildArchive(Map.of(), () -> {}).pack(before))
        .hasMessageContaining("no such file");
  }

  private static String next(Throwable thrown) {
    return ((DeployException) thrown).problem().next();
  }
}
