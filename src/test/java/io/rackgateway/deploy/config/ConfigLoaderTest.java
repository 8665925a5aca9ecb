package io.rackgateway.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.Strategy;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {

  private static final String MINIMAL =
      """
      gateway:
        name: production
        url: https://gateway.example.com
      deploy:
        compose: {}
      """;

  @TempDir Path folder;
  private final Secrets secrets = new Secrets();

  @Test
  void readsEveryKindOfValue() throws IOException {
    Configuration read =
        load(
            """
            gateway:
              name: production
              url: https://gateway.example.com/base
              apiToken: ${TOKEN}
            deploy:
              host:
                directory: releases
                command: [./rack-gateway-api, --quiet]
                strategy: stop-first
                stopTimeout: 90s
            verify:
              healthySuccesses: 5
            probe:
              enabled: false
              interval: 50ms
            migrate:
              environment:
                ADMIN_DATABASE_URL: ${ADMIN}
            """,
            Map.of("TOKEN", "rgw_token", "ADMIN", "postgresql://admin@db/gateway"));

    assertThat(read.gateway().url()).isEqualTo(URI.create("https://gateway.example.com/base"));
    assertThat(read.gateway().apiToken()).isEqualTo(new Secret("rgw_token"));
    assertThat(read.deploy().compose()).isNull();
    HostConfig host = read.deploy().host();
    assertThat(host.directory()).isEqualTo(folder.resolve("releases"));
    assertThat(host.command()).containsExactly("./rack-gateway-api", "--quiet");
    assertThat(host.strategy()).isEqualTo(Strategy.STOP_FIRST);
    assertThat(host.stopTimeout()).isEqualTo(Duration.ofSeconds(90));
    assertThat(read.verify().healthySuccesses()).isEqualTo(5);
    assertThat(read.probe().enabled()).isFalse();
    assertThat(read.probe().interval()).isEqualTo(Duration.ofMillis(50));
    assertThat(read.migrate().environment())
        .containsExactly(
            Map.entry("ADMIN_DATABASE_URL", new Secret("postgresql://admin@db/gateway")));
  }

  @Test
  void fillsInDefaults() throws IOException {
    Configuration read = load(MINIMAL, Map.of());

    assertThat(read.image()).isEqualTo("docker.io/docspringcom/rack-gateway");
    assertThat(read.database()).isNull();
    assertThat(read.backup())
        .isEqualTo(
            new BackupConfig(
                new PgDumpConfig(
                    folder.resolve("backups"),
                    2,
                    null,
                    Duration.ofHours(2),
                    PgDumpConfig.Compression.AUTO),
                null,
                null,
                null,
                BackupConfig.Prove.AUTO,
                new BackupConfig.ScratchConfig(null, folder.resolve(".rack-gateway/scratch")),
                new BackupConfig.RehearsalConfig(List.of(), null, Duration.ofSeconds(5)),
                new BackupConfig.RetentionConfig(5, Duration.ofDays(7))));
    assertThat(read.deploy().compose())
        .isEqualTo(
            new ComposeConfig(
                folder,
                "gateway",
                List.of(),
                null,
                ComposeConfig.ComposeTool.AUTO,
                Strategy.RECREATE,
                Duration.ofSeconds(2),
                Duration.ofSeconds(35),
                Duration.ofMinutes(2),
                null));
    assertThat(read.migrate().command()).containsExactly("./rack-gateway-api", "migrate");
    assertThat(read.verify().logErrors()).isEqualTo("(?i)\\b(panic|fatal|error)\\b");
    assertThat(read.rollback())
        .isEqualTo(
            new RollbackConfig(
                RollbackConfig.Application.AUTOMATIC,
                RollbackConfig.Database.ASK,
                RollbackConfig.OnCancel.ROLLBACK));
    assertThat(read.journal()).isEqualTo("jdbc:h2:file:" + folder.resolve(".rack-gateway/journal"));
  }

  @Test
  void pathsAreRelativeToTheFileWhereverTheToolIsStarted() throws IOException {
    Path below = Files.createDirectories(folder.resolve("deploy/production"));
    Path file = Files.writeString(below.resolve("rack-gateway.yml"), MINIMAL);

    Configuration read =
        ConfigLoader.load(
            below.resolve("../production").resolve(file.getFileName()),
            Map.of("deploy.compose.directory", "../../compose", "verify.migrations", "/opt/m"),
            Map.of(),
            secrets);

    assertThat(read.deploy().compose().directory()).isEqualTo(folder.resolve("compose"));
    assertThat(read.verify().migrations()).isEqualTo(Path.of("/opt/m"));
    assertThat(read.journal()).isEqualTo("jdbc:h2:file:" + below.resolve(".rack-gateway/journal"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:h2:file:/var/lib/journal;AUTO_SERVER=TRUE",
        "jdbc:h2:file:~/journal",
        "jdbc:postgresql://db/journal?user=deploy"
      })
  void aJournalThatIsNotRelativeStaysAsItIs(String url) throws IOException {
    assertThat(load(MINIMAL + "journal: " + url + "\n", Map.of()).journal()).isEqualTo(url);
  }

  @Test
  void settingsOfARelativeJournalStay() throws IOException {
    assertThat(load(MINIMAL + "journal: jdbc:h2:file:./j;TRACE_LEVEL_FILE=0\n", Map.of()).journal())
        .isEqualTo("jdbc:h2:file:" + folder.resolve("j") + ";TRACE_LEVEL_FILE=0");
  }

  @Test
  void anchorsAndAliasesStandForTheirValues() throws IOException {
    Configuration read =
        load(MINIMAL + "verify: {timeout: &t 7s}\nprobe: {timeout: *t}\n", Map.of());

    assertThat(read.probe().timeout()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void twoDollarsStandForOneBeforeABrace() throws IOException {
    Configuration read =
        load(
            MINIMAL + "migrate: {command: [sh, -c, '$${HOME} $HOME $$ ${WHO} $${${WHO}']}\n",
            Map.of("WHO", "${NOT_AGAIN} $1"));

    assertThat(read.migrate().command().get(2))
        .isEqualTo("${HOME} $HOME $$ ${NOT_AGAIN} $1 ${${NOT_AGAIN} $1");
  }

  @Nested
  class WithOverrides {

    @Test
    void anOverrideReplacesAValueOrAddsOne() throws IOException {
      Configuration read =
          load(
              MINIMAL,
              Map.of(
                  "gateway.name", "staging",
                  "verify.logAllow", "[a, 'b: c']",
                  "probe.enabled", "false",
                  "gateway.apiToken", "${TOKEN}"),
              Map.of("TOKEN", "rgw_token"));

      assertThat(read.gateway().name()).isEqualTo("staging");
      assertThat(read.gateway().url()).hasHost("gateway.example.com");
      assertThat(read.gateway().apiToken()).isEqualTo(new Secret("rgw_token"));
      assertThat(read.verify().logAllow()).containsExactly("a", "b: c");
      assertThat(read.probe().enabled()).isFalse();
    }

    @Test
    void errorsNameTheOption() {
      assertThat(failure(MINIMAL, Map.of("deploy.compose.servcie", "api")).summary())
          .isEqualTo(
              "--set deploy.compose.servcie: unknown key 'servcie' in deploy.compose; did you mean"
                  + " 'service'?");
      assertThat(failure(MINIMAL, Map.of("probe.timeout", "")).summary())
          .startsWith("--set probe.timeout: probe.timeout has no value");
      assertThat(failure(MINIMAL, Map.of("verify.logAllow", "[a")).summary())
          .startsWith("--set verify.logAllow: this is not YAML that can be read");
      assertThat(failure(MINIMAL, Map.of("probe..timeout", "1s")).summary())
          .isEqualTo("--set probe..timeout: 'probe..timeout' is not a path of keys");
      assertThat(failure(MINIMAL, Map.of("deploy.host.directory", "/srv")).summary())
          .isEqualTo(
              "--set deploy.host.directory: two platforms in deploy: compose and host; keep exactly"
                  + " one");
    }

    @Test
    void aSecretOnTheCommandLineIsRefusedAndNotRepeated() {
      Problem problem = failure(MINIMAL, Map.of("gateway.apiToken", "rgw_12345"));

      assertThat(problem.summary())
          .isEqualTo(
              "--set gateway.apiToken: gateway.apiToken is a secret and is written out; a command"
                  + " line can be seen by others");
      assertThat(problem.next()).contains("${GATEWAY_API_TOKEN}");
      assertThat(problem.toString()).doesNotContain("rgw_12345");
    }
  }

  @Nested
  class WithSecrets {

    private static final String EVERYTHING =
        """
        gateway: {name: '${GATEWAY}', url: https://gateway.example.com, apiToken: '${TOKEN}'}
        deploy:
          host:
            directory: ${FOLDER}
            artifact: https://ci:${ARTIFACT_PASSWORD}@example.com/{tag}.tar.gz
            command: [./rack-gateway-api, '${COMMAND_SECRET}']
        database: {url: '${DATABASE_URL}'}
        migrate: {command: ['${COMMAND_SECRET}'], environment: {KEY: '${MIGRATION_SECRET}'}}
        journal: jdbc:postgresql://db/journal?user=deploy&password=${JOURNAL_PASSWORD}
        """;
    private static final Map<String, String> ENVIRONMENT =
        Map.of(
            "GATEWAY", "production",
            "FOLDER", "/srv/gateway",
            "TOKEN", "rgw_token",
            "ARTIFACT_PASSWORD", "artifact-word",
            "COMMAND_SECRET", "command-word",
            "DATABASE_URL", "postgresql://gateway:p%40ss+word%2F@db.example.com/gateway",
            "MIGRATION_SECRET", "migration-word",
            "JOURNAL_PASSWORD", "journal-word");
    private static final List<String> SECRET =
        List.of(
            "rgw_token",
            "artifact-word",
            "command-word",
            "p%40ss+word%2F",
            "p@ss+word/",
            "migration-word",
            "journal-word");

    @Test
    void valuesFromTheEnvironmentAreMaskedAndAPasswordAlsoAlone() throws IOException {
      load(EVERYTHING, ENVIRONMENT);

      for (String secret : SECRET) {
        assertThat(secrets.mask("before " + secret + " after")).isEqualTo("before **** after");
      }
    }

    @Test
    void namesAndPathsFromTheEnvironmentStayReadable() throws IOException {
      load(EVERYTHING, ENVIRONMENT);

      assertThat(secrets.mask("production in /srv/gateway"))
          .isEqualTo("production in /srv/gateway");
    }

    @Test
    void theTextFormOfAConfigurationHoldsNone() throws IOException {
      Configuration read = load(EVERYTHING, ENVIRONMENT);

      assertThat(read.toString()).contains("production", "/srv/gateway");
      for (Object part : List.of(read, read.deploy().host(), read.migrate(), read.database())) {
        assertThat(part.toString()).doesNotContain(SECRET);
      }
    }

    @Test
    void theyAreMaskedEvenIfTheFileIsRefused() {
      String text = EVERYTHING.replace("name: '${GATEWAY}', ", "");
      assertThatThrownBy(() -> load(text, ENVIRONMENT)).hasMessageContaining("gateway.name");

      assertThat(secrets.mask("rgw_token")).isEqualTo("****");
    }

    @Test
    void oneWrittenOutIsMaskedToo() {
      assertThat(
              failure(MINIMAL.replace("deploy:", "  apiToken: rgw_12345\ndeploy:"), Map.of())
                  .toString())
          .doesNotContain("rgw_12345");

      assertThat(secrets.mask("rgw_12345")).isEqualTo("****");
    }
  }

  @Nested
  class WithFilesThatCannotBeRead {

    @Test
    void aMissingFileIsNamedWithAnExampleThatWorks() throws IOException {
      DeployException.Usage usage =
          catchThrowableOfType(
              DeployException.Usage.class,
              () -> ConfigLoader.load(Path.of("absent/gw.yml"), Map.of(), Map.of(), secrets));

      assertThat(usage.problem().summary())
          .isEqualTo("there is no configuration file absent/gw.yml");
      assertThat(usage.problem().next()).contains("--config");
      Configuration example =
          load(
              String.join("\n", usage.problem().details()),
              Map.of("RACK_GATEWAY_API_TOKEN", "rgw_token", "DATABASE_URL", "postgresql://db/g"));
      assertThat(example.gateway().name()).isEqualTo("production");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# only a comment\n", "---\n"})
    void anEmptyFileIsShownTheExample(String text) {
      Problem problem = failure(text, Map.of());

      assertThat(problem.toString()).contains("gateway");
      assertThat(problem.summary()).containsAnyOf("is empty", "is nothing");
    }

    @Test
    void aFolderIsNoFile() {
      DeployException.Usage usage =
          catchThrowableOfType(
              DeployException.Usage.class,
              () -> ConfigLoader.load(folder, Map.of(), Map.of(), secrets));

      assertThat(usage.problem().summary()).isEqualTo(folder + " is not a file");
    }

    @Test
    void textThatIsNotUtf8HasAPlace() throws IOException {
      Path file = folder.resolve("rack-gateway.yml");
      Files.write(file, "gateway:\n  name: caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));

      assertThat(failure(file).summary())
          .isEqualTo(file + ":2:12: this is not UTF-8, from the byte 0xE9 on");
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheText() throws IOException {
      assertThat(load("\uFEFF" + MINIMAL, Map.of()).gateway().name()).isEqualTo("production");
    }

    @Test
    void textThatIsNotYamlHasAPlace() {
      Path file = folder.resolve("rack-gateway.yml");

      assertThat(failure("gateway:\n  name: [a\ndeploy:\n", Map.of()).summary())
          .startsWith(file + ":3:7: this is not YAML that can be read: ");
      assertThat(failure("gateway:\n\tname: a\n", Map.of()).summary())
          .startsWith(file + ":2:1: this is not YAML that can be read: ");
      assertThat(failure("gateway:\n  name: a\u0007\n", Map.of()).summary())
          .isEqualTo(
              file
                  + ":2:10: this is not YAML that can be read: the character U+0007 may not stand in"
                  + " it");
      assertThat(failure(MINIMAL + "---\n" + MINIMAL, Map.of()).summary())
          .startsWith(file + ":6:1: this is not YAML that can be read: ");
    }
  }

  @Nested
  class WithHostileYaml {

    @Test
    void aliasesCannotMultiply() {
      StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
      for (int level = 1; level < 10; level++) {
        String alias = "*a" + (level - 1);
        bomb.append("a%d: &a%d [%s]\n".formatted(level, level, (alias + ", ").repeat(9)));
      }

      assertThat(failure(bomb.toString(), Map.of()).toString()).contains("aliases");
    }

    @Test
    void anAliasCannotContainItself() {
      assertThat(failure(MINIMAL + "verify: &v {logAllow: [*v]}\n", Map.of()).summary())
          .endsWith("rack-gateway.yml:6:9: this contains itself by an alias");
    }

    @Test
    void nestingHasALimit() {
      assertThat(failure("a: " + "[".repeat(5000) + "]".repeat(5000), Map.of()).summary())
          .contains("epth");
    }

    @Test
    void sizeHasALimit() {
      assertThat(failure("#".repeat(1 << 21), Map.of()).summary()).contains("larger than 1 MiB");
    }
  }

  private Configuration load(String text, Map<String, String> environment) throws IOException {
    return load(text, Map.of(), environment);
  }

  private Configuration load(
      String text, Map<String, String> overrides, Map<String, String> environment)
      throws IOException {
    Path file = Files.writeString(folder.resolve("rack-gateway.yml"), text);
    return ConfigLoader.load(file, overrides, environment, secrets);
  }

  private Problem failure(String text, Map<String, String> overrides) {
    return catchThrowableOfType(DeployException.Usage.class, () -> load(text, overrides, Map.of()))
        .problem();
  }

  private Problem failure(Path file) {
    return catchThrowableOfType(
            DeployException.Usage.class, () -> ConfigLoader.load(file, Map.of(), Map.of(), secrets))
        .problem();
  }
}
