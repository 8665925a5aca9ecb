/**
 * The state of the gateway's database schema, read and compared. Nothing here changes a database.
 */
@NullMarked
package io.rackgateway.deploy.migration;

import org.jspecify.annotations.NullMarked;
