package io.rackgateway.deploy.diagnose.folder;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What came of a part.
 *
 * @param text what was found out; empty when it was not
 * @param problem why it was not found out; null when it was
 */
record Answer(String name, String title, String text, Duration took, @Nullable String problem) {}
