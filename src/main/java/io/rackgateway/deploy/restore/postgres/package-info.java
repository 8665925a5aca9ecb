/**
 * Restores archives into a new database on the live one's own server, and switches by renaming
 * both. All SQL of that is here; what runs the gateway is not known here.
 */
@NullMarked
package io.rackgateway.deploy.restore.postgres;

import org.jspecify.annotations.NullMarked;
