/**
 * Backups of a PostgreSQL resource that Convox manages: the export that its rack makes, kept in a
 * folder of this machine, and its import.
 */
@NullMarked
package io.rackgateway.deploy.backup.convox;

import org.jspecify.annotations.NullMarked;
