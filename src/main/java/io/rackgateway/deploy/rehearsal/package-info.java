/**
 * Proves backups by restoring them into scratch databases, and runs a release's migrations there.
 * How a backup is made and where scratch databases come from does not live here.
 */
@NullMarked
package io.rackgateway.deploy.rehearsal;

import org.jspecify.annotations.NullMarked;
