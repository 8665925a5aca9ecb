/**
 * A client of the Convox rack API, of a rack itself or through a Rack Gateway in front of it. Knows
 * the calls and their failures, and nothing of what they are used for.
 */
@NullMarked
package io.rackgateway.deploy.convox;

import org.jspecify.annotations.NullMarked;
