/**
 * Upstream releases: which there are, what their notes say, and what their source holds that an
 * upgrade has to know. Where they come from is the business of the packages below.
 */
@NullMarked
package io.rackgateway.deploy.release;

import org.jspecify.annotations.NullMarked;
