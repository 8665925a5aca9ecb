/**
 * Diagnoses as folders that are safe to attach to a ticket: one page, and the texts it rests on.
 * Each part is found out by itself, so that one that hangs or fails takes nothing else with it.
 */
@NullMarked
package io.rackgateway.deploy.diagnose.folder;

import org.jspecify.annotations.NullMarked;
