/**
 * Restores snapshots into a server of their own, which takes the live one's place by its address:
 * the platform gives the gateway another one. What service takes the snapshots, and what platform
 * runs the gateway, is not known here.
 */
@NullMarked
package io.rackgateway.deploy.restore.snapshot;

import org.jspecify.annotations.NullMarked;
