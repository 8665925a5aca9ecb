package io.rackgateway.deploy.convox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExecStreamTest {

  private final List<String> lines = new ArrayList<>();
  private final ExecStream stream = new ExecStream(lines::add);

  @Test
  void theMarkerAndCharactersMayBreakAnywhere() {
    byte[] all =
        ("première ligne\r\nsecond €\nno end" + ExecStream.MARKER + "17\n")
            .getBytes(StandardCharsets.UTF_8);
    for (byte one : all) {
      stream.bytes(ByteBuffer.wrap(new byte[] {one}));
    }

    assertThat(stream.end()).hasValue(17);
    assertThat(lines).containsExactly("première ligne", "second €", "no end");
  }

  @Test
  void withoutAMarkerNothingIsKnown() {
    stream.text("migrating\n");

    assertThat(stream.end()).isEmpty();
    assertThat(lines).containsExactly("migrating");
  }

  @Test
  void aZeroThatIsFollowedByAnErrorIsNoSuccess() {
    stream.text(ExecStream.MARKER + "0\nERROR: pods \"x\" not found");

    assertThat(stream.end()).isEmpty();
  }

  @Test
  void aMarkerThatBreaksOffIsNone() {
    stream.text("done\n" + ExecStream.MARKER.substring(0, 20));

    assertThat(stream.end()).isEmpty();
  }

  @Test
  void aSessionOfAnOlderRackIsRecognised() {
    stream.text("\0{\"sessionId\":");

    assertThat(stream.wantsSession()).isTrue();
  }
}
