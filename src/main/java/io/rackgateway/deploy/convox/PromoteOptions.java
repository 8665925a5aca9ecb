package io.rackgateway.deploy.convox;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a release is rolled out.
 *
 * @param min percent of the copies that keep running; null for what the manifest says
 * @param max percent of the copies that may run at once; null for what the manifest says
 * @param timeout after which the rack goes back by itself
 */
public record PromoteOptions(@Nullable Integer min, @Nullable Integer max, Duration timeout) {

  Map<String, String> form() {
    Map<String, String> form = new LinkedHashMap<>();
    if (min != null) {
      form.put("min", Integer.toString(min));
    }
    if (max != null) {
      form.put("max", Integer.toString(max));
    }
    form.put("timeout", Long.toString(Math.max(1, timeout.toSeconds())));
    return form;
  }
}
