/**
 * What a run tells the world while it happens: typed events, masking of secrets, and their JSON
 * form. Nobody here decides anything.
 */
@NullMarked
package io.rackgateway.deploy.event;

import org.jspecify.annotations.NullMarked;
