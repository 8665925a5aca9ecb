/**
 * The port to a platform that runs gateways. Each platform is one package below this one; nothing
 * here knows a platform by name.
 */
@NullMarked
package io.rackgateway.deploy.driver;

import org.jspecify.annotations.NullMarked;
