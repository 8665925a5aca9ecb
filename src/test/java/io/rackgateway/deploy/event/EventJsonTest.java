package io.rackgateway.deploy.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Phase;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.RunResult;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EventJsonTest {

  private final ObjectMapper plain = new ObjectMapper();
  private final EventJson json = new EventJson(new Secrets());

  @Test
  void everyKindOfEventHasASample() {
    assertThat(Samples.EVENTS.stream().map(Object::getClass))
        .containsExactlyInAnyOrder(Event.class.getPermittedSubclasses());
  }

  /** Readers outside this project depend on these lines: change one only with the schema number. */
  @Test
  void eventsAreWrittenAsTheyAlwaysWere() throws IOException {
    List<String> lines =
        Samples.EVENTS.stream()
            .map(event -> json.write(new EventRecord(7, Samples.TIME, Samples.RUN, event)))
            .toList();

    assertThat(lines).containsExactlyElementsOf(golden("events.ndjson"));
  }

  @Test
  void plansAndResultsAreWrittenAsTheyAlwaysWere() throws IOException {
    assertThat(json.write(Samples.PLAN)).isEqualTo(golden("plan.json").get(0));
    assertThat(json.write(Samples.RESULT)).isEqualTo(golden("result.json").get(0));
  }

  @Test
  void anEventBeforeARunHasAnIdentitySaysSo() throws IOException {
    String line = json.write(new EventRecord(1, Samples.TIME, null, new Event.Notice("hello")));

    assertThat(plain.readTree(line).get("run").isNull()).isTrue();
  }

  @Test
  void anEventIsOneLineWhateverItsText() {
    Event event = new Event.Output("gateway", "first\nsecond\r\u2028third\u0000");

    assertThat(json.write(new EventRecord(1, Samples.TIME, null, event)).lines()).hasSize(1);
  }

  @Test
  void aPlanIsReadBackExactly() {
    assertThat(json.readPlan(json.write(Samples.PLAN), "plan.json")).isEqualTo(Samples.PLAN);
    assertThat(json.readPlan(json.writePretty(Samples.PLAN), "plan.json")).isEqualTo(Samples.PLAN);
  }

  @Test
  void aResultIsReadBackExactlyWithAndWithoutItsOptionalParts() {
    for (RunResult result : List.of(Samples.RESULT, Samples.EMPTY_RESULT)) {
      assertThat(json.readResult(json.write(result), "journal")).isEqualTo(result);
      assertThat(json.readResult(json.writePretty(result), "journal")).isEqualTo(result);
    }
  }

  @Test
  void aBackupIsReadBackExactly() {
    assertThat(json.readBackup(json.write(Samples.BACKUP), "backup.json"))
        .isEqualTo(Samples.BACKUP);
  }

  @Test
  void aBaselineABakeAndALookAreReadBackExactly() {
    assertThat(json.readBaseline(json.write(Samples.BASELINE), "journal"))
        .isEqualTo(Samples.BASELINE);
    assertThat(json.readBake(json.write(Samples.BAKE), "journal")).isEqualTo(Samples.BAKE);
    assertThat(json.readLook(json.write(Samples.LOOK), "journal")).isEqualTo(Samples.LOOK);
  }

  /** A signature is a line of the log, which may hold what should not have been logged. */
  @Test
  void theErrorsOfABaselineAreMasked() {
    Secrets secrets = new Secrets();
    secrets.add("upstream");

    assertThat(new EventJson(secrets).write(Samples.BASELINE)).contains("**** <n> refused");
  }

  @Test
  void aPlanOfAnotherSchemaIsRefused() {
    String newer = json.write(Samples.PLAN).replace("{\"schema\":2,", "{\"schema\":3,");

    assertUnusable(
        newer, "'plan.json' is a plan of schema 3; this version of the tool reads schema 2");
  }

  @Test
  void aPlanThatWasEditedByHandIsRefused() {
    String edited = json.write(Samples.PLAN).replace("\"stop-first\"", "\"recreate\"");

    assertUnusable(edited, "it was changed after it was made");
  }

  @Test
  void aFieldOfALaterVersionOfTheSameSchemaDoesNotHurt() {
    String later = json.write(Samples.PLAN).replace("{\"schema\":1,", "{\"schema\":1,\"new\":[1],");

    assertThat(json.readPlan(later, "plan.json")).isEqualTo(Samples.PLAN);
  }

  @Test
  void whatIsWrongWithAFileIsNamed() {
    String good = json.write(Samples.PLAN);

    assertUnusable("", "it is not a JSON object");
    assertUnusable("[]", "it is not a JSON object");
    assertUnusable("{}", "field 'schema' is missing");
    assertUnusable(good.substring(0, good.length() / 2), "it is not JSON, see line 1, column ");
    assertUnusable(good + "x", "it is not JSON");
    assertUnusable(good.replace("\"gateway\":\"production\",", ""), "field 'gateway' is missing");
    assertUnusable(
        good.replace("\"gateway\":\"production\"", "\"gateway\":null"),
        "field 'gateway' is missing");
    assertUnusable(good.replace("\"offset\":131,", ""), "field 'edits[0].offset' is missing");
    assertUnusable(
        good.replace("\"offset\":131", "\"offset\":\"131\""),
        "field 'edits[0].offset' has an unusable value");
    assertUnusable(
        good.replace("\"stop-first\"", "\"first-stop\""), "field 'strategy' has an unusable value");
    assertUnusable(
        good.replace("\"from\":\"v1.1.0\"", "\"from\":\"latest\""),
        "field 'from' has an unusable value");
    assertUnusable(good.replace("\"edits\":[", "\"edits\":[null,"), "field 'edits[0]' is missing");
    assertUnusable(good.replaceFirst("\\{", "{\"schema\":1,"), "it is not JSON");
  }

  private void assertUnusable(String text, String reason) {
    assertThatThrownBy(() -> json.readPlan(text, "plan.json"))
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("plan.json")
        .hasMessageContaining(reason)
        .hasMessageNotContaining("io.rackgateway");
  }

  @Test
  void aKnownSecretIsMaskedInEveryTextForPeople() {
    Secrets secrets = new Secrets();
    secrets.add("s3cr3t");
    secrets.add("p\"q\\r");
    EventJson masking = new EventJson(secrets);

    for (String secret : List.of("s3cr3t", "p\"q\\r")) {
      List<Event> events =
          List.of(
              new Event.PhaseFinished(Phase.BACKUP, Duration.ZERO, "bad " + secret),
              new Event.EffectStarted(Phase.BACKUP, "dump", "dump " + secret),
              new Event.Waiting(secret, Samples.TIME, Duration.ZERO),
              new Event.Output(secret, secret),
              new Event.Notice(secret),
              new Event.GatewayDown("x" + secret + "x"));
      for (Event event : events) {
        String line = masking.write(new EventRecord(1, Samples.TIME, null, event));
        assertThat(line).contains("****").doesNotContain("s3cr3t", "q\\\\r");
      }
    }
  }

  @Test
  void resultsAndPlansMaskWhatPeopleReadAndKeepWhatProgramsActUpon() throws IOException {
    Secrets secrets = new Secrets();
    // An unlucky password: it is part of names, references, labels and hashes too.
    for (String value : List.of("upgrade", "backup", "production", "prod", "gateway", "undone")) {
      secrets.add(value);
    }
    EventJson masking = new EventJson(secrets);

    Plan plan = masking.readPlan(masking.write(Samples.PLAN), "plan.json");
    assertThat(plan.inputs()).isEqualTo(Samples.PLAN.inputs());
    assertThat(plan.gates().get(0).evidence()).isEqualTo("no **** is taken");

    JsonNode result = plain.readTree(masking.write(Samples.RESULT));
    assertThat(result.get("outcome").asText()).isEqualTo("undone");
    assertThat(result.get("message").asText()).isEqualTo("the **** failed and was ****");
    assertThat(result.at("/backup/location").asText()).isEqualTo(Samples.BACKUP.location());
  }

  @Test
  void theFieldsThatAreNeverMaskedExist() {
    ExactFields.NAMES.forEach(
        (type, names) -> {
          Set<String> components =
              Arrays.stream(type.getRecordComponents())
                  .map(RecordComponent::getName)
                  .collect(Collectors.toSet());
          assertThat(components).as(type.getSimpleName()).containsAll(names);
        });
  }

  @Test
  void theDocumentationNamesEveryTypeAndField() throws IOException {
    Map<String, List<String>> documents =
        Map.of(
            "docs/events.md",
            Samples.EVENTS.stream()
                .filter(event -> !(event instanceof Event.RunFinished))
                .map(event -> json.write(new EventRecord(1, Samples.TIME, null, event)))
                .toList(),
            "docs/result.md",
            List.of(json.write(Samples.RESULT), json.write(Samples.PLAN)));
    for (Map.Entry<String, List<String>> document : documents.entrySet()) {
      String text = Files.readString(Path.of(document.getKey()));
      for (String line : document.getValue()) {
        for (String field : fields(plain.readTree(line))) {
          assertThat(text).as(document.getKey()).contains("`" + field + "`");
        }
      }
    }
    String events = Files.readString(Path.of("docs/events.md"));
    for (Event event : Samples.EVENTS) {
      assertThat(events).contains("`" + EventJson.type(event.getClass()) + "`");
    }
  }

  private static Set<String> fields(JsonNode node) {
    Set<String> names = new TreeSet<>();
    node.fieldNames().forEachRemaining(names::add);
    node.forEach(child -> names.addAll(fields(child)));
    return names;
  }

  private static List<String> golden(String name) throws IOException {
    try (InputStream file = EventJsonTest.class.getResourceAsStream("/event/" + name)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
