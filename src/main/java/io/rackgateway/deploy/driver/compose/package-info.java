/**
 * Drives a gateway that is a service of a Docker Compose project, through the {@code docker} and
 * Compose command lines. What containers there are and how they fare is always asked of Docker.
 */
@NullMarked
package io.rackgateway.deploy.driver.compose;

import org.jspecify.annotations.NullMarked;
