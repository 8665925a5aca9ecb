/**
 * Releases from files of this machine, where the runner cannot or may not reach GitHub. Nothing
 * here uses the network.
 */
@NullMarked
package io.rackgateway.deploy.release.file;

import org.jspecify.annotations.NullMarked;
