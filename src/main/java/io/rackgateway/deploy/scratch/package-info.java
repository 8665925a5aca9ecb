/**
 * Databases to restore backups into for a while: on an embedded server, or on one that the
 * configuration names. What is done with them does not live here.
 */
@NullMarked
package io.rackgateway.deploy.scratch;

import org.jspecify.annotations.NullMarked;
