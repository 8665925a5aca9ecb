package io.rackgateway.deploy.model;

import java.time.Duration;

/**
 * What a new version has to keep to while it is watched.
 *
 * @param period how long it is watched
 * @param errorRate the greatest share of requests that may be answered with a server error, from 0
 *     to 1
 * @param p99 what 99 of 100 requests must be answered within
 * @param healthFailures how many health probes may fail
 */
public record BakeLimits(Duration period, double errorRate, Duration p99, int healthFailures) {}
