/** Text of others made fit for messages, and words that were probably meant. */
@NullMarked
package io.rackgateway.deploy.text;

import org.jspecify.annotations.NullMarked;
