/** Checks that ask the gateway's database. */
@NullMarked
package io.rackgateway.deploy.verify.database;

import org.jspecify.annotations.NullMarked;
