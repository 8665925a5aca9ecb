/**
 * A gateway on a machine of one's own: releases as folders, a link {@code current} to the one that
 * runs, and a process, a systemd unit or commands of the user's that run it.
 */
@NullMarked
package io.rackgateway.deploy.driver.host;

import org.jspecify.annotations.NullMarked;
