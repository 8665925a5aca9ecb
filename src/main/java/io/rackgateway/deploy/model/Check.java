package io.rackgateway.deploy.model;

import java.time.Duration;

/**
 * One verified fact about the running gateway.
 *
 * @param name stable, lower case: {@code health}
 * @param evidence what was found, one sentence without secrets
 * @param duration how long finding out took
 */
public record Check(String name, Verdict verdict, String evidence, Duration duration) {}
