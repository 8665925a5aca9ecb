/**
 * Child processes: started without a shell, secrets by environment only, output streamed and
 * masked, found again after a crash. Nothing here knows what the commands are for.
 */
@NullMarked
package io.rackgateway.deploy.process;

import org.jspecify.annotations.NullMarked;
