package io.rackgateway.deploy.driver;

import java.util.List;

/**
 * The beginning and the end of what an instance logged since it was started.
 *
 * @param instance its name
 * @param first the first lines; all of them where {@code last} is empty
 * @param last the last lines; they may begin with some of the first ones
 */
public record LogExcerpt(String instance, List<String> first, List<String> last) {

  public LogExcerpt {
    first = List.copyOf(first);
    last = List.copyOf(last);
  }
}
