/**
 * What release notes say that concerns an upgrade: Markdown is read into passages, and headings and
 * markers decide what each is about. Nothing here fetches anything.
 */
@NullMarked
package io.rackgateway.deploy.release.notes;

import org.jspecify.annotations.NullMarked;
