/**
 * Drives a gateway that is an app of a Convox rack, over the rack's API, directly or through a Rack
 * Gateway. A release carries the id of its run in its description, so that a repeated effect finds
 * the first one's.
 */
@NullMarked
package io.rackgateway.deploy.driver.convox;

import org.jspecify.annotations.NullMarked;
