package io.rackgateway.deploy.release.notes;

import static io.rackgateway.deploy.release.notes.Negation.pattern;

import io.rackgateway.deploy.model.ReleaseNote.Kind;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a heading says about the text below it.
 *
 * @param kind what the text is about; null when the heading does not tell
 * @param denied whether it says that there is nothing of the kind
 * @param message whether the heading says it all itself: "BREAKING: tokens expire"
 * @param removals whether the text lists what was removed
 */
record Headings(@Nullable Kind kind, boolean denied, boolean message, boolean removals) {

  private static final int LONGEST = 9;

  private static final Headings PLAIN = new Headings(null, false, false, false);

  private static final Pattern SHORTCODE = Pattern.compile(":[a-z0-9_+-]{1,40}:");

  private static final Pattern BREAKING =
      pattern(
          "(?<!\\b(?:line|record|ground)-)\\bbreaking (?:\\w+ ){0,3}(?:changes?|removals?|notes?)\\b"
              + "|^[^\\p{L}\\p{N}]*+breaking\\b ?(?:[^\\p{L}\\p{N}]*+$|[:(&/+—–-]|and\\b|in\\b)"
              + "|\\bincompatib\\w+|💥|^[^\\p{L}\\p{N}]*+(?:major changes|what breaks|breakages?)[^\\p{L}\\p{N}]*+$");

  /** Keep a Changelog 1.1.0, "Removed", and its relatives. */
  private static final Pattern REMOVALS =
      pattern("^[^\\p{L}\\p{N}]*+(?:removed|removals?)\\b|\\b(?:and|&) (?:removed|removals?)\\b");

  private static final Pattern MIGRATION =
      pattern(
          "\\bupgrad(?:e|ing)\\b|\\bmigrat(?:e|ion|ions|ing)\\b|\\bdeprecat\\w+|\\b(?:actions? (?:is |are )?required|required actions?)\\b"
              + "|\\bmanual (?:steps?|actions?)\\b|\\bbefore (?:you )?(?:updat\\w+|start\\w*|install\\w*)|\\bschema\\b|\\bdatabase changes?\\b"
              + "|\\bmust read\\b|\\bread (?:this|me) first\\b|\\bupdat(?:e|ing) (?:notes|instructions|guide|from|steps)\\b"
              + "|\\bthings to (?:know|note)\\b|^[^\\p{L}\\p{N}]*+(?:important(?: (?:notes?|changes?|information))?|attention|warnings?)[^\\p{L}\\p{N}]*+$");

  private static final Pattern SETTING =
      pattern(
          "\\bconfig(?:uration)?\\b|\\bsettings\\b|\\benvironment(?: variables?)?\\b|\\benv vars?\\b"
              + "|\\b(?:new|changed) (?:options|flags|parameters|variables)\\b");

  private static final Pattern SECURITY =
      pattern("\\bsecurity\\b|\\bvulnerabilit(?:y|ies)\\b|\\bcves?\\b|\\badvisor(?:y|ies)\\b");

  /** What is asked for first counts where a heading speaks of several. */
  private static final List<Map.Entry<Kind, Pattern>> OTHERS =
      List.of(
          Map.entry(Kind.MIGRATION, MIGRATION),
          Map.entry(Kind.SETTING, SETTING),
          Map.entry(Kind.SECURITY, SECURITY));

  /** Words that make a heading about the project's own house. */
  private static final Pattern HOUSEWORK =
      pattern(
          "\\b(?:dependenc(?:y|ies)|packages?|bumps?|librar(?:y|ies)|toolchain|ci|tests?|internal|docs|documentation|page|screen|ui)\\b");

  static Headings of(Words words) {
    String text = SHORTCODE.matcher(words.prose().replace(":boom:", "💥")).replaceAll(" ").strip();
    Matcher breaking = BREAKING.matcher(text);
    if (breaking.find()) {
      boolean denied = isDenied(text, breaking);
      boolean message =
          !denied && (isLong(text) || words(afterColon(text)) > 1 || isLabelled(text));
      return new Headings(Kind.BREAKING, denied, message, false);
    }
    if (BreakingMarkers.in(text)) {
      return new Headings(Kind.BREAKING, false, true, false);
    }
    if (isLong(text) || (HOUSEWORK.matcher(text).find() && !OtherMarkers.security(text))) {
      return PLAIN;
    }
    if (REMOVALS.matcher(text).find()) {
      return new Headings(Kind.BREAKING, false, false, true);
    }
    for (Map.Entry<Kind, Pattern> other : OTHERS) {
      Matcher found = other.getValue().matcher(text);
      if (found.find()) {
        boolean denied = isDenied(text, found);
        return new Headings(other.getKey(), denied, false, false);
      }
    }
    return PLAIN;
  }

  private static boolean isDenied(String text, Matcher found) {
    String answer = afterColon(text);
    return Negation.denies(text, found.start(), found.end())
        || (!answer.isBlank() && Negation.isNothing(answer));
  }

  private static boolean isLong(String text) {
    return words(text) > LONGEST;
  }

  /** "Tokens are hashed (breaking)": the label stands beside what it is about. */
  private static boolean isLabelled(String text) {
    return BreakingMarkers.hasBrackets(text) && words(text) > 3;
  }

  private static String afterColon(String text) {
    int colon = text.indexOf(':');
    return colon < 0 ? "" : text.substring(colon + 1).strip();
  }

  private static int words(String text) {
    int words = 0;
    boolean inside = false;
    for (int at = 0; at < text.length(); at++) {
      boolean letter = Character.isLetterOrDigit(text.charAt(at));
      words += letter && !inside ? 1 : 0;
      inside = letter;
    }
    return words;
  }
}
