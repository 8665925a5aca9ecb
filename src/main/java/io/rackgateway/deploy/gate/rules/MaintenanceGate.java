package io.rackgateway.deploy.gate.rules;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.rackgateway.deploy.config.MaintenanceConfig;
import io.rackgateway.deploy.gate.GateAnswer;
import io.rackgateway.deploy.gate.GateCheck;
import io.rackgateway.deploy.gate.GateContext;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.Plan;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The gate {@code maintenance}: upgrades begin only while a window is open, and on no day that is
 * frozen. A plan may be made at any time, so then it only warns. What lifts it is the day's date,
 * so that it is lifted for that day alone.
 */
public final class MaintenanceGate implements GateCheck {

  private static final String NAME = Plan.MAINTENANCE;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("EEE yyyy-MM-dd HH:mm VV", Locale.ROOT);

  /** Days without upgrades, both included. */
  private record Freeze(LocalDate first, LocalDate last) {
    boolean holds(LocalDate day) {
      return !day.isBefore(first) && !day.isAfter(last);
    }
  }

  private final @Nullable ZoneId zone;
  private final List<ExecutionTime> opens = new ArrayList<>();
  private final List<Freeze> freezes = new ArrayList<>();
  private final Duration duration;
  private final Clock clock;

  /**
   * @param config null for no window and no freeze
   * @throws DeployException.Usage if the time zone, a schedule or a date in it is none
   */
  public MaintenanceGate(@Nullable MaintenanceConfig config, Clock clock) {
    this.clock = clock;
    this.zone = config == null ? null : zone(config.timeZone());
    this.duration = config == null ? Duration.ZERO : config.duration();
    if (config != null) {
      config.opens().forEach(text -> opens.add(schedule(text)));
      config.freezes().forEach(text -> freezes.add(freeze(text)));
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public GateAnswer answer(GateContext context) {
    return GateAnswer.of(judge(context.running()));
  }

  private Gate judge(boolean running) {
    if (zone == null) {
      return Gate.pass(NAME, "no maintenance window is configured: upgrades may run at any time");
    }
    ZonedDateTime now = clock.instant().atZone(zone);
    LocalDate today = now.toLocalDate();
    for (Freeze freeze : freezes) {
      if (freeze.holds(today)) {
        return closed(
            running,
            "no upgrades from " + freeze.first() + " to " + freeze.last() + ", and it is " + today,
            "run it from " + freeze.last().plusDays(1) + " on",
            today);
      }
    }
    if (opens.isEmpty()) {
      return Gate.pass(NAME, "no freeze holds on " + today);
    }
    Optional<ZonedDateTime> opened =
        opens.stream()
            .map(schedule -> lastOpening(schedule, now))
            .flatMap(Optional::stream)
            .max(Comparator.naturalOrder());
    if (opened.isPresent() && now.isBefore(opened.get().plus(duration))) {
      return Gate.pass(
          NAME, "the window is open until " + TIME.format(opened.get().plus(duration)));
    }
    String next =
        opens.stream()
            .map(schedule -> schedule.nextExecution(now))
            .flatMap(Optional::stream)
            .min(Comparator.naturalOrder())
            .map(TIME::format)
            .orElse("never");
    return closed(
        running, "the maintenance window is closed; it opens " + next, "run it then", today);
  }

  /** An opening at this very moment counts. */
  private static Optional<ZonedDateTime> lastOpening(ExecutionTime schedule, ZonedDateTime now) {
    return schedule.lastExecution(now.plusSeconds(1));
  }

  private static Gate closed(boolean running, String evidence, String next, LocalDate today) {
    String accept = next + ", or lift it for today: --accept " + NAME + "=" + today;
    return running
        ? Gate.block(NAME, evidence, accept).acknowledgedBy(List.of(today.toString()))
        : Gate.warn(NAME, evidence, next + "; until then 'upgrade' is refused");
  }

  private static ZoneId zone(String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw new DeployException.Usage(
          "gates.maintenance.timeZone: there is no time zone '" + text + "'",
          "give one of the IANA database, such as Europe/Berlin, or UTC");
    }
  }

  private static ExecutionTime schedule(String text) {
    try {
      return ExecutionTime.forCron(
          new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX)).parse(text));
    } catch (IllegalArgumentException e) {
      throw new DeployException.Usage(
          "gates.maintenance.opens: '" + text + "' is not a schedule: " + e.getMessage(),
          "give cron's five fields, such as '0 22 * * 1-4' for 22:00 from Monday to Thursday");
    }
  }

  private static Freeze freeze(String text) {
    String[] days = text.split("/", 2);
    try {
      LocalDate first = LocalDate.parse(days[0]);
      LocalDate last = days.length == 1 ? first : LocalDate.parse(days[1]);
      if (last.isBefore(first)) {
        throw new DeployException.Usage(
            "gates.maintenance.freezes: '" + text + "' ends before it begins",
            "give the earlier day first");
      }
      return new Freeze(first, last);
    } catch (DateTimeParseException e) {
      throw new DeployException.Usage(
          "gates.maintenance.freezes: '" + text + "' holds a day that does not exist",
          "give a date such as 2026-12-24, or two with / between them");
    }
  }
}
