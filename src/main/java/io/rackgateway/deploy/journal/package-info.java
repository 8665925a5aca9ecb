/** The durable record of runs, effects, backups and leases. SQL lives here and nowhere else. */
@NullMarked
package io.rackgateway.deploy.journal;

import org.jspecify.annotations.NullMarked;
