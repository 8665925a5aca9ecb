package io.rackgateway.deploy.event;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Masks whatever looks like a secret, beside those that are known: for texts of a platform that
 * leave this machine, where a word masked too much is better than a secret too few. Thread-safe.
 */
public final class Scrubber {

  /** What stands before a value of a sensitive name: {@code _KEY=}, {@code token": }. */
  private static final String ASSIGNED =
      "(?i)(?<keep>" + Sensitive.NAMES + "[\\w.-]{0,60}[\"']?[ \\t]*(?:=>|[=:])[ \\t]*)";

  /** Each keeps what stands before the secret. None looks far back or ahead, as logs are long. */
  private static final List<Pattern> SHAPES =
      List.of(
          // A private key, whole.
          Pattern.compile(
              "(?s)(?<keep>-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----).*?(?=-----END|\\z)"),
          // scheme://user:password@host
          Pattern.compile("(?<keep>://[^:/?#@\\s\"']{0,200}:)[^\\s\"'<>]{1,2000}(?=@)"),
          // Parameters of a URL.
          Pattern.compile(
              "(?i)(?<keep>[?&](?:[\\w.-]{0,60}"
                  + Sensitive.NAMES
                  + "[\\w.-]{0,60}|code|state|sig|signature)=)[^&\\s\"'#]+"),
          Pattern.compile("(?i)(?<keep>\\b(?:Bearer|Basic)[ \\t]+)[A-Za-z0-9._~+/=-]{4,}"),
          // A whole line NAME=value, as in a file of variables.
          Pattern.compile(
              "(?im)(?<keep>^[ \\t]{0,20}(?:export[ ]+|-[ ]+)?\\w{0,60}?"
                  + Sensitive.NAMES
                  + "\\w{0,60}=).+$"),
          Pattern.compile(ASSIGNED + "\"(?:[^\"\\\\\\n]|\\\\.)*+\""),
          Pattern.compile(ASSIGNED + "'[^'\\n]*+'"),
          Pattern.compile(ASSIGNED + "[^\\s\"',;}\\]*][^\\s\"',;}\\]]*"),
          // --password VALUE
          Pattern.compile(
              "(?i)(?<keep>--[\\w-]{0,60}" + Sensitive.NAMES + "[\\w-]{0,60}[ \\t]+)[^\\s-]\\S*"),
          // What is known by its beginning: tokens of gateways, GitHub, Slack, AWS; JWT.
          Pattern.compile("(?<keep>\\brgw_)[A-Za-z0-9_-]+"),
          Pattern.compile("(?<keep>\\b(?:gh[pousr]|github_pat)_)[A-Za-z0-9_]{8,}"),
          Pattern.compile("(?<keep>\\bxox[a-z]-)[A-Za-z0-9-]+"),
          Pattern.compile("(?<keep>\\b(?:AKIA|ASIA))[A-Z0-9]{12,}"),
          Pattern.compile("(?<keep>hooks\\.slack\\.com/)[A-Za-z0-9/_-]+"),
          Pattern.compile("(?<keep>\\b)eyJ[A-Za-z0-9_-]{5,}\\.[A-Za-z0-9_-]{5,}\\.[A-Za-z0-9_-]*"));

  private final Secrets known;
  private final Secrets found = new Secrets();

  /**
   * @param known the secrets that this process knows already
   */
  public Scrubber(Secrets known) {
    this.known = known;
  }

  /** Remembers a value that was met on the platform; very short ones are not masked. */
  public void add(String value) {
    found.add(value);
  }

  /** The text without what is, or looks like, a secret. */
  public String scrub(String text) {
    String scrubbed = found.mask(known.mask(text));
    for (Pattern shape : SHAPES) {
      scrubbed = masked(shape, scrubbed);
    }
    return scrubbed;
  }

  private static String masked(Pattern shape, String text) {
    Matcher matcher = shape.matcher(text);
    StringBuilder scrubbed = new StringBuilder(text.length());
    while (matcher.find()) {
      matcher.appendReplacement(
          scrubbed, Matcher.quoteReplacement(matcher.group("keep") + Secrets.MASK));
    }
    return matcher.appendTail(scrubbed).toString();
  }
}
