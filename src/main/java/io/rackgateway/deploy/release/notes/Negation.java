package io.rackgateway.deploy.release.notes;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells "no breaking changes" and "fixes a breaking change" from a breaking change. */
final class Negation {

  /** How far before a phrase a word may stand that turns it round. */
  private static final int REACH = 80;

  /** Up to the phrase, in the same clause. */
  private static final Pattern NOT =
      pattern(
          "\\b(?:no|not(?! (?:only|just))|non|never|without|neither|nor|none|zero|free of|n/a|avoid(?:s|ed|ing)?"
              + "|cannot|\\w{2,10}n['’]t)\\b[^,.:;—!?()|]*+$");

  /** What takes a negation back: "no breaking changes, except that …". */
  private static final Pattern EXCEPT =
      pattern(
          "\\b(?:except|unless|apart from|aside from|other than)\\b"
              + "|\\b(?:but|however|although|though|if you)\\b[^.!?]*\\b(?:remov|renam|must|need|requir|drop|replac"
              + "|no longer|set\\b|setting|variable|migrat|behaviou?r|one\\b|few\\b|some\\b|have to|has to)");

  /** An answer that nothing is there: "None.", "n/a", "Nothing this time". */
  private static final Pattern NOTHING =
      pattern(
          "^[^\\p{L}\\p{N}]*+(?:(?:none|nothing|nil|n/?a|not applicable|no|false|empty|not? (?:any|known))\\b|0\\b|❌)"
              + "|^[^\\p{L}\\p{N}❌✅💥]*+$"
              + "|^[^\\p{L}\\p{N}]*+(?:there (?:are|is|were) (?:currently )?(?:no|none|not)"
              + "|(?:this|the) (?:release|version|upgrade|update)[^.,;:]{0,40} (?:no|not|without|n['’]t)\\b"
              + "|(?:you )?(?:don['’]t|do not) (?:need|have) to|there (?:isn|aren)['’]t)");

  /** "None of the old tokens work": the start of an answer, yet not one. */
  private static final Pattern NOTHING_BUT =
      pattern(
          "^[^\\p{L}\\p{N}]*+(?:no longer|none of|nothing (?:but|that)|not all|no more|no \\S+ (?:can|will|may|is|are) )");

  private Negation() {}

  static Pattern pattern(String regex) {
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }

  /** Whether the sentence says that what stands between the indexes is not so. */
  static boolean denies(String sentence, int start, int end) {
    String before = sentence.substring(Math.max(0, start - REACH), start);
    return NOT.matcher(before).find()
        && !EXCEPT.matcher(sentence).region(end, sentence.length()).find();
  }

  /** Whether a sentence that answers "which?" answers "none". */
  static boolean isNothing(String sentence) {
    return NOTHING.matcher(sentence).find()
        && !NOTHING_BUT.matcher(sentence).find()
        && !EXCEPT.matcher(sentence).find();
  }

  /** Whether the pattern is found where nothing denies it. */
  static boolean asserts(Pattern phrase, String sentence) {
    Matcher matcher = phrase.matcher(sentence);
    while (matcher.find()) {
      if (!denies(sentence, matcher.start(), matcher.end())) {
        return true;
      }
    }
    return false;
  }
}
