package io.rackgateway.deploy.model;

import java.time.Instant;

/**
 * One look at a gateway after its upgrade; those of one upgrade add up to one record.
 *
 * @param run the upgrade
 * @param at when it was looked
 * @param from when the stretch of log begins that was read
 * @param until when it ends; the same as {@code from} where none was read
 * @param traffic how requests were answered in it
 * @param probes how many health probes were sent
 * @param failures how many of them failed
 * @param verdict what this look came to, with all before it
 * @param evidence what the verdict rests on, for people
 */
public record Look(
    RunId run,
    Instant at,
    Instant from,
    Instant until,
    Traffic traffic,
    int probes,
    int failures,
    Verdict verdict,
    String evidence) {}
