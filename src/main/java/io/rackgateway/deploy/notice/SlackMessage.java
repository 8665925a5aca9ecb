package io.rackgateway.deploy.notice;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A message for what takes Slack's incoming webhooks: {@code text} for notifications, {@code
 * blocks} for the channel. The three characters that steer Slack's text are escaped, see
 * https://docs.slack.dev/messaging/formatting-message-text; a section takes 3,000 characters, see
 * https://docs.slack.dev/reference/block-kit/blocks/section-block.
 */
final class SlackMessage {

  private static final int LONGEST = 2_800;
  private static final int LONGEST_TITLE = 300;

  private final ObjectMapper mapper;
  private final UnaryOperator<String> mask;

  SlackMessage(ObjectMapper mapper, UnaryOperator<String> mask) {
    this.mapper = mapper;
    this.mask = mask;
  }

  ObjectNode of(Notice notice) {
    ObjectNode message = mapper.createObjectNode();
    String title = title(notice);
    message.put("text", safe(title + ": " + notice.message(), LONGEST));
    ArrayNode blocks = message.putArray("blocks");
    section(
        blocks, "*" + safe(title, LONGEST_TITLE) + "*\n" + safe(notice.message(), LONGEST - 400));
    for (Gate gate : notice.gates()) {
      section(
          blocks,
          safe(
              gate.name()
                  + ": "
                  + gate.evidence()
                  + "\n"
                  + String.join(
                      "\n",
                      gate.acknowledge().stream()
                          .map(value -> "--accept " + gate.name() + "=" + value)
                          .toList()),
              LONGEST));
    }
    RunResult result = notice.result();
    String next = result == null ? null : result.next();
    if (next != null) {
      section(blocks, "Next: " + safe(next, LONGEST));
    }
    ObjectNode context = blocks.addObject();
    context.put("type", "context");
    text(context.putArray("elements").addObject(), safe(facts(notice), LONGEST));
    return message;
  }

  private static String title(Notice notice) {
    String what = "'" + notice.gateway() + "': " + notice.command();
    String versions = notice.to() == null ? "" : " " + arrow(notice.from()) + notice.to();
    return what
        + versions
        + switch (notice.about()) {
          case START -> " has begun";
          case APPROVAL -> " waits for an approval";
          case SUCCESS -> " is done";
          case FAILURE -> " failed";
          case ROLLBACK -> " is being rolled back";
        };
  }

  private static String arrow(@Nullable String from) {
    return from == null ? "to " : from + " → ";
  }

  private static String facts(Notice notice) {
    List<String> facts = new ArrayList<>();
    if (notice.run() != null) {
      facts.add("run " + notice.run());
    }
    RunResult result = notice.result();
    if (result != null) {
      facts.add(result.outcome().label() + " (" + result.outcome().code() + ")");
      if (result.running() != null) {
        facts.add("runs now: " + result.running());
      }
      if (result.downtime() != null) {
        facts.add("downtime " + result.downtime().total().toMillis() + " ms");
      }
    }
    facts.add(notice.about().name().toLowerCase(Locale.ROOT) + " at " + notice.time());
    return String.join(" · ", facts);
  }

  private static void section(ArrayNode blocks, String text) {
    ObjectNode section = blocks.addObject();
    section.put("type", "section");
    text(section.putObject("text"), text);
  }

  private static void text(ObjectNode place, String text) {
    place.put("type", "mrkdwn");
    place.put("text", text);
  }

  /** Masked, then cut, then escaped, so that neither a secret nor an escape is cut in two. */
  private String safe(String text, int most) {
    String masked = mask.apply(text);
    StringBuilder safe = new StringBuilder();
    int[] points = masked.codePoints().toArray();
    for (int point : points) {
      String next =
          switch (point) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            default -> Character.toString(point);
          };
      if (safe.length() + next.length() >= most) {
        return safe.append('…').toString();
      }
      safe.append(next);
    }
    return safe.toString();
  }
}
