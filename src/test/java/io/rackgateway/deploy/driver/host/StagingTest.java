package io.rackgateway.deploy.driver.host;

import static io.rackgateway.deploy.driver.host.HostFixture.NEW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import okio.Buffer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A release comes into {@code releases/} whole, or not at all. */
class StagingTest {

  private static final String RUN = "20260115-031500-7f3a9c";
  private static final Path PROGRAM = Path.of("./rack-gateway-api");

  @TempDir Path folder;
  private Path gateway;
  private Path place;
  private final List<Event> events = new ArrayList<>();

  @BeforeEach
  void makeFolder() throws IOException {
    gateway = Files.createDirectory(folder.resolve("gateway"));
    place = gateway.resolve("releases/v1.1.0");
  }

  @Test
  void anArchiveIsUnpackedWithItsProgramExecutable() throws Exception {
    Path archive = archive(file("rack-gateway-api", 0755), file("web/index.html", 0644));
    staging(archive.toString()).stage(NEW, RUN);
    assertThat(place.resolve("rack-gateway-api")).isExecutable();
    assertThat(place.resolve("web/index.html")).exists();
    assertThat(Files.isExecutable(place.resolve("web/index.html"))).isFalse();
    assertNothingPartial();
  }

  @Test
  void theOneFolderOfAnArchiveIsTheRelease() throws Exception {
    Path archive = archive(file("rack-gateway-1.1.0/rack-gateway-api", 0755));
    staging(archive.toString()).stage(NEW, RUN);
    assertThat(place.resolve("rack-gateway-api")).isExecutable();
    assertNothingPartial();
  }

  @Test
  void aFolderAndASingleProgramWillDoAsWell() throws Exception {
    Path built = Files.createDirectories(folder.resolve("build-1.1.0"));
    Files.writeString(built.resolve("rack-gateway-api"), "#!/bin/sh\n");
    staging(folder + "/build-{version}").stage(NEW, RUN);
    assertThat(place.resolve("rack-gateway-api")).exists();

    Files.delete(place.resolve("rack-gateway-api"));
    Files.delete(place);
    staging(folder + "/build-{version}/rack-gateway-api").stage(NEW, RUN);
    assertThat(place.resolve("rack-gateway-api")).isExecutable();
  }

  @Test
  void aReleaseThatIsThereIsLeftAlone() throws Exception {
    Files.createDirectories(place);
    Files.writeString(place.resolve("rack-gateway-api"), "mine");
    staging(archive(file("rack-gateway-api", 0755)).toString()).stage(NEW, RUN);
    assertThat(place.resolve("rack-gateway-api")).hasContent("mine");
  }

  @Test
  void whatAKilledRunLeftHalfStagedIsRemoved() throws Exception {
    Path partial = gateway.resolve("releases/.v1.1.0.partial-20260101-000000-000000");
    Files.createDirectories(partial.resolve("web"));
    Files.writeString(partial.resolve("web/half"), "half");
    Files.writeString(gateway.resolve("releases/.v1.1.0.partial-x.download"), "half");
    staging(archive(file("rack-gateway-api", 0755)).toString()).stage(NEW, RUN);
    assertThat(place.resolve("web")).doesNotExist();
    assertNothingPartial();
  }

  @Test
  void aReleaseThatIsNowhereIsNamedWithThePlacesLookedIn() {
    assertThatThrownBy(() -> staging(null).stage(NEW, RUN))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("v1.1.0 is not in " + place);
    assertThatThrownBy(() -> staging("/nowhere/{tag}.tar.gz").stage(NEW, RUN))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("/nowhere/v1.1.0.tar.gz");
    assertThat(staging("/nowhere/{tag}.tar.gz").gate(NEW).result()).isEqualTo(Gate.Result.BLOCK);
    assertThat(place).doesNotExist();
  }

  @Test
  void anArchiveThatReachesOutOfItsFolderIsRefused() throws Exception {
    List<TarArchiveEntry> evil =
        List.of(
            file("../outside", 0644),
            link("web", "../../.."),
            link("web", "/etc"),
            new TarArchiveEntry("hard", TarConstants.LF_LINK),
            new TarArchiveEntry("pipe", TarConstants.LF_FIFO));
    for (TarArchiveEntry entry : evil) {
      Path archive = archive(file("rack-gateway-api", 0755), entry);
      assertThatThrownBy(() -> staging(archive.toString()).stage(NEW, RUN))
          .as(entry.getName())
          .isInstanceOf(DeployException.StepFailed.class)
          .hasMessageContaining("the archive's entry " + entry.getName());
      assertThat(place).doesNotExist();
      assertNothingPartial();
    }
    Path behind =
        archive(file("rack-gateway-api", 0755), link("a", "."), file("a/rack-gateway-api", 0755));
    assertThatThrownBy(() -> staging(behind.toString()).stage(NEW, RUN))
        .hasMessageContaining("lies behind a link");
    assertThat(folder.resolve("outside")).doesNotExist();
  }

  @Test
  void aDownloadIsCheckedAgainstTheChecksumBesideIt() throws Exception {
    byte[] archive = Files.readAllBytes(archive(file("rack-gateway-api", 0755)));
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(archive));
    try (MockWebServer server = new MockWebServer()) {
      server.start();
      String url = server.url("/{tag}/gateway.tar.gz?token=hush").toString();
      String plain = URLDecoder.decode(url, StandardCharsets.UTF_8);

      server.enqueue(answer(archive));
      server.enqueue(answer("0000  gateway.tar.gz\n".getBytes(StandardCharsets.UTF_8)));
      assertThatThrownBy(() -> staging(plain).stage(NEW, RUN))
          .hasMessageContaining("but its .sha256 says 0000")
          .hasMessageNotContaining("hush");
      assertThat(place).doesNotExist();
      assertNothingPartial();

      server.enqueue(answer(archive));
      server.enqueue(answer((sha256 + "  gateway.tar.gz\n").getBytes(StandardCharsets.UTF_8)));
      staging(plain).stage(NEW, RUN);
      assertThat(place.resolve("rack-gateway-api")).isExecutable();
      assertThat(server.takeRequest().getTarget()).isEqualTo("/v1.1.0/gateway.tar.gz?token=hush");
      assertThat(server.takeRequest().getTarget())
          .isEqualTo("/v1.1.0/gateway.tar.gz.sha256?token=hush");
      assertNothingPartial();
    }
  }

  @Test
  void aDownloadWithoutAChecksumIsTakenAndSaidSo() throws Exception {
    byte[] archive = Files.readAllBytes(archive(file("rack-gateway-api", 0755)));
    try (MockWebServer server = new MockWebServer()) {
      server.start();
      String url = server.url("/gateway.tar.gz").toString();
      server.enqueue(answer(archive));
      server.enqueue(new MockResponse.Builder().code(404).build());
      staging(url).stage(NEW, RUN);
      assertThat(place.resolve("rack-gateway-api")).isExecutable();
      assertThat(events.toString()).contains("has no .sha256 beside it");
    }
  }

  @Test
  void aDownloadThatIsNotThereFails() throws Exception {
    try (MockWebServer server = new MockWebServer()) {
      server.start();
      String url = server.url("/gateway.tar.gz").toString();
      server.enqueue(new MockResponse.Builder().code(403).build());
      assertThatThrownBy(() -> staging(url).stage(NEW, RUN)).hasMessageContaining("answered 403");
    }
  }

  private Staging staging(String artifact) {
    return new Staging(
        new Releases(gateway), artifact, PROGRAM, new Download(new OkHttpClient(), events::add));
  }

  private void assertNothingPartial() throws IOException {
    try (Stream<Path> children = Files.list(gateway.resolve("releases"))) {
      assertThat(children.map(child -> child.getFileName().toString()))
          .noneMatch(name -> name.startsWith("."));
    }
  }

  private static MockResponse answer(byte[] body) {
    return new MockResponse.Builder().body(new Buffer().write(body)).build();
  }

  private static TarArchiveEntry file(String name, int mode) {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setMode(mode);
    entry.setSize(4);
    return entry;
  }

  private static TarArchiveEntry link(String name, String target) {
    TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
    entry.setLinkName(target);
    return entry;
  }

  private Path archive(TarArchiveEntry... entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
      for (TarArchiveEntry entry : entries) {
        tar.putArchiveEntry(entry);
        if (entry.getSize() > 0) {
          tar.write("text".getBytes(StandardCharsets.UTF_8));
        }
        tar.closeArchiveEntry();
      }
    }
    Path file = folder.resolve("gateway.tar.gz");
    Files.write(file, bytes.toByteArray());
    return file;
  }
}
