/**
 * A PostgreSQL server of this tool's own, started for a while and removed with all its data. What
 * is kept in it does not live here.
 */
@NullMarked
package io.rackgateway.deploy.postgres.embedded;

import org.jspecify.annotations.NullMarked;
