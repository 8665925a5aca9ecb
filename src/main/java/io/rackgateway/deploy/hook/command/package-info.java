/** The commands that a configuration names, run as child processes with the facts of the run. */
@NullMarked
package io.rackgateway.deploy.hook.command;

import org.jspecify.annotations.NullMarked;
