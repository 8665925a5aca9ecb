/**
 * The configuration file as validated records, with file, line and column in every error. Nothing
 * here acts on what it reads.
 */
@NullMarked
package io.rackgateway.deploy.config;

import org.jspecify.annotations.NullMarked;
