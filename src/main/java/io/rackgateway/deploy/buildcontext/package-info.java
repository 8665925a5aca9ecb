/**
 * What is sent to be built: the files of a folder that its {@code .dockerignore} leaves, as a
 * reproducible archive. Knows files and Docker's rules, and nothing of who builds from them.
 */
@NullMarked
package io.rackgateway.deploy.buildcontext;

import org.jspecify.annotations.NullMarked;
