package io.rackgateway.deploy.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.model.SchemaState;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchemaReadersTest {

  private static final SchemaState KNOWN = SchemaState.of(List.of("20250101000000"));
  private static final SchemaState EMPTY = SchemaState.of(List.of());

  @Test
  void theSecondIsAskedOnlyWhereTheFirstDoesNotKnow() {
    SchemaReader never =
        () -> {
          throw new AssertionError("asked in vain");
        };

    assertThat(SchemaReaders.inTurn(() -> EMPTY, never).read()).isEqualTo(EMPTY);
    assertThat(SchemaReaders.inTurn(() -> SchemaState.unknown("refused"), () -> KNOWN).read())
        .isEqualTo(KNOWN);
  }

  @Test
  void bothSayWhyWhereNeitherKnows() {
    assertThat(
            SchemaReaders.inTurn(
                    () -> SchemaState.unknown("connection refused"),
                    () -> SchemaState.unknown("service db was asked: not running"))
                .read()
                .unknown())
        .isEqualTo("connection refused; service db was asked: not running");
  }
}
