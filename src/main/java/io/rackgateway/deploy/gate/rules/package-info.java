/**
 * Gates that judge by rules alone: the versions, the platform's own settings, the calendar, and
 * what people confirm. Nothing here knows a platform or changes anything.
 */
@NullMarked
package io.rackgateway.deploy.gate.rules;

import org.jspecify.annotations.NullMarked;
