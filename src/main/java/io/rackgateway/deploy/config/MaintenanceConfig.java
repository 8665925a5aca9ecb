package io.rackgateway.deploy.config;

import java.time.Duration;
import java.util.List;

/** The section {@code gates.maintenance}. */
public record MaintenanceConfig(
    @Key(value = "The time zone of what follows.", orElse = "UTC", shown = true) String timeZone,
    @Key(
            value =
                "When the window opens, in cron's five fields: minute, hour, day of month, month, day of week. None"
                    + " means always.",
            orElse = "[]",
            min = 0,
            shown = true)
        List<String> opens,
    @Key(value = "How long it stays open.", orElse = "4h") Duration duration,
    @Key(
            value =
                "Days without upgrades, each a date or FROM/TO, both included: 2026-12-20/2027-01-03.",
            orElse = "[]",
            pattern = "^\\d{4}-\\d{2}-\\d{2}(/\\d{4}-\\d{2}-\\d{2})?$",
            expected = "a date such as 2026-12-24, or two with / between them",
            min = 0,
            shown = true)
        List<String> freezes) {}
