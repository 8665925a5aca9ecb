/**
 * The server of a database that is restored: who is connected to it, which databases it has, and
 * what restores wrote into their comments. What a restore does with them is not known here.
 */
@NullMarked
package io.rackgateway.deploy.restore.server;

import org.jspecify.annotations.NullMarked;
