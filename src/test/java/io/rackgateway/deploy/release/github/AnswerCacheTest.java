package io.rackgateway.deploy.release.github;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.release.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerCacheTest extends GitHubCase {

  @BeforeEach
  void publish() {
    gitHub
        .release("v1.0.0", "first")
        .source("v1.0.0", Map.of("convox.yml", "a: 1\n", "other.yml", "b: 2\n"));
  }

  @Test
  void whatChangedIsReadAnew() {
    assertThat(client().releases()).extracting(Release::notes).containsExactly("first");
    gitHub.notes("v1.0.0", "**Breaking**");

    assertThat(client().releases()).extracting(Release::notes).containsExactly("**Breaking**");
    assertThat(client().releases()).extracting(Release::notes).containsExactly("**Breaking**");
    assertThat(gitHub.notModified()).isEqualTo(1);
  }

  @Test
  void aTagThatWasMovedIsReadAnew() {
    assertThat(client().files("v1.0.0").manifest()).isEqualTo("a: 1\n");
    gitHub.source("v1.0.0", Map.of("convox.yml", "a: 2\n"));

    assertThat(client().files("v1.0.0").manifest()).isEqualTo("a: 2\n");
  }

  @Test
  void whoLooksForAnotherManifestDoesNotGetTheOne() {
    assertThat(client().files("v1.0.0").manifest()).isEqualTo("a: 1\n");

    GitHubReleases other = client(gitHub.config(null), Duration.ofSeconds(15), "other.yml");

    assertThat(other.files("v1.0.0").manifest()).isEqualTo("b: 2\n");
  }

  @Test
  void whoShowsATokenAndWhoDoesNotDoNotShareAnswers() {
    assertThat(tags(client())).hasSize(1);
    assertThat(tags(clientWithToken())).hasSize(1);

    assertThat(gitHub.conditional()).isZero();
  }

  @Test
  void onlyTheUserMayReadWhatIsKeptAndTheTokenIsNotIn() throws IOException {
    clientWithToken().releases();
    clientWithToken().files("v1.0.0");

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cache())))
        .isEqualTo("rwx------");
    assertThat(kept()).hasSize(2);
    for (Path file : kept()) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      assertThat(Files.readString(file)).doesNotContain(TOKEN);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "{", "\u0000\u0001", "empty", "half", "changed"})
  void aBrokenFileCountsAsMissingAndIsReplaced(String damage) throws IOException {
    client().releases();
    Path file = kept().get(0);
    String whole = Files.readString(file);
    Files.writeString(
        file,
        switch (damage) {
          case "half" -> whole.substring(0, whole.length() / 2);
          case "changed" -> whole.replace("first", "worst");
          default -> damage;
        });

    assertThat(client().releases()).extracting(Release::notes).containsExactly("first");

    assertThat(gitHub.conditional()).isZero();
    assertThat(Files.readString(file)).isEqualTo(whole);
  }

  @Test
  void bytesThatAreNoTextCountAsMissing() throws IOException {
    client().releases();
    Files.write(kept().get(0), new byte[] {(byte) 0xff, (byte) 0xfe, '\n', (byte) 0xff});

    assertThat(tags(client())).containsExactly("v1.0.0");
  }

  @Test
  void manyRunsMayShareOneFolder() throws Exception {
    ExecutorService runs = Executors.newFixedThreadPool(8);
    try {
      List<Future<List<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        String notes = "notes " + i;
        answers.add(
            runs.submit(
                () -> {
                  gitHub.notes("v1.0.0", notes);
                  return tags(client());
                }));
      }
      for (Future<List<String>> answer : answers) {
        assertThat(answer.get()).containsExactly("v1.0.0");
      }
    } finally {
      runs.shutdownNow();
    }

    assertThat(kept()).hasSize(1);
    gitHub.forgetCalls();
    gitHub.notes("v1.0.0", "last");
    assertThat(client().releases()).extracting(Release::notes).containsExactly("last");
  }

  @Test
  void aFolderThatCannotBeWrittenIsToldOnceAndDoesNoHarm() throws IOException {
    Files.writeString(cache().getParent().getParent().resolve("state"), "a file in the way");
    GitHubReleases client = client();

    assertThat(tags(client)).containsExactly("v1.0.0");
    assertThat(client.files("v1.0.0").manifest()).isEqualTo("a: 1\n");

    assertThat(events)
        .singleElement()
        .satisfies(
            event ->
                assertThat(((Event.Notice) event).text())
                    .startsWith("answers cannot be kept in releases.cache"));
  }

  @Test
  void theFolderStaysSmall() throws IOException {
    AnswerCache small = cache(2_000);
    for (int i = 0; i < 5; i++) {
      now = now.plusSeconds(60);
      small.keep("key " + i, answer("-".repeat(600)));
      small.confirm("key 0");
    }

    assertThat(small.find("key 0")).as("what is still in use stays").isPresent();
    assertThat(small.find("key 1")).isEmpty();
    assertThat(small.find("key 4")).isPresent();
    assertThat(kept()).hasSizeBetween(1, 2);
  }

  @Test
  void whatAKilledRunLeftIsRemovedAndOtherFilesAreNot() throws IOException {
    Files.createDirectories(cache());
    Path old = Files.createFile(cache().resolve(".1.answer.new"));
    Path recent = Files.createFile(cache().resolve(".2.answer.new"));
    Path other = Files.createFile(cache().resolve("notes.txt"));
    Files.setLastModifiedTime(old, FileTime.from(now.minus(Duration.ofHours(2))));
    Files.setLastModifiedTime(recent, FileTime.from(now.minus(Duration.ofMinutes(2))));

    cache(10_000).keep("key", answer("x"));

    assertThat(old).doesNotExist();
    assertThat(recent).exists();
    assertThat(other).exists();
  }

  @Test
  void anAnswerThatCannotBeConfirmedIsNotKept() {
    AnswerCache cache = cache(10_000);

    cache.keep("key", new KeptAnswer(null, null, null, "x", now));

    assertThat(cache.find("key")).isEmpty();
  }

  @Test
  void whatIsKeptComesBackWhole() {
    AnswerCache cache = cache(100_000);
    KeptAnswer answer =
        new KeptAnswer(null, "Mon, 05 Jan 2026 09:30:00 GMT", "http://next/", "ä\n\u0001€😀", now);

    cache.keep("key", answer);

    assertThat(cache.find("key")).contains(answer);
    assertThat(cache.find("another")).isEmpty();
  }

  private AnswerCache cache(long mostBytes) {
    return new AnswerCache(cache(), clock, events::add, new CacheLimit(mostBytes));
  }

  private KeptAnswer answer(String content) {
    return new KeptAnswer("\"etag\"", null, null, content, now);
  }

  private List<Path> kept() throws IOException {
    try (Stream<Path> files = Files.list(cache())) {
      return files.toList();
    }
  }
}
