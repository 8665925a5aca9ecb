package io.rackgateway.deploy.driver;

import org.jspecify.annotations.Nullable;

/**
 * What an instance answered to a request that was made beside it, in its own network.
 *
 * @param instance its name
 * @param status the HTTP status; 0 where there was no answer
 * @param body the first 64 KiB of the body
 * @param problem why there was no answer; null where there was one
 */
public record InsideAnswer(String instance, int status, String body, @Nullable String problem) {}
