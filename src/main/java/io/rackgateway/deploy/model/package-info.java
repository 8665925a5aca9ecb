/**
 * Values that every other package speaks in: versions, plans, runs, backups, checks. No I/O and no
 * framework lives here.
 */
@NullMarked
package io.rackgateway.deploy.model;

import org.jspecify.annotations.NullMarked;
