package io.rackgateway.deploy.config;

import io.rackgateway.deploy.event.Secrets;
import java.nio.file.Path;
import java.util.Map;

/** Reads {@code rack-gateway.yml}. */
public final class ConfigLoader {

  private ConfigLoader() {}

  /**
   * Reads a configuration file, puts the overrides over it, replaces references to the environment
   * and validates all of it. What came from the environment and may be a secret is added to the
   * secrets before anything else can go wrong with it.
   *
   * @param file named in errors as it is given here
   * @param overrides paths of keys, {@code deploy.compose.service}, with values in YAML, as from
   *     {@code --set}
   * @param environment what {@code ${NAME}} refers to
   * @throws io.rackgateway.deploy.model.DeployException.Usage if there is anything wrong with it;
   *     the problem's details hold all findings but the first
   */
  public static Configuration load(
      Path file, Map<String, String> overrides, Map<String, String> environment, Secrets secrets) {
    Path folder = folder(file);
    String text = ConfigFile.read(file);
    Findings findings = new Findings();
    Yaml tree = YamlReader.file(file.toString(), text, findings);
    if (tree == null) {
      findings.throwIfAny();
      throw ConfigFile.empty(file);
    }
    Section whole = Section.of(Configuration.class);
    Yaml changed =
        tree instanceof Yaml.Mapping mapping
            ? new Overrides(findings).apply(mapping, overrides)
            : tree;
    ScalarBinder scalars =
        new ScalarBinder(
            new References(environment, findings), new Masking(secrets), folder, findings);
    Record bound =
        new Binder(new SectionRules(whole, findings), scalars, findings).bind(whole, changed, "");
    checkBackup(changed, findings);
    findings.throwIfAny();
    if (bound instanceof Configuration configuration) {
      return configuration;
    }
    throw new IllegalStateException("neither a configuration nor a finding");
  }

  private static Path folder(Path file) {
    Path parent = file.toAbsolutePath().normalize().getParent();
    return parent == null ? file.toAbsolutePath() : parent;
  }

  private static void checkBackup(Yaml tree, Findings findings) {
    if (tree instanceof Yaml.Mapping root
        && !root.has("database")
        && root.find("backup").map(Yaml.Entry::value).orElse(null) instanceof Yaml.Mapping backup) {
      backup
          .find("pgDump")
          .ifPresent(
              entry ->
                  findings.add(
                      entry.place(),
                      "backup.pgDump needs a database to dump, and there is no section 'database'",
                      "add 'database: {url: ${DATABASE_URL}}', or say why none is needed with backup.none.reason"));
    }
  }
}
