package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ExitCode;
import io.rackgateway.deploy.model.Proof;
import io.rackgateway.deploy.model.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

@Command(
    name = "backups",
    description = {
      "Lists the gateway's backups where they are kept, newest first,",
      "with those that the journal knows but that are gone."
    })
final class BackupsCommand extends AppCommand {

  BackupsCommand(App app) {
    super(app);
  }

  @Override
  String name() {
    return "backups";
  }

  /**
   * One line, and what {@code backups --json} prints.
   *
   * @param gone true when only the journal knows of it
   */
  record Listed(
      String id,
      String kind,
      String gateway,
      @Nullable Version gatewayVersion,
      long bytes,
      Proof proof,
      Instant createdAt,
      long ageSeconds,
      String location,
      boolean gone) {

    static Listed of(Backup backup, Instant now, boolean gone) {
      return new Listed(
          backup.id(),
          backup.kind(),
          backup.gateway(),
          backup.gatewayVersion(),
          backup.bytes(),
          backup.proof(),
          backup.createdAt(),
          Math.max(0, Duration.between(backup.createdAt(), now).toSeconds()),
          backup.location(),
          gone);
    }
  }

  @Override
  ExitCode run(Session session) {
    List<Listed> backups = backups(session);
    if (options.json) {
      session.print(session.json().writeAny(backups));
      return ExitCode.DONE;
    }
    if (backups.isEmpty()) {
      session.output().line("there are no backups of '" + session.gatewayName() + "'");
      return ExitCode.DONE;
    }
    int widest = backups.stream().mapToInt(backup -> backup.id().length()).max().orElse(0);
    int name = Math.max(7, session.gatewayName().length());
    String form = "%-" + widest + "s  %-8s %-" + name + "s  %-9s %9s  %-9s %6s  %s";
    session
        .output()
        .line(
            String.format(
                form, "id", "kind", "gateway", "version", "size", "proof", "age", "location"));
    for (Listed backup : backups) {
      Version version = backup.gatewayVersion();
      session
          .output()
          .line(
              Output.clean(
                  String.format(
                      form,
                      backup.id(),
                      backup.kind(),
                      backup.gateway(),
                      version == null ? "-" : version,
                      Durations.bytes(backup.bytes()),
                      backup.gone() ? "gone" : backup.proof().label(),
                      Durations.age(Duration.ofSeconds(backup.ageSeconds())),
                      backup.location())));
    }
    return ExitCode.DONE;
  }

  /** What is there, with the further proof of the two that the store and the journal tell. */
  private static List<Listed> backups(Session session) {
    Instant now = session.clock().instant();
    Map<String, Backup> recorded = new LinkedHashMap<>();
    session
        .existingJournal()
        .map(journal -> journal.backups(session.gatewayName()))
        .orElse(List.of())
        .forEach(backup -> recorded.put(backup.id(), backup));
    List<Listed> all = new ArrayList<>();
    try {
      for (Backup backup : session.ports().backup().list(session.gatewayName())) {
        Backup known = recorded.remove(backup.id());
        all.add(Listed.of(known == null ? backup : backup.proven(known.proof()), now, false));
      }
    } catch (DeployException.StepFailed e) {
      session.emit(
          new Event.Notice(
              e.problem().summary() + "; these are the backups that the journal knows"));
      return recorded.values().stream().map(backup -> Listed.of(backup, now, false)).toList();
    }
    String kind = session.ports().backup().kind();
    recorded
        .values()
        .forEach(backup -> all.add(Listed.of(backup, now, backup.kind().equals(kind))));
    all.sort((one, other) -> other.createdAt().compareTo(one.createdAt()));
    return all;
  }
}
