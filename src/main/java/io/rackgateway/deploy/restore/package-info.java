/**
 * The port to a database that is brought back to a backup beside the live one and then takes its
 * place. Nothing here knows how a server does that.
 */
@NullMarked
package io.rackgateway.deploy.restore;

import org.jspecify.annotations.NullMarked;
