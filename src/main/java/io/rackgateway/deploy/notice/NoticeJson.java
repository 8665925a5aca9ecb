package io.rackgateway.deploy.notice;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rackgateway.deploy.config.NotifyConfig.Format;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.Downtime;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.RunResult;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The bodies of notices, as {@code docs/notices.md} describes them. Secrets are masked. */
final class NoticeJson {

  /** The version of the plain form; it grows when a reader of the old form would be misled. */
  static final int SCHEMA = 1;

  private final ObjectMapper mapper = new ObjectMapper();
  private final Secrets secrets;

  NoticeJson(Secrets secrets) {
    this.secrets = secrets;
  }

  String write(Notice notice, Format format) {
    return switch (format) {
      case JSON -> plain(notice).toString();
      case SLACK -> new SlackMessage(mapper, secrets::mask).of(notice).toString();
    };
  }

  private ObjectNode plain(Notice notice) {
    ObjectNode body = mapper.createObjectNode();
    body.put("schema", SCHEMA);
    body.put("notice", notice.about().name().toLowerCase(Locale.ROOT));
    body.put("time", notice.time().toString());
    body.put("gateway", notice.gateway());
    body.put("command", notice.command());
    body.put("run", notice.run());
    body.put("from", notice.from());
    body.put("to", notice.to());
    body.put("message", secrets.mask(notice.message()));
    ArrayNode gates = body.putArray("gates");
    for (Gate gate : notice.gates()) {
      ObjectNode entry = gates.addObject();
      entry.put("name", gate.name());
      entry.put("evidence", secrets.mask(gate.evidence()));
      ArrayNode accept = entry.putArray("accept");
      gate.acknowledge().forEach(value -> accept.add(gate.name() + "=" + secrets.mask(value)));
    }
    end(body, notice.result());
    return body;
  }

  private void end(ObjectNode body, @Nullable RunResult result) {
    if (result == null) {
      body.putNull("result");
      return;
    }
    ObjectNode end = body.putObject("result");
    end.put("outcome", result.outcome().label());
    end.put("exitCode", result.outcome().code());
    end.put("running", result.running());
    String next = result.next();
    end.put("next", next == null ? null : secrets.mask(next));
    end.put("rolledBack", result.rolledBack());
    Backup backup = result.backup();
    end.put("backup", backup == null ? null : backup.location());
    Downtime downtime = result.downtime();
    if (downtime == null) {
      end.putNull("downtimeMillis");
    } else {
      end.put("downtimeMillis", downtime.total().toMillis());
    }
    end.put("diagnostics", result.diagnostics());
    end.put("startedAt", result.startedAt().toString());
    end.put("finishedAt", result.finishedAt().toString());
  }
}
