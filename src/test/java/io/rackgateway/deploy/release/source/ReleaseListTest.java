package io.rackgateway.deploy.release.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.release.Release;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReleaseListTest {

  private static final String ONE =
      """
      {"url": "https://api.github.com/repos/o/r/releases/1", "id": 1, "tag_name": "v1.2.0",
       "html_url": "https://github.com/o/r/releases/tag/v1.2.0", "name": "1.2", "draft": false,
       "prerelease": false, "published_at": "2026-01-05T09:30:00Z", "assets": [],
       "author": {"login": "octocat"}, "body": "## Changes\\r\\n\\r\\n* all of it"}
      """;
  private static final String OTHER = "{\"tag_name\": \"v1.1.0\", \"body\": null}";

  @Test
  void whatGitHubSaysOfAReleaseIsRead() throws Malformed {
    assertThat(read("[" + ONE + "]"))
        .singleElement()
        .satisfies(
            release -> {
              assertThat(release.version()).hasToString("v1.2.0");
              assertThat(release.tag()).isEqualTo("v1.2.0");
              assertThat(release.url()).isEqualTo("https://github.com/o/r/releases/tag/v1.2.0");
              assertThat(release.notes()).isEqualTo("## Changes\r\n\r\n* all of it");
              assertThat(release.preRelease()).isFalse();
              assertThat(release.publishedAt()).isEqualTo(Instant.parse("2026-01-05T09:30:00Z"));
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"[%s, %s]", "[[%s], [%s]]", "[[%s, %s], []]", "[%s]\n[%s]\n"})
  void listsComeAsToolsWriteThem(String form) throws Malformed {
    assertThat(read(form.formatted(ONE, OTHER)))
        .extracting(Release::tag)
        .containsExactly("v1.2.0", "v1.1.0");
  }

  @Test
  void draftsAndTagsThatAreNoVersionAreLeftOut() throws Malformed {
    assertThat(
            read(
                """
                [{"tag_name": "v2.0.0", "draft": true}, {"tag_name": "nightly"},
                 {"tag_name": "cli/v1.0.0"}, {"tag_name": "v1"}, {"tag_name": ""},
                 {"tag_name": "v99999999999999999999.0.0"}, {"tag_name": "1.0.0"}]
                """))
        .extracting(Release::tag)
        .containsExactly("1.0.0");
  }

  @Test
  void aPreReleaseIsOneByItsMarkOrItsVersion() throws Malformed {
    assertThat(
            read(
                """
                [{"tag_name": "v1.0.0", "prerelease": true}, {"tag_name": "v1.1.0-rc.1"},
                 {"tag_name": "v0.1.0"}]
                """))
        .extracting(Release::preRelease)
        .containsExactly(true, true, false);
  }

  @Test
  void whatIsWrittenIsReadTheSame() throws Malformed {
    List<Release> releases = read("[" + ONE + "," + OTHER + "]");

    assertThat(read(ReleaseList.write(releases))).isEqualTo(releases);
  }

  @Test
  void theNewestVersionComesFirstAndEachTagOnce() throws Malformed {
    List<Release> releases =
        read(
            """
            [{"tag_name": "v1.2.9"}, {"tag_name": "v1.10.0"}, {"tag_name": "v1.10.0-rc.2"},
             {"tag_name": "v1.2.10"}, {"tag_name": "v1.2.9"}]
            """);

    assertThat(ReleaseList.inOrder(releases))
        .extracting(Release::tag)
        .containsExactly("v1.10.0", "v1.10.0-rc.2", "v1.2.10", "v1.2.9");
  }

  @Test
  void notesOfMegabytesAreRead() throws Malformed {
    String notes = "* x".repeat(1 << 20);

    assertThat(read("[{\"tag_name\": \"v1.0.0\", \"body\": \"" + notes + "\"}]").get(0).notes())
        .hasSize(notes.length());
  }

  @Test
  void aLinkThatIsNoWebAddressIsNoLink() throws Malformed {
    assertThat(read("[{\"tag_name\": \"v1.0.0\", \"html_url\": \"https://x/\\u001b[2J\"}]"))
        .extracting(Release::url)
        .containsExactly("");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[{\"tag_name\": \"v1.0   | ends in the middle, at line 1, column ",
        "[{\"tag_name\": \"v1.0.0\"}, | ends in the middle, at line 1, column ",
        "<!DOCTYPE html>          | is no JSON, at line 1, column ",
        "[{'tag_name': 1}]        | is no JSON, at line 1, column ",
        "{\"message\": \"Not Found\"} | is an object instead of a list of releases: Not Found",
        "\"releases\"             | is a text instead of a list of releases",
        "[1]                      | has a number as release 1",
        "[{\"tag_name\": \"v1.0.0\"}, {\"name\": \"x\"}] | has no tag_name for release 2",
        "[{\"tag_name\": 1}]      | has no text as tag_name of release 1",
        "[{\"tag_name\": \"v1.0.0\", \"body\": []}] | has no text as body of release 1",
        "[{\"tag_name\": \"v1.0.0\", \"draft\": \"no\"}] | neither true nor false as draft",
        "``                       | is empty",
      })
  void whatIsNoListIsToldWithItsPlace(String json, String problem) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining(problem);
  }

  @Test
  void nestingWithoutEndIsRefused() {
    assertThatThrownBy(() -> read("[".repeat(100_000))).isInstanceOf(Malformed.class);
  }

  private static List<Release> read(String json) throws Malformed {
    return ReleaseList.read(json.getBytes(StandardCharsets.UTF_8));
  }
}
