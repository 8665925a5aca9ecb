package io.rackgateway.deploy.convox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.model.DeployException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and order as in the source of the convox command line. */
class LoginSearchTest {

  private static final String TOKEN = "t0ken-nobody-may-see";
  private static final String URL = "https://convox:" + TOKEN + "@rack.example.com";
  private static final String STATE = "{\"outputs\": {\"api\": {\"value\": \"" + URL + "\"}}}";

  @TempDir Path home;
  @TempDir Path folder;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void owned() throws IOException {
    Files.createDirectories(
        home.resolve(".config/convox"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  private void write(String name, String text) throws IOException {
    Path file = home.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private StoredLogin find(String name) {
    return new LoginSearch(environment, home, folder).find(name);
  }

  @Test
  void theRackThatWasSwitchedTo() throws IOException {
    write(".config/convox/current", "{\"name\": \"staging\", \"type\": \"terraform\"}");
    write(".config/convox/racks/staging/terraform.tfstate", STATE);
    write(".config/convox/racks/other", "https://convox:x@other.example.com\n");

    StoredLogin login = find(null);

    assertThat(login.name()).isEqualTo("staging");
    assertThat(login.url().value()).isEqualTo(URL);
    assertThat(login.token().value()).isEqualTo(TOKEN);
    assertThat(login.warnings()).isEmpty();
    assertThat(login.toString()).doesNotContain(TOKEN);
  }

  @Test
  void aNameComesBeforeItAndRackUrlBeforeAll() throws IOException {
    write(".config/convox/current", "{\"name\": \"staging\", \"type\": \"terraform\"}");
    write(".config/convox/racks/staging/terraform.tfstate", STATE);
    write(".config/convox/racks/production", "https://convox:x@production.example.com\n");
    write(".config/convox/racks/production-eu", "https://convox:x@eu.example.com\n");

    assertThat(find("production").url().value()).endsWith("@production.example.com");
    assertThat(find("-eu").name()).isEqualTo("production-eu");
    assertThatThrownBy(() -> find("prod"))
        .hasMessageContaining("which rack is 'prod'?")
        .hasMessageContaining("production, production-eu");
    write(".config/convox/rack", "staging");
    assertThat(find(null).name()).isEqualTo("staging");
    Files.createDirectory(folder.resolve(".convox"));
    Files.writeString(folder.resolve(".convox/rack"), "production\n");
    assertThat(find(null).name()).isEqualTo("production");
    environment.put("CONVOX_RACK", "production-eu");
    assertThat(find(null).name()).isEqualTo("production-eu");
    environment.put("RACK_URL", URL);
    assertThat(find(null).url().value()).isEqualTo(URL);
    assertThatThrownBy(() -> find("staging")).hasMessageContaining("RACK_URL is set, too");
  }

  @Test
  void theFolderOfSettingsIsWhereTheCommandLineHasIt() throws IOException {
    write("xdg/convox/racks/a", URL);
    write("own/racks/b", URL);
    environment.put("XDG_CONFIG_HOME", home.resolve("xdg").toString());
    assertThat(find("a").source()).isEqualTo(home.resolve("xdg/convox/racks/a").toString());
    environment.put("CONVOX_CONFIG", home.resolve("own").toString());
    assertThat(find("b").source()).isEqualTo(home.resolve("own/racks/b").toString());
  }

  @Test
  void theHostOfAnOlderVersion() throws IOException {
    write(".convox/auth", "{\"rack.example.com\": \"p+ss word\", \"console.convox.com\": \"c\"}");
    write(".convox/host", "rack.example.com\n");

    assertThat(find(null).token().value()).isEqualTo("p+ss word");
    assertThat(find("example").name()).isEqualTo("rack.example.com");
    environment.put("CONVOX_HOST", "other.example.com");
    assertThatThrownBy(() -> find(null)).hasMessageContaining("no login of the rack other.example");
    environment.put("CONVOX_PASSWORD", TOKEN);
    assertThat(find(null).url().value())
        .isEqualTo("https://convox:" + TOKEN + "@other.example.com");
  }

  @Test
  void withoutALoginItSaysWhereItLookedAndWhatElseThereIs() {
    assertThatThrownBy(() -> find(null))
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining(home.resolve(".config/convox") + " and " + home.resolve(".convox"))
        .satisfies(e -> assertThat(next(e)).contains("${RACK_URL}", "gatewayToken"));
  }

  @Test
  void aRackThatIsNotLoggedInToIsToldWithThoseThatAre() throws IOException {
    write(".config/convox/racks/staging", URL);

    assertThatThrownBy(() -> find("production"))
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("'production'")
        .hasMessageContaining("staging");
    write(".config/convox/racks/remote/main.tf", "");
    assertThatThrownBy(() -> find("remote"))
        .hasMessageContaining("terraform.tfstate")
        .satisfies(e -> assertThat(next(e)).contains("terraform output -raw api"));
  }

  @Test
  void racksOfTheConsoleAreNotSpokenTo() throws IOException {
    write(".config/convox/console", "console.example.com");
    write(".config/convox/current", "{\"name\": \"acme/production\", \"type\": \"console\"}");

    assertThatThrownBy(() -> find(null))
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("acme/production is reached through the console console.example.com")
        .satisfies(e -> assertThat(next(e)).contains("convox rack access"));
    assertThatThrownBy(() -> find("production"))
        .hasMessageContaining("the console console.example.com, which may know it");
    assertThatThrownBy(() -> find("acme/other")).hasMessageContaining("acme/other is reached");
    Files.delete(home.resolve(".config/convox/current"));
    write(".convox/host", "console.convox.com");
    assertThatThrownBy(() -> find(null)).hasMessageContaining("the console");
  }

  @Test
  void aFileThatIsNoJsonIsNamedAndNotShown() throws IOException {
    write(".config/convox/current", TOKEN);
    assertThatThrownBy(() -> find(null))
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining(".config/convox/current is no JSON (line 1)")
        .hasMessageNotContaining(TOKEN);
    write(".config/convox/current", "[\"" + TOKEN + "\"]");
    assertThatThrownBy(() -> find(null)).hasMessageContaining("is no JSON object");
    write(".config/convox/current", "{\"type\": \"" + TOKEN + "\"}");
    assertThatThrownBy(() -> find(null))
        .hasMessageContaining("of a kind that is not known")
        .hasMessageNotContaining(TOKEN);
  }

  @Test
  void aFileThatOthersCanReadIsAWarning() throws IOException {
    write(".config/convox/racks/staging", URL);
    Path file = home.resolve(".config/convox/racks/staging");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(find("staging").warnings()).isEmpty();

    Files.setPosixFilePermissions(
        home.resolve(".config/convox"), PosixFilePermissions.fromString("rwxr-xr-x"));

    assertThat(find("staging").warnings())
        .singleElement()
        .satisfies(warning -> assertThat(warning).contains("racks/staging", "chmod 600"));
  }

  private static String next(Throwable thrown) {
    return ((DeployException) thrown).problem().next();
  }
}
