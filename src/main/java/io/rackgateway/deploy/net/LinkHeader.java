package io.rackgateway.deploy.net;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The header {@code Link} of an answer that has pages (RFC 8288). */
public final class LinkHeader {

  private static final Pattern LINK = Pattern.compile("<([^>]*)>((?:\\s*;\\s*[^,;<]+)*)");
  private static final Pattern REL = Pattern.compile(";\\s*rel\\s*=\\s*\"?([^\";]+)\"?");

  private LinkHeader() {}

  /** The address of the next page, empty on the last one. */
  public static Optional<String> next(List<String> headers) {
    return headers.stream()
        .flatMap(header -> LINK.matcher(header).results())
        .filter(link -> isNext(link.group(2)))
        .map(link -> link.group(1))
        .findFirst();
  }

  private static boolean isNext(String parameters) {
    Matcher rel = REL.matcher(parameters.toLowerCase(Locale.ROOT));
    return rel.find() && Arrays.asList(rel.group(1).strip().split("\\s+", -1)).contains("next");
  }
}
