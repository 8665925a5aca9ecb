package io.rackgateway.deploy.buildcontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.model.DeployException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of the Dockerfile reference, section ".dockerignore files". */
class DockerIgnoreTest {

  private static boolean ignored(String text, String path) {
    DockerIgnore.Matches matches = DockerIgnore.parse(".dockerignore", text).top();
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      matches = matches.of(path.substring(0, slash));
    }
    return matches.of(path).ignored();
  }

  @ParameterizedTest
  @CsvSource({
    "docs, docs",
    "docs, docs/deep/page.md",
    "/docs, docs/page.md",
    "docs/, docs/page.md",
    "./docs//old/../page.md, docs/page.md",
    "*.md, README.md",
    "*/temp*, web/temporary.txt",
    "*/temp*, web/temp/file",
    "*/*/temp*, web/deep/temporary",
    "temp?, tempa",
    "**/*.go, main.go",
    "**/*.go, deep/er/main.go",
    "**/node_modules, web/node_modules/left/index.js",
    "web/**, web/deep/file",
    "web/**/file, web/file",
    "web/**/file, web/a/b/file",
    "**, anything/at/all",
    "**file, folder/myfile",
    "[a-c]at, bat",
    "[^a-c]at, rat",
    "\\*.md, *.md",
    "\\#not-a-comment, #not-a-comment",
    "a.b+(c)$, a.b+(c)$",
    "Gerät*, Geräte/日本",
    "??, 日本",
  })
  void whatAPatternLeavesOut(String pattern, String path) {
    assertThat(ignored(pattern, path)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "docs, web/docs/page.md",
    "docs, docs2",
    "*.md, docs/README.md",
    "*/temp*, temp",
    "temp?, temp",
    "temp?, tempab",
    "web/**, web",
    "web/*/file, web/file",
    "**/*.go, main.gox",
    "a.b, axb",
    "[a-c]at, rat",
    "\\*.md, a.md",
    "../docs, docs",
    "# docs, docs",
    "#docs, #docs",
  })
  void whatItDoesNot(String pattern, String path) {
    assertThat(!ignored(pattern, path)).isTrue();
  }

  @Test
  void theLastPatternThatMatchesDecides() {
    String text = "*.md\n!README*.md\nREADME-secret.md\n";

    assertThat(ignored(text, "notes.md")).isTrue();
    assertThat(ignored(text, "README.md")).isFalse();
    assertThat(ignored(text, "README-secret.md")).isTrue();
    assertThat(ignored("README-secret.md\n*.md\n!README*.md", "README-secret.md")).isFalse();
  }

  @Test
  void aFileInAFolderThatIsLeftOutCanBeSentAfterAll() {
    String text = "web\n! web/keep/**\n";

    assertThat(ignored(text, "web/other")).isTrue();
    assertThat(ignored(text, "web/keep/file")).isFalse();
    DockerIgnore ignore = DockerIgnore.parse("x", text);
    assertThat(ignore.hasExceptionsBelow("web")).isTrue();
    assertThat(ignore.hasExceptionsBelow("web/other")).isFalse();
    assertThat(DockerIgnore.parse("x", "!**/keep").hasExceptionsBelow("any/where")).isTrue();
  }

  @Test
  void commentsEmptyLinesAndHowLinesEndDoNotMatter() {
    String text = "\uFEFF# comment\r\n\r\n   docs  \r\n\t\r\n!docs/keep\r\n";

    assertThat(ignored(text, "docs/page")).isTrue();
    assertThat(ignored(text, "docs/keep")).isFalse();
    assertThat(ignored("", "docs")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"!", "! ", "web/[a-", "[]", "[z-a]", "end\\"})
  void whatIsNoPatternIsNamedWithItsLine(String pattern) {
    assertThatThrownBy(() -> DockerIgnore.parse("web/.dockerignore", "docs\n" + pattern + "\n"))
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("web/.dockerignore, line 2")
        .hasMessageContaining(pattern.strip());
  }

  /** Drawn from a fixed seed; a failure shows the patterns. */
  @Test
  void plainPatternsLeaveOutWhatTheyNameAndNothingElse() {
    Random random = new Random(20261124);
    for (int i = 0; i < 500; i++) {
      List<String> paths = new ArrayList<>();
      for (int k = 0; k < 6; k++) {
        paths.add(path(random));
      }
      List<String> named = paths.subList(0, 2);
      String text = String.join("\n", named);
      for (String path : paths) {
        boolean below = named.stream().anyMatch(name -> (path + "/").startsWith(name + "/"));
        assertThat(ignored(text, path)).as("%s by %s", path, named).isEqualTo(below);
        assertThat(ignored(text + "\n!**", path)).as("%s by nothing", path).isFalse();
        assertThat(ignored("!" + path + "\n**", path)).as("%s by **", path).isTrue();
      }
    }
  }

  private static String path(Random random) {
    List<String> segments = new ArrayList<>();
    for (int depth = random.nextInt(3); depth >= 0; depth--) {
      segments.add(List.of("a", "b", "a.b", "a+b", "ü").get(random.nextInt(5)));
    }
    return String.join("/", segments);
  }
}
