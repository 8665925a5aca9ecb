/**
 * What {@code demo} shows the tool on, and what the tests run against: a stand-in for the gateway
 * and a PostgreSQL server of this machine's own. The stand-in's classes ({@code StandIn…}) use the
 * JDK and the PostgreSQL driver only, so that they also run alone.
 */
@NullMarked
package io.rackgateway.deploy.demo;

import org.jspecify.annotations.NullMarked;
