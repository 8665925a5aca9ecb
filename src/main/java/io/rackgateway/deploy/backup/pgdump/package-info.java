/**
 * Backups by {@code pg_dump} into a folder of this machine, each one a folder with its archive, its
 * checksums and its description.
 */
@NullMarked
package io.rackgateway.deploy.backup.pgdump;

import org.jspecify.annotations.NullMarked;
