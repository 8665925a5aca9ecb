/**
 * Finds in which rows two databases differ, and keeps these on disk. Which database is live and how
 * they change places is not known here.
 */
@NullMarked
package io.rackgateway.deploy.restore.delta;

import org.jspecify.annotations.NullMarked;
