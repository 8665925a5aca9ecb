/**
 * Image registries: whether an image is there, under which digest and for which platforms, by the
 * OCI distribution specification, with the credentials that Docker has. Nothing here fetches layers
 * or changes a registry.
 */
@NullMarked
package io.rackgateway.deploy.registry;

import org.jspecify.annotations.NullMarked;
