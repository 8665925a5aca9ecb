/**
 * The command line: options, wiring, exit codes, terminal output. Every other package is assembled
 * here and nowhere else.
 */
@NullMarked
package io.rackgateway.deploy.cli;

import org.jspecify.annotations.NullMarked;
