/**
 * The journal in a relational database: H2 in a file of this machine, or PostgreSQL shared by
 * runners. SQL lives here and nowhere else.
 */
@NullMarked
package io.rackgateway.deploy.journal.jdbc;

import org.jspecify.annotations.NullMarked;
