package io.rackgateway.deploy.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The section {@code gates}. */
public record GatesConfig(
    @Key(
            value =
                "What was decided about gates that would block, each as GATE=VALUE; --accept adds to it.",
            orElse = "[]",
            pattern = "^[a-z]+(-[a-z]+)*=.+$",
            expected = "GATE=VALUE, such as release-notes=v2.0.0",
            min = 0,
            shown = true)
        List<String> accept,
    @Key(value = "How long a gate gets to be evaluated.", orElse = "20s") Duration deadline,
    @Key(
            value =
                "Variables that the gateway must have, besides those that its releases ask for.",
            orElse = "[]",
            pattern = "^[A-Za-z_][A-Za-z0-9_]*$",
            expected = "the name of a variable",
            min = 0,
            shown = true)
        List<String> environment,
    @Key(
            value =
                "Things that a person has to do before each upgrade and confirm with --accept manual=ITEM, in words"
                    + " joined by hyphens.",
            orElse = "[]",
            pattern = "^[a-z0-9]+(-[a-z0-9]+)*$",
            expected = "words joined by hyphens, such as notify-users",
            min = 0,
            shown = true)
        List<String> manual,
    @Key("When upgrades may run.") @Nullable MaintenanceConfig maintenance,
    @Key(
            value =
                "From how many rows on a table counts as big: a migration that locks it needs attention.",
            orElse = "100000",
            max = 100_000_000)
        int bigTable) {}
