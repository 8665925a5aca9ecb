/**
 * The state machine of a run: planning, phases, rollback and resume. It knows the ports it drives
 * and never a platform, a database or a terminal.
 */
@NullMarked
package io.rackgateway.deploy.engine;

import org.jspecify.annotations.NullMarked;
