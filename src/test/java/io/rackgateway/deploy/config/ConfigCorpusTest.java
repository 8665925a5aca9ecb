package io.rackgateway.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.model.DeployException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The parser and the JSON Schema, with a YAML reader of its own, judge the same files. */
class ConfigCorpusTest {

  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(new SchemaGenerator().generate());

  static List<Corpus.Case> valid() {
    return Corpus.valid();
  }

  static List<Corpus.Case> invalid() {
    return Corpus.invalid();
  }

  @ParameterizedTest
  @MethodSource
  void valid(Corpus.Case file) {
    assertThatCode(() -> load(file)).doesNotThrowAnyException();
    assertThat(SCHEMA.validate(file.text(), InputFormat.YAML)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource
  void invalid(Corpus.Case file) {
    DeployException.Usage usage =
        catchThrowableOfType(DeployException.Usage.class, () -> load(file));
    assertThat(usage).as("the parser must refuse %s", file).isNotNull();

    List<String> found = new ArrayList<>(List.of(usage.problem().summary()));
    found.addAll(usage.problem().details());
    List<String> expected = new ArrayList<>(file.comments("expect"));
    expected.addAll(file.comments("also"));
    assertThat(found).hasSameSizeAs(expected);
    for (int index = 0; index < found.size(); index++) {
      assertThat(found.get(index)).startsWith(file.file() + ":" + expected.get(index));
    }
    assertThat(usage.problem().next()).isNotBlank();

    if (file.comments("schema").isEmpty()) {
      assertThat(SCHEMA.validate(file.text(), InputFormat.YAML))
          .as("the schema must refuse %s", file)
          .isNotEmpty();
    } else {
      assertThat(file.comments("schema")).allMatch(reason -> reason.startsWith("accepts, "));
      assertThat(SCHEMA.validate(file.text(), InputFormat.YAML))
          .as("the schema is said to accept %s", file)
          .isEmpty();
    }
  }

  @Test
  void noErrorShowsAValueOfTheEnvironmentOrAWrittenPassword() {
    for (Corpus.Case file : invalid()) {
      DeployException.Usage usage =
          catchThrowableOfType(DeployException.Usage.class, () -> load(file));
      assertThat(usage.problem().toString())
          .doesNotContain("hunter22", "some-word", "p%40ss-word", "rgw_");
    }
  }

  private static Configuration load(Corpus.Case file) {
    return ConfigLoader.load(file.file(), Map.of(), Corpus.ENVIRONMENT, new Secrets());
  }
}
