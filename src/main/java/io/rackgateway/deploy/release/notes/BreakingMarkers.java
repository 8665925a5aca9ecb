package io.rackgateway.deploy.release.notes;

import static io.rackgateway.deploy.release.notes.Negation.pattern;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What marks a sentence as being about a breaking change, as projects write it. */
final class BreakingMarkers {

  private static final String LABEL =
      "(?:potential(?:ly)? |possible |possibly |minor |major |api )?breaking"
          + "(?:[ -](?:api |config(?:uration)? )?(?:changes?|behaviou?rs?))?(?:\\(s\\))?";

  /** "BREAKING CHANGE: …", "Breaking — …"; what it says comes after. */
  private static final Pattern LEAD =
      pattern(
          "^[^\\p{L}\\p{N}`]{0,20}(?:\\[[ x]] ?)?[^\\p{L}\\p{N}`]{0,8}"
              + LABEL
              + "[^\\p{L}\\p{N}:]{0,6}(?:\\([^()]{0,60}\\) ?)?(?::|\\?|\\s[-–—]+\\s|[!\\])]+\\s|$)");

  /** The specification of Conventional Commits 1.0.0: a "!" before the colon. */
  private static final Pattern CONVENTIONAL =
      pattern(
          "^[^\\p{L}\\p{N}`]{0,12}(?:[0-9a-f]{7,40}\\b[:)\\]\\s]{1,3})?[a-z][\\w/-]{0,20}(?:\\([^()]{1,60}\\))?!:\\s"
              + "|(?<![\\w`])(?:feat|fix|refactor|perf|chore|build|ci|docs?|style|tests?|revert|deps|security|api)"
              + "(?:\\([^()]{1,60}\\))?!:");

  /** "[breaking]", "(BREAKING CHANGE)". */
  private static final Pattern BRACKETS =
      pattern("[\\[({][\\s*_]{0,3}" + LABEL + "[\\s*_!]{0,3}(?:[\\])}]|[:;,—–-]\\s)");

  private static final Pattern WHOLE =
      pattern("^[^\\p{L}\\p{N}]{0,8}" + LABEL + "[^\\p{L}\\p{N}]{0,8}$");

  private static final Pattern BOOM = pattern("^[^\\p{L}\\p{N}]{0,12}(?:💥|:boom:)");

  private static final Pattern CAPITALS = Pattern.compile("\\bBREAKING\\b(?! (?:NEWS|BUG))");

  private static final Pattern PHRASE =
      pattern(
          "(?<!\\b(?:line|record|ground)-)\\bbreaking (?:\\w+ ){0,2}change[sd]?\\b|\\b(?:is|are|be) (?:a )?breaking(?=[.,;:!)]|$| (?:for|if|when) )"
              + "|\\bback(?:ward|wards)?[ -]?incompatib\\w+|\\bincompatible (?:\\w+ )?changes?\\b"
              + "|\\b(?:not|no longer) (?:be )?(?:back|for)wards?[ -]compatible"
              + "|\\bbreaks? (?:\\w+ )?(?:backwards? )?compatibility\\b");

  /** What takes something away from its users, in words that leave no doubt. */
  private static final Pattern TAKEN =
      pattern(
          "\\b(?:drop(?:s|ped|ping)?|remov(?:e|es|ed|ing)|end(?:s|ed)?) (?:all |the |official )?support (?:for|of)\\b"
              + "|\\bsupport for [^.;:]{1,80} (?:has been|have been|was|is|were) (?:dropped|removed)\\b"
              + "|\\bno longer support(?:s|ed)?\\b");

  /** Words before a phrase that make it somebody else's, or past. */
  private static final Pattern HARMLESS_BEFORE =
      pattern(
          "\\b(?:fix(?:e[sd]|ing)?|revert(?:s|ed|ing)?|undo(?:es)?|undid|resolv(?:e[sd]?|ing)|repair(?:s|ed)?"
              + "|detect\\w*|check(?:s|er|ing)? (?:\\w+ )?(?:for|against)|lint\\w*|tests?|upstream|caused by|due to|because of"
              + "|prevent\\w*|labels? (?:for|of|called)|guard\\w*|report\\w*|docs|changelog|handl(?:e[sd]?|ing)|adapt\\w*|cope\\w*)\\b[^.;:!?]*+$");

  private static final Pattern HARMLESS_AFTER =
      pattern(
          "^ ?(?:detect\\w*|check\\w*|polic\\w+|labels?|sections?|templates?|lint\\w*|workflows?|guards?|reports?|alerts?"
              + "|notif\\w+|analy\\w+|notes|changelog|(?:in|of|from) (?:\\w+ ){0,2}(?:upstream|dependenc\\w+|tests?|librar\\w+))\\b");

  /** A box of a check list that was left empty. */
  private static final Pattern UNCHECKED =
      pattern("^[^\\p{L}\\p{N}\\[]{0,4}\\[ ] [^\\p{L}\\p{N}]{0,8}(?:this is a |is )?" + LABEL);

  private BreakingMarkers() {}

  /** Whether a line begins what a label announces, so that it is a sentence of its own. */
  static boolean begins(CharSequence line) {
    return LEAD.matcher(line).find() || CONVENTIONAL.matcher(line).lookingAt();
  }

  /** Whether the text is a label and nothing else. */
  static boolean isLabel(String text) {
    return WHOLE.matcher(text).find();
  }

  /** Whether "[breaking]" or "(breaking change)" stands in the text. */
  static boolean hasBrackets(String text) {
    return BRACKETS.matcher(text).find();
  }

  /** Whether a sentence says that something breaks. */
  static boolean in(String prose) {
    if (UNCHECKED.matcher(prose).find()) {
      return false;
    }
    Matcher lead = LEAD.matcher(prose);
    if (lead.find()) {
      return !answersNone(prose, lead.end());
    }
    return CONVENTIONAL.matcher(prose).find()
        || BRACKETS.matcher(prose).find()
        || BOOM.matcher(prose).find()
        || says(CAPITALS, prose)
        || says(PHRASE, prose)
        || says(TAKEN, prose);
  }

  private static boolean answersNone(String prose, int from) {
    String answer = prose.substring(from);
    return answer.isBlank() || Negation.isNothing(answer);
  }

  private static boolean says(Pattern phrase, String prose) {
    Matcher matcher = phrase.matcher(prose);
    while (matcher.find()) {
      String before = prose.substring(Math.max(0, matcher.start() - 80), matcher.start());
      boolean harmless =
          HARMLESS_BEFORE.matcher(before).find()
              || HARMLESS_AFTER.matcher(prose.substring(matcher.end())).find();
      if (!harmless && !Negation.denies(prose, matcher.start(), matcher.end())) {
        return true;
      }
    }
    return false;
  }
}
