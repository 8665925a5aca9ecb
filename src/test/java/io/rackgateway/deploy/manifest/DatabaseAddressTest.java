package io.rackgateway.deploy.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.driver.DatabaseAddress;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ManifestEdit;
import io.rackgateway.deploy.model.RunId;
import io.rackgateway.deploy.postgres.PostgresUrl.Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The database's address is changed where the platform keeps it, and nothing else is. */
class DatabaseAddressTest {

  private static final RunId RUN = new RunId("20260115-031500-7f3a9c");
  private static final Server NEW = new Server("new.example.com", 5432);
  private static final String URL =
      "postgres://gw:p%40ss@old.example.com:5432/gateway?sslmode=require";
  private static final String AFTER =
      "postgres://gw:p%40ss@new.example.com:5432/gateway?sslmode=require";

  @TempDir Path folder;

  /** What Compose would say of the service, which the tests tell. */
  private final Map<String, Secret> meant = new LinkedHashMap<>();

  private final Map<String, String> runner = new LinkedHashMap<>();
  private final AtomicInteger refreshed = new AtomicInteger();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "postgres://gw:pw@old:5432/gateway | postgres://gw:pw@new.example.com:5432/gateway",
        "postgresql://gw:pw@old/gateway | postgresql://gw:pw@new.example.com/gateway",
        "jdbc:postgresql://old:5433/gateway?user=gw | jdbc:postgresql://new.example.com:5432/gateway?user=gw",
        "postgres://gw:pw@[::1]:5432/gateway | postgres://gw:pw@new.example.com:5432/gateway",
        "postgres://gw:pw@a:5432,b:5432/gateway | postgres://gw:pw@new.example.com:5432/gateway",
        "postgres://old:old@old:5432/old | postgres://old:old@new.example.com:5432/old",
      })
  void hostAndPortAloneAreReplaced(String before, String after) throws Exception {
    Path file = write("gateway.env", "# keep me\nA=1\nDATABASE_URL=" + before + "  \nB=ü\n");
    DatabaseAddress address = host(file);

    address.change(RUN, NEW);

    assertThat(file).hasContent("# keep me\nA=1\nDATABASE_URL=" + after + "  \nB=ü\n");
    assertThat(address.changed(RUN)).isTrue();
    assertThat(address.look().places().get(0).servers()).containsExactly(NEW);
  }

  @Test
  void thePreviousBytesComeBack() throws Exception {
    Path file =
        write(
            "gateway.env",
            "\uFEFFexport DATABASE_URL=\""
                + URL
                + "\"\r\n; ADMIN_DATABASE_URL=x\r\n"
                + "ADMIN_DATABASE_URL='postgres://root:s3cret@old.example.com/gateway'\r\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    byte[] before = Files.readAllBytes(file);
    DatabaseAddress address = host(file);

    address.change(RUN, NEW);

    assertThat(Files.readString(file))
        .contains("\"" + AFTER + "\"", "'postgres://root:s3cret@new.example.com/gateway'");
    assertThat(permissions(file)).isEqualTo("rw-r-----");
    Path note = folder.resolve(".rack-gateway-deploy/database-" + RUN + ".json");
    assertThat(note).content().contains("old.example.com").doesNotContain("p%40ss", "s3cret");
    assertThat(permissions(note)).isEqualTo("rw-------");

    address.changeBack(RUN);

    assertThat(file).hasBinaryContent(before);
    assertThat(permissions(file)).isEqualTo("rw-r-----");
    assertThat(address.changed(RUN)).isFalse();
    assertThat(address.takenBack(RUN)).isTrue();
    address.changeBack(RUN);
    assertThat(file).hasBinaryContent(before);
  }

  @Test
  void aRunThatChangedNothingTakesNothingBack() throws Exception {
    Path file = write("gateway.env", "DATABASE_URL=" + URL + "\n");
    DatabaseAddress address = host(file);

    address.changeBack(RUN);

    assertThat(address.changed(RUN)).isFalse();
    assertThat(address.takenBack(RUN)).isFalse();
    assertThat(file).hasContent("DATABASE_URL=" + URL + "\n");
  }

  @Test
  void whoKnowsTheOldAddressLearnsTheNewOne() throws Exception {
    DatabaseAddress address = host(write("gateway.env", "DATABASE_URL=" + URL + "\n"));
    List<Server> old = List.of(new Server("OLD.example.com", 5432));
    assertThat(address.replacementOf(old)).isEmpty();

    address.change(RUN, NEW);
    assertThat(address.replacementOf(old)).contains(NEW);
    assertThat(address.replacementOf(List.of(NEW))).isEmpty();
    assertThat(address.replacementOf(List.of(new Server("another", 5432)))).isEmpty();

    Server newest = new Server("newest.example.com", 5432);
    address.change(new RunId("20260116-031500-7f3a9c"), newest);
    assertThat(address.replacementOf(old)).contains(newest);

    address.changeBack(new RunId("20260116-031500-7f3a9c"));
    assertThat(address.replacementOf(old)).contains(NEW);
  }

  @Test
  void whatSomebodyElseChangedMeanwhileIsKept() throws Exception {
    Path file = write("gateway.env", "DATABASE_URL=" + URL + "\n");
    DatabaseAddress address = host(file);
    address.change(RUN, NEW);
    Files.writeString(file, "# by hand\nA=1\nDATABASE_URL=" + AFTER + "\n");

    address.change(RUN, NEW);
    assertThat(address.changed(RUN)).isTrue();
    address.changeBack(RUN);

    assertThat(file).hasContent("# by hand\nA=1\nDATABASE_URL=" + URL + "\n");
  }

  @Test
  void aThirdValueIsRefused() throws Exception {
    Path file = write("gateway.env", "DATABASE_URL=" + URL + "\n");
    DatabaseAddress address = host(file);
    address.change(RUN, NEW);
    String third = "DATABASE_URL=postgres://gw:s3cret@third/gateway\n";
    Files.writeString(file, third);

    assertThatThrownBy(() -> address.changeBack(RUN))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("was changed by somebody else")
        .hasMessageNotContaining("s3cret");
    assertThatThrownBy(() -> address.change(RUN, NEW))
        .isInstanceOf(DeployException.StepFailed.class)
        .hasMessageContaining("was changed by somebody else");
    assertThat(file).hasContent(third);
  }

  @Test
  void theFirstVariableThatIsSetCounts() throws Exception {
    Path file =
        write(
            "gateway.env",
            "DATABASE_URL=postgres://x:y@elsewhere/z\nRGW_DATABASE_URL=" + URL + "\n");
    DatabaseAddress address = host(file);

    address.change(RUN, NEW);

    assertThat(file)
        .hasContent("DATABASE_URL=postgres://x:y@elsewhere/z\nRGW_DATABASE_URL=" + AFTER + "\n");
    assertThat(address.look().display()).isEqualTo("RGW_DATABASE_URL in " + file);
  }

  @Test
  void withoutAFileThereIsNothingToChange() {
    assertThat(host(null).look().obstacle())
        .satisfies(
            problem -> {
              assertThat(problem.summary()).contains("DATABASE_URL", "which is not set");
              assertThat(problem.next()).contains("database.variables");
            });
  }

  @Test
  void whatTheRunnerPassesOnCannotBeChanged() throws Exception {
    write("compose.yaml", "services: {gateway: {environment: [DATABASE_URL]}}\n");
    runner.put("DATABASE_URL", URL);

    assertThat(composed(URL).look().obstacle())
        .satisfies(
            problem ->
                assertThat(problem.summary())
                    .contains("DATABASE_URL", "of the environment this runs in")
                    .doesNotContain("p%40ss"));
  }

  /** The plan was made before the address changed, and is for the file as it was then. */
  @Test
  void theImageIsChangedInTheSameFileAndAllOfItComesBack() throws Exception {
    Path compose =
        write(
            "compose.yaml",
            "services:\n  gateway:\n    environment: {DATABASE_URL: '"
                + URL
                + "'}\n    image: gw:2\n");
    byte[] before = Files.readAllBytes(compose);
    ImageEdits images = new ImageEdits(List.of(compose), null, Map.of());
    ManifestEdit edit = Objects.requireNonNull(images.change("gateway", "gw:2", "gw:1.0").edit());
    ManifestEdits manifests = new ManifestEdits(Events.none());
    DatabaseAddress address = composed(URL);

    address.change(RUN, NEW);
    manifests.apply(edit, RUN, folder);
    manifests.apply(edit, RUN, folder);

    assertThat(compose).content().contains(AFTER, "image: gw:1.0");
    address.change(RUN, NEW);
    assertThat(address.changed(RUN)).isTrue();
    assertThatThrownBy(() -> manifests.apply(edit)).hasMessageContaining("changed since the plan");

    address.changeBack(RUN);
    manifests.revert(edit, images.locator("gateway", edit));

    assertThat(compose).hasBinaryContent(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "host=old.example.com dbname=gateway password=s3cret",
        "postgres:///gateway?host=old.example.com&password=s3cret",
        "postgres://gw:s3cret@%2Fvar%2Frun/gateway",
        "mysql://gw:s3cret@old/gateway",
      })
  void otherFormsAreRefusedWithoutBeingShown(String value) throws Exception {
    Path file = write("gateway.env", "DATABASE_URL=" + value + "\n");

    assertThat(host(file).look().obstacle())
        .satisfies(
            problem ->
                assertThat(problem.summary() + problem.next())
                    .contains("DATABASE_URL")
                    .doesNotContain("s3cret"));
  }

  @Test
  void composeKeepsItUnderEnvironmentInEitherForm() throws Exception {
    Path map =
        write(
            "compose.yaml",
            """
            services:
              gateway:
                image: gw:1   # the image
                environment:
                  DATABASE_URL: "%s"  # the database
                  OTHER: x
            """
                .formatted(URL));
    composed(URL).change(RUN, NEW);
    assertThat(map).content().contains("DATABASE_URL: \"" + AFTER + "\"  # the database");

    Path list =
        write(
            "compose.yaml",
            "services: {gateway: {environment: ['A=1', 'DATABASE_URL=" + URL + "']}}\n");
    composed(URL).change(new RunId("20260116-031500-7f3a9c"), NEW);
    assertThat(list).content().contains("['A=1', 'DATABASE_URL=" + AFTER + "']");
    assertThat(refreshed).hasValue(2);
  }

  @Test
  void composeKeepsItInTheEnvFileOfTheProject() throws Exception {
    write(
        "compose.yaml", "services: {gateway: {environment: {DATABASE_URL: '${DATABASE_URL}'}}}\n");
    Path env = write(".env", "# mine\nDATABASE_URL=" + URL + " # here\n");

    composed(URL).change(RUN, NEW);

    assertThat(env).hasContent("# mine\nDATABASE_URL=" + AFTER + " # here\n");
  }

  @Test
  void composeKeepsItInTheServicesOwnEnvFile() throws Exception {
    write("compose.yaml", "services: {gateway: {env_file: [common.env, secret.env]}}\n");
    Path common = write("common.env", "DATABASE_URL=postgres://overridden/x\n");
    Path secret = write("secret.env", "DATABASE_URL=" + URL + "\n");

    composed(URL).change(RUN, NEW);

    assertThat(secret).hasContent("DATABASE_URL=" + AFTER + "\n");
    assertThat(common).hasContent("DATABASE_URL=postgres://overridden/x\n");
  }

  @Test
  void composeKeepsHostAndPortInVariablesOfTheirOwn() throws Exception {
    Path compose =
        write(
            "compose.yaml",
            """
            services:
              gateway:
                environment:
                  - DATABASE_URL=postgres://gw:${DB_PASSWORD}@${DB_HOST}:${DB_PORT:-5432}/gateway
                  - ADMIN_DATABASE_URL=postgres://root:${DB_PASSWORD}@${DB_HOST}:${DB_PORT:-5432}/gateway
            """);
    byte[] before = Files.readAllBytes(compose);
    Path env = write(".env", "DB_PASSWORD=a$$b\nDB_HOST=old.example.com\n");
    DatabaseAddress address = composed(null);
    meant.put("DATABASE_URL", new Secret("postgres://gw:a$$b@old.example.com:5432/gateway"));
    meant.put(
        "ADMIN_DATABASE_URL", new Secret("postgres://root:a$$b@old.example.com:5432/gateway"));

    assertThat(address.look().obstacle()).isNull();
    address.change(RUN, new Server("new.example.com", 5432));

    assertThat(env).hasContent("DB_PASSWORD=a$$b\nDB_HOST=new.example.com\n");
    assertThat(compose).hasBinaryContent(before);
  }

  @Test
  void whatComposeUnderstandsOtherwiseIsRefused() throws Exception {
    write("compose.yaml", "services: {gateway: {environment: {DATABASE_URL: '" + URL + "'}}}\n");

    assertThat(composed("postgres://gw:s3cret@another/gateway").look().obstacle())
        .satisfies(
            problem ->
                assertThat(problem.summary())
                    .contains("not as it is written there")
                    .doesNotContain("s3cret", "p%40ss"));
  }

  /** What Compose says follows the change of the address. */
  private DatabaseAddress composed(@Nullable String value) {
    if (value != null) {
      meant.put("DATABASE_URL", new Secret(value));
    }
    return ComposeVariables.address(
        List.of(folder.resolve("compose.yaml")),
        folder.resolve(".env"),
        "gateway",
        runner,
        () -> {
          boolean changed = Files.exists(folder.resolve(".rack-gateway-deploy")) && changed();
          Map<String, Secret> now = new LinkedHashMap<>(meant);
          if (changed) {
            now.replaceAll(
                (name, secret) ->
                    new Secret(secret.value().replace("@old.example.com", "@new.example.com")));
          }
          return now;
        },
        DatabaseVariables.USUAL,
        folder,
        refreshed::incrementAndGet);
  }

  private boolean changed() {
    try (var files = Files.walk(folder, 1)) {
      return files
          .filter(Files::isRegularFile)
          .anyMatch(
              file -> {
                try {
                  return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                      .contains("new.example.com");
                } catch (IOException e) {
                  return false;
                }
              });
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private DatabaseAddress host(@Nullable Path file) {
    return EnvFileVariables.address(
        file, () -> file == null ? Map.of() : values(file), DatabaseVariables.USUAL, folder);
  }

  /** As the host driver reads it: whole lines, without quotes around a value. */
  private static Map<String, String> values(Path file) {
    Map<String, String> values = new LinkedHashMap<>();
    try {
      for (String line : Files.readString(file).replace("\uFEFF", "").split("\\R", -1)) {
        int equals = line.indexOf('=');
        if (equals > 0 && !line.startsWith("#") && !line.startsWith(";")) {
          values.put(
              line.substring(0, equals).replace("export ", ""),
              line.substring(equals + 1).strip().replaceAll("^(['\"])(.*)\\1$", "$2"));
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return values;
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
