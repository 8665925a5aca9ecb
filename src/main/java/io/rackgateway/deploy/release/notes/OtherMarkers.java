package io.rackgateway.deploy.release.notes;

import static io.rackgateway.deploy.release.notes.Negation.asserts;
import static io.rackgateway.deploy.release.notes.Negation.pattern;

import java.util.regex.Pattern;

/** What marks a sentence as being about work by hand, a setting, or security. */
final class OtherMarkers {

  /** Sentences about the project's own house, and about what was put right. */
  private static final Pattern HOUSEWORK =
      pattern(
          "^[^\\p{L}]{0,12}(?:fix(?:e[sd]|ing)?|bugfix|docs?|documentation|tests?|ci|chore|build|style|refactor(?:ed)?|typo|bump(?:s|ed)?)"
              + "\\b");

  private static final Pattern DEMAND =
      pattern(
          "\\b(?:must|action(?:s)? (?:is |are )?required|need(?:s)? to|ha(?:s|ve) to|please|make sure|ensure|now required|be sure"
              + "|now requires?|becomes? mandatory|mandatory)\\b");

  private static final Pattern UPGRADE_TIME =
      pattern(
          "\\b(?:before|prior to|after|when|while|during) (?:you )?(?:the )?(?:upgrad|updat)\\w+");

  private static final Pattern MIGRATION =
      pattern(
          "\\b(?:run|running|apply|applying|execute|perform)\\b[^.;:]{0,40}\\b(?:migrations?|migrate)\\b"
              + "|\\b(?:database|schema|db|sql|data|manual) migrations?\\b|\\bschema changes?\\b|\\bmigrations? (?:is|are) required\\b"
              + "|\\b(?:must|needs? to|ha(?:s|ve) to|should) (?:be )?(?:re-?)?(?:migrat|reindex|rebuil[dt]|regenerat|creat|log ?in"
              + "|authenticat|rotat|deploy)\\w*"
              + "|\\b(?:actions?|manual (?:steps?|interventions?|actions?)) (?:is |are )?(?:required|needed|necessary)\\b"
              + "|\\brequires? (?:an? |some )?(?:manual|downtime|full re|re-?login|migration)"
              + "|\\b(?:upgrade|upgrading|migration) (?:guide|notes?|instructions)\\b"
              + "|\\b(?:is|are|was|were|been|now) deprecated\\b|^[^\\p{L}]{0,12}deprecat(?:e[sd]?|ion)\\b"
              + "|\\bdeprecated in favou?r\\b"
              + "|\\bminimum (?:supported |required )?(?:\\w+ )?version\\b"
              + "|\\b(?:now )?requires? [\\w .]{2,40}\\d (?:or|and) (?:later|newer|higher|above|up)\\b");

  private static final Pattern MIGRATION_LEAD =
      pattern(
          "^[^\\p{L}\\p{N}]{0,12}(?:upgrad(?:e|ing)(?: notes?)?|migrations?(?: (?:guide|notes?|steps?))?|action required)"
              + "[^\\p{L}\\p{N}:]{0,4}:");

  private static final String SETTING_NAME =
      "(?:environment variables?|env(?:ironment)?[ -]vars?|envvars?"
          + "|config(?:uration)? (?:options?|settings?|keys?|variables?|parameters?|values?|fields?|changes?)"
          + "|(?:command[- ]line|cli|server|config) (?:flags?|options?)"
          + "|settings?\\b(?! (?:page|screen|panel|menu|ui|tab|view|dialog|layout|icon|modal|form)))";

  private static final Pattern SETTING =
      pattern(
          "\\b(?:new|required?|requires|additional|mandatory|renam(?:e[sd]?|ing)|remov(?:e[sd]?|ing)|add(?:s|ed)?|introduc\\w+"
              + "|default\\w*|deprecat\\w+|chang(?:e[sd]?|ing)|set)\\b[^.;]{0,60}\\b"
              + SETTING_NAME
              + "|\\b"
              + SETTING_NAME
              + "[^.;]{0,80}\\b(?:required|mandatory|must|renamed|removed|needs? to be|has to be|have to be|now)\\b");

  /** A name in capitals is most likely a variable. */
  private static final Pattern VARIABLE =
      Pattern.compile("\\b[A-Z][A-Z0-9]{0,40}(?:_[A-Z0-9]{1,40}){1,8}\\b");

  private static final Pattern VARIABLE_CHANGED =
      pattern(
          "\\b(?:required|requires|must|needs? to|renam\\w+|remov\\w+|new|default\\w*|add(?:s|ed)?|introduc\\w+|deprecat\\w+"
              + "|variables?|no longer|replac\\w+|configur\\w+|set)\\b");

  private static final Pattern SETTING_LEAD =
      pattern(
          "^[^\\p{L}\\p{N}]{0,12}(?:new )?(?:config(?:uration)?|settings?|environment(?: variables?)?)(?: changes?)?"
              + "[^\\p{L}\\p{N}:]{0,4}:");

  /** As https://www.cve.org and https://docs.github.com/en/code-security write them. */
  private static final Pattern IDENTIFIER =
      pattern("\\bCVE-\\d{4}-\\d{4,9}\\b|\\bGHSA(?:-[0-9a-z]{4}){3}\\b");

  private static final Pattern SECURITY =
      pattern(
          "\\bsecurity (?:fix(?:es)?|issues?|vulnerabilit(?:y|ies)|advisor(?:y|ies)|patch(?:es)?|releases?|updates?|bugs?|flaws?"
              + "|holes?|problems?)\\b|\\bvulnerabilit(?:y|ies)\\b|\\b(?:xss|ssrf|csrf|sql injection|remote code execution"
              + "|privilege escalation|path traversal|cross-site scripting|open redirect|denial[- ]of[- ]service"
              + "|auth(?:entication|orization)? bypass)\\b"
              + "|^[^\\p{L}\\p{N}]{0,12}(?:\\w{1,10}\\(security\\)|security|\\[security])[^\\p{L}\\p{N}]{0,4}[:\\]]");

  private static final Pattern SCANNING =
      pattern("\\b(?:scan(?:s|ner|ners|ning)?|dependabot|codeql|trivy|policy|checker)\\b");

  /** What takes something away, where a warning says it. */
  private static final Pattern TAKEN =
      pattern(
          "\\b(?:removed|dropped|renamed|no longer|incompatible|discontinued|will (?:fail|break|stop|not start|not work|be lost))\\b");

  private OtherMarkers() {}

  static boolean migration(String text) {
    if (MIGRATION_LEAD.matcher(text).find()) {
      return !Negation.isNothing(text.substring(text.indexOf(':') + 1));
    }
    boolean marked =
        asserts(MIGRATION, text) || (asserts(UPGRADE_TIME, text) && asserts(DEMAND, text));
    return marked && !isHousework(text);
  }

  static boolean setting(String text) {
    if (SETTING_LEAD.matcher(text).find()) {
      return !Negation.isNothing(text.substring(text.indexOf(':') + 1));
    }
    boolean marked =
        asserts(SETTING, text)
            || (VARIABLE.matcher(text).find() && asserts(VARIABLE_CHANGED, text));
    return marked && !isHousework(text);
  }

  static boolean security(String text) {
    return identifier(text) || (asserts(SECURITY, text) && !SCANNING.matcher(text).find());
  }

  static boolean identifier(String text) {
    return IDENTIFIER.matcher(text).find();
  }

  static boolean takesAway(String text) {
    return asserts(TAKEN, text);
  }

  private static boolean isHousework(String text) {
    return HOUSEWORK.matcher(text).find() && !asserts(DEMAND, text);
  }
}
