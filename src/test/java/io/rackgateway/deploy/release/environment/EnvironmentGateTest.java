package io.rackgateway.deploy.release.environment;

import static io.rackgateway.deploy.release.KnownReleases.upgrade;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.rackgateway.deploy.gate.GateAnswer;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.EnvironmentVariable;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Gate.Result;
import io.rackgateway.deploy.release.KnownReleases;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentGateTest {

  private static final String OLD =
      """
      environment:
        - DOMAIN
        - PORT=8080
        - LOG_LEVEL
      services:
        gateway:
          image: example.com/gateway
          environment:
            - RACK_TOKEN
        admin:
          environment:
            - "*"
      """;

  private static final String NEW =
      """
      environment:
        - DOMAIN
        - PORT
        - LOG_LEVEL=info
        - THEME=
      services:
        gateway:
          environment:
            - RACK_TOKEN
            - AUDIT_HMAC_SECRET
            - "*"
        admin:
          environment:
            ADMIN_DATABASE_URL:
            POOL: 5
        worker:
          environment:
            - WORKER_KEY
      """;

  @Test
  void newVariablesThatAreNotSetBlockWithTheCommandThatSetsThem() {
    Gate gate = judge(OLD, NEW, "convox", Set.of("DOMAIN", "PORT")).gate();

    assertThat(gate.result()).isEqualTo(Result.BLOCK);
    assertThat(gate.evidence())
        .isEqualTo("ADMIN_DATABASE_URL, AUDIT_HMAC_SECRET are needed and not set");
    assertThat(gate.next())
        .startsWith("set them: convox env set ADMIN_DATABASE_URL=… AUDIT_HMAC_SECRET=… -a APP, or")
        .endsWith("--accept environment=ADMIN_DATABASE_URL --accept environment=AUDIT_HMAC_SECRET");
    assertThat(gate.details())
        .containsExactly(
            "ADMIN_DATABASE_URL: convox.yml of v1.1.0 asks for it",
            "AUDIT_HMAC_SECRET: convox.yml of v1.1.0 asks for it");
    assertThat(gate.acknowledge()).containsExactly("ADMIN_DATABASE_URL", "AUDIT_HMAC_SECRET");
  }

  @Test
  void aVariableThatLostItsDefaultIsNew() {
    assertThat(judge(OLD, NEW, "compose", Set.of()).outlook().environment())
        .extracting(EnvironmentVariable::name)
        .containsExactly("ADMIN_DATABASE_URL", "AUDIT_HMAC_SECRET", "PORT");
  }

  @Test
  void passesWhereAllAreSet() {
    GateAnswer answer =
        judge(OLD, NEW, "host", Set.of("PORT", "AUDIT_HMAC_SECRET", "ADMIN_DATABASE_URL"));

    assertThat(answer.gate().result()).isEqualTo(Result.PASS);
    assertThat(answer.outlook().environment()).hasSize(3).allMatch(EnvironmentVariable::set);
  }

  @Test
  void whatTheConfigurationListsIsAskedForToo() {
    Gate gate = judge(OLD, OLD, "compose", Set.of(), "PROXY").gate();

    assertThat(gate.result()).isEqualTo(Result.BLOCK);
    assertThat(gate.details()).containsExactly("PROXY: gates.environment asks for it");
    assertThat(gate.next())
        .startsWith("add to the service's environment in the Compose file: PROXY=…, or");
  }

  @Test
  void anUnknownEnvironmentIsNotEvaluatedWhereSomethingIsNeeded() {
    assertThat(blocked(() -> judge(OLD, NEW, "host", null)).problem().summary())
        .isEqualTo(
            "it is not known which variables are set for the gateway; 3 variables are needed");
    assertThat(judge(OLD, OLD, "host", null).gate().result()).isEqualTo(Result.PASS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|v1.0.0 has no convox.yml",
        "'a: [1'|convox.yml of v1.0.0 cannot be understood: it is no valid YAML in line 1",
        "'services: 5'|convox.yml of v1.0.0 cannot be understood: services is no mapping"
      })
  void withoutTheOldManifestAllThatTheTargetRequiresIsJudged(String old, String doubt) {
    Gate gate = judge(old.isEmpty() ? null : old, NEW, "compose", Set.of("PORT")).gate();

    assertThat(gate.result()).isEqualTo(Result.BLOCK);
    assertThat(gate.evidence()).endsWith("; " + doubt + ", so all that v1.1.0 requires was judged");
    assertThat(gate.acknowledge())
        .containsExactly("ADMIN_DATABASE_URL", "AUDIT_HMAC_SECRET", "DOMAIN", "RACK_TOKEN");
  }

  @Test
  void aVersionThatRunsAndWasNeverReleasedIsTreatedAlike() {
    KnownReleases releases = new KnownReleases().withManifest("v1.1.0", NEW);
    Gate gate =
        new EnvironmentGate(releases, "convox.yml", List.of())
            .answer(upgrade("v1.0.9", "v1.1.0", "compose", Set.of()))
            .gate();

    assertThat(gate.evidence()).contains("convox.yml of v1.0.9 cannot be read");
    assertThat(gate.acknowledge()).hasSize(5);
  }

  @Test
  void aTargetWithoutManifestWarns() {
    Gate gate = judge(OLD, null, "compose", Set.of()).gate();

    assertThat(gate.result()).isEqualTo(Result.WARN);
    assertThat(gate.evidence())
        .isEqualTo(
            "whether other variables are newly needed is not known; v1.1.0 has no convox.yml");
    assertThat(judge(OLD, null, "compose", Set.of(), "PROXY").gate().result())
        .isEqualTo(Result.BLOCK);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[",
        "- a",
        "just words",
        "environment: words",
        "environment: [[[A]]]",
        "environment: [5]",
        "environment: ['A B']",
        "environment: [\"A\\e[2J\"]",
        "environment: [A]\nenvironment: [B]",
        "services: {gateway: [1]}",
        "!!javax.script.ScriptEngineManager [x]",
        "a: &a [*a]\nenvironment: *a",
        "\u0000",
        "a: 1\n--- \nb: 2"
      })
  void aTargetsManifestThatMakesNoSenseIsNotEvaluated(String manifest) {
    assertThat(blocked(() -> judge(OLD, manifest, "compose", Set.of())).problem().summary())
        .startsWith("convox.yml of v1.1.0 cannot be understood: ")
        .doesNotContain("\u001b");
  }

  @Test
  void laughsAndDepthsAreRefusedInNoTime() {
    StringBuilder laughs = new StringBuilder("a: &a [x, x, x, x, x, x, x, x, x]\n");
    for (char c = 'b'; c <= 'z'; c++) {
      String inner = ("*" + (char) (c - 1) + ", ").repeat(8);
      laughs.append(c).append(": &").append(c).append(" [").append(inner).append("x]\n");
    }
    String deep = "environment: " + "[".repeat(50_000);

    assertThat(blocked(() -> judge(OLD, laughs.toString(), "compose", Set.of()))).isNotNull();
    assertThat(blocked(() -> judge(OLD, deep, "compose", Set.of()))).isNotNull();
    String long1 = "# " + "x".repeat(1 << 21);
    assertThat(blocked(() -> judge(OLD, long1, "compose", Set.of()))).isNotNull();
  }

  @Test
  void anAnchoredListInAListAndMergedMappingsAreRead() {
    String manifest =
        """
        x: &shared
          - SHARED
        services:
          web: &web
            environment: [*shared, OWN]
          api:
            <<: *web
        """;

    assertThat(judge(OLD, manifest, "compose", Set.of()).gate().acknowledge())
        .containsExactly("OWN", "SHARED");
  }

  private static GateAnswer judge(
      @Nullable String from,
      @Nullable String to,
      String platform,
      @Nullable Set<String> set,
      String... configured) {
    KnownReleases releases =
        new KnownReleases().withManifest("v1.0.0", from).withManifest("v1.1.0", to);
    return new EnvironmentGate(releases, "convox.yml", List.of(configured))
        .answer(upgrade("v1.0.0", "v1.1.0", platform, set));
  }

  private static DeployException.Blocked blocked(Runnable action) {
    return catchThrowableOfType(DeployException.Blocked.class, action::run);
  }
}
