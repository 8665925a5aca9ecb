package io.rackgateway.deploy.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Version;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetsTest {

  private final Targets stable =
      targets(
          false,
          "v1.2.0",
          "v1.2.1",
          "v1.2.10",
          "v1.2.9",
          "v1.3.0",
          "v1.4.0-rc.1",
          "v2.0.0",
          "v2.1.0-beta.2",
          "v2.1.0-beta.11");

  @ParameterizedTest
  @CsvSource({
    "latest,       v1.2.0, v2.0.0",
    "latest-minor, v1.2.0, v1.3.0",
    "latest-patch, v1.2.0, v1.2.10",
    "latest-patch, v1.3.0, v1.3.0",
    "latest-minor, v2.0.0, v2.0.0",
  })
  void theNewestStableReleaseOfAKind(String word, String current, String expected) {
    assertThat(stable.newest(Newest.of(word).orElseThrow(), version(current)).tag())
        .isEqualTo(expected);
  }

  @Test
  void preReleasesCountWhenAskedFor() {
    Targets all = new Targets(stable.releases(), true);

    assertThat(all.newest(Newest.LATEST, version("v1.2.0")).tag()).isEqualTo("v2.1.0-beta.11");
    assertThat(all.newest(Newest.LATEST_MINOR, version("v1.2.0")).tag()).isEqualTo("v1.4.0-rc.1");
    assertThat(tags(all.between(version("v1.3.0"), version("v2.1.0-beta.2"))))
        .containsExactly("v1.4.0-rc.1", "v2.0.0", "v2.1.0-beta.2");
  }

  @Test
  void theNewestIsNeverOlderThanWhatRuns() {
    assertThatThrownBy(() -> stable.newest(Newest.LATEST, version("v2.1.0-beta.2")))
        .isInstanceOf(DeployException.Blocked.class)
        .hasMessage("there is no stable release from v2.1.0-beta.2 on; the newest is v2.0.0");
    assertThatThrownBy(() -> stable.newest(Newest.LATEST_PATCH, version("v1.9.0")))
        .hasMessageContaining("no stable release of v1.9 from v1.9.0 on");
  }

  @Test
  void otherWordsAreNoKind() {
    assertThat(Newest.of("v1.2.0")).isEmpty();
    assertThat(Newest.of("LATEST")).isEmpty();
  }

  @Test
  void betweenTwoVersionsLiesEveryReleaseOldestFirstWhicheverTagsWereSkipped() {
    assertThat(tags(stable.between(version("v1.2.1"), version("v2.0.0"))))
        .containsExactly("v1.2.9", "v1.2.10", "v1.3.0", "v2.0.0");
    assertThat(tags(stable.between(version("v1.2.5"), version("v1.2.99"))))
        .containsExactly("v1.2.9", "v1.2.10");
  }

  @Test
  void aPreReleaseThatIsTheTargetCounts() {
    assertThat(tags(stable.between(version("v1.3.0"), version("v2.1.0-beta.11"))))
        .containsExactly("v2.0.0", "v2.1.0-beta.11");
  }

  @Test
  void nothingLiesBehindADowngrade() {
    assertThat(stable.between(version("v2.0.0"), version("v1.2.0"))).isEmpty();
    assertThat(stable.between(version("v2.0.0"), version("v2.0.0"))).isEmpty();
  }

  @Test
  void somethingNewerIsTheNewestOfAll() {
    assertThat(stable.newer(version("v1.2.0")).orElseThrow().tag()).isEqualTo("v2.0.0");
    assertThat(stable.newer(version("v2.0.0"))).isEmpty();
    assertThat(stable.newer(version("v2.0.0-rc.1"))).isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "v1.2.11;      near it: v1.2.1, v1.2.10, v1.3.0",
        "v1.2.2;       near it: v1.2.0, v1.2.1, v1.2.9",
        "v3.0.0;       near it: v2.0.0",
        "v0.9.0;       near it: v1.2.0",
        "v11.3.0;      near it: v1.3.0, v2.0.0",
        "v3.1.0;       near it: v1.3.0, v2.0.0",
        "v2.1.0-beta.1;near it: v2.0.0, v2.1.0-beta.2, v2.1.0-beta.11",
      })
  void aVersionThatWasNotReleasedComesWithThoseNearIt(String wanted, String near) {
    assertThat(stable.missing(version(wanted))).isEqualTo(wanted + " was not released; " + near);
    assertThatThrownBy(() -> stable.released(version(wanted)))
        .isInstanceOf(DeployException.Blocked.class)
        .hasMessageContaining(near);
  }

  @Test
  void withoutReleasesNothingIsNear() {
    Targets none = targets(false);

    assertThat(none.missing(version("v1.0.0"))).isEqualTo("v1.0.0 was not released");
    assertThatThrownBy(() -> none.newest(Newest.LATEST, version("v1.0.0")))
        .hasMessage("there is no stable release from v1.0.0 on");
  }

  private static Targets targets(boolean preReleases, String... tags) {
    return new Targets(Stream.of(tags).map(TargetsTest::release).toList(), preReleases);
  }

  private static Release release(String tag) {
    return new Release(version(tag), tag, "", "", tag.contains("-"), null);
  }

  private static List<String> tags(List<Release> releases) {
    return releases.stream().map(Release::tag).toList();
  }

  private static Version version(String tag) {
    return Version.parse(tag);
  }
}
