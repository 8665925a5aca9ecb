/**
 * What sources of releases share: GitHub's list of releases as JSON, the source of a release as an
 * archive or a folder, and remembering what was read. Where these come from is not known here.
 */
@NullMarked
package io.rackgateway.deploy.release.source;

import org.jspecify.annotations.NullMarked;
