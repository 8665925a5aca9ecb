/**
 * Releases as GitHub's REST API tells of them, asked for as rarely as can be. What the notes and
 * the files mean is not known here.
 */
@NullMarked
package io.rackgateway.deploy.release.github;

import org.jspecify.annotations.NullMarked;
