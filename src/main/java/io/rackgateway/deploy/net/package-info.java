/**
 * What HTTP clients of this tool have in common: why a server gave no answer, and links of pages.
 */
@NullMarked
package io.rackgateway.deploy.net;

import org.jspecify.annotations.NullMarked;
