package io.rackgateway.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets stay where they belong: in no output, no file of a run, no label, no command line. */
@Tag("postgres")
class SecretsIT {

  private static final String PASSWORD = "s3cr3t \"p@ss'/%ü";
  private static final String MIGRATE_SECRET = "m1grate=\"s3cret\\value\"";

  @TempDir Path folder;

  @Test
  void onAHostAlsoWhenAMigrationPrintsThem() throws Exception {
    try (HostSite site = HostSite.prepare(folder)) {
      Map<String, String> secrets = secrets(site);
      Files.writeString(
          site.folder.resolve("rack-gateway.yml"),
          site.configuration()
              .replace("  environment:\n", "  environment:\n    EXTRA: ${MIGRATE_SECRET}\n"));
      HostSite.script(
          site.gateway().resolve("releases/v1.1.3/talking-migrate"),
          """
          #!/bin/sh
          env | grep -e URL -e EXTRA
          echo "password: %s" >&2
          exec ./rack-gateway-api migrate
          """
              .formatted(PASSWORD.replace("\"", "\\\"")));
      try (Tool tool = new Tool(site.folder, site.folder.resolve("said"), secrets);
          CommandLines seen = new CommandLines(forbidden(secrets))) {
        Ended failed =
            tool.start(
                    "upgrade",
                    "--to",
                    "v1.1.3",
                    "--yes",
                    "--verbose",
                    "--set",
                    "migrate.command=[./talking-migrate]",
                    "--set",
                    "verify.timeout=2s")
                .end()
                .withExitCode(1);
        assertThat(failed.out()).as("the migration was heard").contains("password: ****");
        tool.run("plan", "--to", "v1.1.0", "--out", "plan.json").withExitCode(0);
        tool.start("upgrade", "--plan", "plan.json", "--json").end().withExitCode(0);
        for (String command : List.of("status", "verify")) {
          tool.run(command, "--json");
        }
        assertThat(seen.found()).isEmpty();
      }
      assertThat(Files.readString(site.journalFile(), StandardCharsets.ISO_8859_1))
          .as("the journal can be searched")
          .contains("password: ****");
      for (String part :
          List.of("said", ".rack-gateway", "plan.json", "gateway/.rack-gateway-deploy")) {
        assertHoldsNone(site.folder.resolve(part), forbidden(secrets));
      }
      try (Stream<Path> backups = Files.walk(site.folder.resolve("backups"))) {
        for (Path file : backups.filter(path -> path.endsWith("backup.json")).toList()) {
          assertHoldsNone(file, forbidden(secrets));
        }
      }
    }
  }

  @Test
  @Tag("docker")
  @Tag("composev2")
  void onComposeAlsoInTheMark() throws Exception {
    try (ComposeSite site =
        new ComposeSite(folder, "v2", Map.of("v1.0.0", "none", "v1.1.0", "none"))) {
      site.reset("recreate");
      Map<String, String> secrets = site.environment();
      List<String> forbidden =
          List.of(
              secrets.get("MIGRATE_SECRET"),
              secrets.get("RACK_GATEWAY_API_TOKEN"),
              site.database.adminPassword());
      try (CommandLines seen = new CommandLines(forbidden)) {
        Tool.Started upgrade =
            site.tool()
                .start("upgrade", "--to", "v1.1.0", "--yes", "--verbose")
                .awaitEffect("run-migrations");
        String marks =
            site.docker.docker(
                "ps",
                "--all",
                "--no-trunc",
                "--filter",
                "name=rack-gateway-deploy-" + site.docker.name(),
                "--format",
                "{{.Names}} {{.Labels}} {{.Command}}");
        assertThat(marks).contains("io.rackgateway.deploy.plan").doesNotContain(forbidden);
        upgrade.end().withExitCode(0);
        assertThat(seen.found()).isEmpty();
      }
      for (String part : List.of("said", ".rack-gateway")) {
        assertHoldsNone(site.folder.resolve(part), forbidden);
      }
    }
  }

  /** The environment of the tool, with passwords that are written differently in URLs and JSON. */
  private static Map<String, String> secrets(HostSite site) throws Exception {
    String encoded = URLEncoder.encode(PASSWORD, StandardCharsets.UTF_8).replace("+", "%20");
    site.database.sql(
        site.database.name(),
        "ALTER ROLE rack_gateway_admin PASSWORD '" + PASSWORD.replace("'", "''") + "'");
    Map<String, String> environment = new LinkedHashMap<>(site.environment());
    environment.put(
        "ADMIN_DATABASE_URL",
        site.database.adminUrl().replace(site.database.adminPassword(), encoded));
    environment.put("MIGRATE_SECRET", MIGRATE_SECRET);
    environment.put("APP_PASSWORD", site.database.appPassword());
    return environment;
  }

  /** The secrets in every form in which they could be written down. */
  private static List<String> forbidden(Map<String, String> environment) {
    List<String> forms = new ArrayList<>();
    for (String secret :
        List.of(
            PASSWORD,
            MIGRATE_SECRET,
            environment.get("RACK_GATEWAY_API_TOKEN"),
            environment.get("APP_PASSWORD"))) {
      forms.add(secret);
      forms.add(secret.replace("\\", "\\\\").replace("\"", "\\\""));
      forms.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
      forms.add(URLEncoder.encode(secret, StandardCharsets.UTF_8).replace("+", "%20"));
    }
    return forms;
  }

  private static void assertHoldsNone(Path place, List<String> forbidden) throws IOException {
    try (Stream<Path> all = Files.walk(place)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        // Byte by byte, as journals are no text.
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        for (String secret : forbidden) {
          String bytes =
              new String(secret.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
          assertThat(content.contains(bytes)).as("%s holds '%s'", file, secret).isFalse();
        }
      }
    }
  }
}
