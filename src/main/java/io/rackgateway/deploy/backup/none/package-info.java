/** The choice not to back up by this tool, with its reason. */
@NullMarked
package io.rackgateway.deploy.backup.none;

import org.jspecify.annotations.NullMarked;
