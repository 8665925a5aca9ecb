/** Checks and the availability probe that ask the gateway over HTTP, as its users do. */
@NullMarked
package io.rackgateway.deploy.verify.http;

import org.jspecify.annotations.NullMarked;
