/**
 * The port to whatever makes restorable copies of the gateway's database. Each kind of backup is
 * one package below this one.
 */
@NullMarked
package io.rackgateway.deploy.backup;

import org.jspecify.annotations.NullMarked;
