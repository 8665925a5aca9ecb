package io.rackgateway.deploy.driver.convox;

import io.rackgateway.deploy.manifest.ManifestEdits;
import io.rackgateway.deploy.manifest.Setting;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ImageReference;
import io.rackgateway.deploy.model.ManifestEdit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What has to change so that every service of the gateway's image gets another tag: edits of the
 * manifest, or variables of the release where the manifest is made of them.
 *
 * @param edits in order; each is made for what the one before leaves
 * @param variables the new values by name
 */
record TagChange(List<ManifestEdit> edits, Map<String, String> variables) {

  TagChange {
    edits = List.copyOf(edits);
    variables = Map.copyOf(variables);
  }

  /**
   * Works it out. Changes nothing.
   *
   * @param variables those of the release that runs
   * @throws DeployException.Usage if a service's image cannot become the wanted one
   */
  static TagChange of(
      Path path, ConvoxManifest manifest, Map<String, String> variables, ImageReference wanted) {
    List<ManifestEdit> edits = new ArrayList<>();
    Map<String, String> changed = new LinkedHashMap<>();
    ConvoxManifest now = manifest;
    for (String service : manifest.services()) {
      Optional<Setting> setting = now.image(service);
      if (setting.isEmpty() || !sameImage(now, service, variables, wanted)) {
        continue;
      }
      String text = setting.get().text();
      if (text.equals(wanted.toString())) {
        continue;
      }
      Optional<String> variable = ConvoxManifest.variable(text);
      if (variable.isPresent()) {
        changed.put(variable.get(), value(path, service, text, variable.get(), wanted));
        continue;
      }
      // The repository stays as it is written: docker.io/ may be left out.
      String repository = ImageReference.parse(text).repository();
      ImageReference after = new ImageReference(repository, wanted.tag(), wanted.digest());
      if (text.equals(after.toString())) {
        continue;
      }
      ManifestEdit edit = ManifestEdits.prepare(path, now.bytes(), setting.get(), after.toString());
      edits.add(edit);
      now = ConvoxManifest.parse(path.toString(), ManifestEdits.edited(now.bytes(), List.of(edit)));
    }
    changed.entrySet().removeIf(entry -> entry.getValue().equals(variables.get(entry.getKey())));
    return new TagChange(edits, changed);
  }

  private static boolean sameImage(
      ConvoxManifest manifest, String service, Map<String, String> variables, ImageReference to) {
    try {
      String image = manifest.image(service, variables).orElse("");
      return Images.same(ImageReference.parse(image).repository(), to.repository());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String value(
      Path path, String service, String text, String variable, ImageReference wanted) {
    String reference = "${" + variable + "}";
    int start = text.indexOf(reference);
    String before = text.substring(0, start);
    String after = text.substring(start + reference.length());
    int colon = before.lastIndexOf(':');
    boolean tagAlone = colon > before.lastIndexOf('/') && colon == before.length() - 1;
    String tag = wanted.toString().substring(wanted.repository().length() + 1);
    if (!tagAlone || !after.isEmpty()) {
      throw new DeployException.Usage(
          path
              + ": the image '"
              + text
              + "' of service '"
              + service
              + "' cannot become '"
              + wanted
              + "' by changing one variable",
          "write its whole tag as one variable, REPOSITORY:${IMAGE_TAG}, or as plain text");
    }
    return tag;
  }
}
