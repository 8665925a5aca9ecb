package io.rackgateway.deploy.config;

import java.util.Comparator;

/**
 * Where something in the configuration stands.
 *
 * @param source the file as the user named it, or the option that overrides it
 * @param line counted from 1; 0 for what has no lines, such as an option
 * @param column counted from 1
 */
record Place(String source, int line, int column) {

  /** In the order of the file; what has no line comes last. */
  static final Comparator<Place> ORDER =
      Comparator.comparing((Place place) -> place.line == 0)
          .thenComparingInt(Place::line)
          .thenComparingInt(Place::column);

  static Place option(String option) {
    return new Place(option, 0, 0);
  }

  /** {@code rack-gateway.yml:12:5}, as compilers write it and editors open it. */
  @Override
  public String toString() {
    return line == 0 ? source : source + ":" + line + ":" + column;
  }
}
