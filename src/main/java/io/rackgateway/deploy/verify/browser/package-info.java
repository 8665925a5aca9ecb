/**
 * The check of the web interface in a real browser, which is driven over the Chrome DevTools
 * Protocol. Nothing here logs in or clicks.
 */
@NullMarked
package io.rackgateway.deploy.verify.browser;

import org.jspecify.annotations.NullMarked;
