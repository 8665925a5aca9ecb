/**
 * Drives a gateway that is a Deployment of a Kubernetes cluster, through the cluster's own API.
 * Nothing else of the tool knows what a pod is, and no other package refers to the client library,
 * so that other commands do not load it.
 */
@NullMarked
package io.rackgateway.deploy.driver.kubernetes;

import org.jspecify.annotations.NullMarked;
