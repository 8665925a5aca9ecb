/**
 * Addresses of PostgreSQL databases and connections to them, for whatever reads or dumps one. What
 * is asked of a database does not live here.
 */
@NullMarked
package io.rackgateway.deploy.postgres;

import org.jspecify.annotations.NullMarked;
