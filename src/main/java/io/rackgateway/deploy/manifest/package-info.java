/**
 * Edits of deployment manifests that leave every byte but the image reference alone. It reads and
 * writes files, and decides nothing.
 */
@NullMarked
package io.rackgateway.deploy.manifest;

import org.jspecify.annotations.NullMarked;
