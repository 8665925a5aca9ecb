/**
 * The environment that a release needs, as its Convox manifest declares it. Values are never read
 * nor kept, names only.
 */
@NullMarked
package io.rackgateway.deploy.release.environment;

import org.jspecify.annotations.NullMarked;
