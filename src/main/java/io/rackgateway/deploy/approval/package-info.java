/**
 * Deploy approvals of a Rack Gateway: asking for one, waiting for the decision, and making sure
 * that it still stands. Knows nothing of what is deployed with it.
 */
@NullMarked
package io.rackgateway.deploy.approval;

import org.jspecify.annotations.NullMarked;
