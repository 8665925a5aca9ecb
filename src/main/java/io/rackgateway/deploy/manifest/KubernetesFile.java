package io.rackgateway.deploy.manifest;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ImageReference;
import io.rackgateway.deploy.model.ManifestEdit;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A file that says which image a workload of Kubernetes runs, as it is written: manifests of one or
 * several documents, the {@code images:} of a kustomization, or the {@code image:} of a Helm
 * chart's values. Nothing is rendered and no object is built from it, so a hostile file can do no
 * more than be refused.
 */
public final class KubernetesFile {

  private static final int LARGEST = 4 * 1024 * 1024;
  private static final int DEEPEST = 64;
  private static final int MOST = 100_000;

  private final String name;
  private final SourceText source;
  private final List<Node> documents;

  private KubernetesFile(String name, SourceText source, List<Node> documents) {
    this.name = name;
    this.source = source;
    this.documents = documents;
  }

  /**
   * A place that names an image.
   *
   * @param setting what is to be replaced: a whole reference, a tag or a digest
   * @param kind what it is
   * @param reference the image that it makes
   */
  public record Place(Setting setting, Kind kind, ImageReference reference) {}

  /** What a place holds. */
  public enum Kind {
    /** {@code image: repository:tag}. */
    REFERENCE,
    /** {@code newTag:} of a kustomization, or {@code tag:} beside {@code repository:}. */
    TAG,
    /** {@code digest:} beside one of those. */
    DIGEST
  }

  /**
   * Reads a file.
   *
   * @param name how messages call it
   * @throws DeployException.Usage if it is not YAML, or larger or more deeply nested than any
   *     manifest is
   */
  public static KubernetesFile parse(String name, byte[] bytes) {
    SourceText source = SourceText.decode(name, bytes);
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(LARGEST);
    options.setNestingDepthLimit(DEEPEST);
    options.setAllowDuplicateKeys(false);
    List<Node> documents = new ArrayList<>();
    try {
      new Yaml(options).composeAll(new StringReader(source.text())).forEach(documents::add);
    } catch (MarkedYAMLException e) {
      String place =
          e.getProblemMark() == null ? "" : ", line " + (e.getProblemMark().getLine() + 1) + ",";
      throw new DeployException.Usage(
          name + place + " is not valid YAML: " + e.getProblem(),
          source.text().contains("{{")
              ? "it looks like a template: name the values.yaml it is rendered with instead"
              : "correct that line, then run the command again");
    } catch (YAMLException e) {
      throw new DeployException.Usage(
          name + " cannot be read as YAML: " + e.getMessage(),
          "correct the file, then run the command again");
    }
    return new KubernetesFile(name, source, documents);
  }

  /**
   * Everything that names an image of the repository, in the file's order.
   *
   * @throws DeployException.Usage if one is written in a form that cannot be edited in place
   */
  public List<Place> places(String repository) {
    List<Place> places = new ArrayList<>();
    // An alias is the very node of its anchor, which is edited once.
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Node> open = new ArrayDeque<>(documents);
    while (!open.isEmpty() && seen.size() < MOST) {
      Node node = open.poll();
      if (!seen.add(node)) {
        continue;
      }
      if (node instanceof SequenceNode sequence) {
        open.addAll(sequence.getValue());
      } else if (node instanceof MappingNode mapping) {
        look(mapping, repository, places, seen);
        mapping.getValue().forEach(entry -> open.add(entry.getValueNode()));
      }
    }
    places.sort(Comparator.comparingInt(place -> place.setting().offset()));
    return places;
  }

  private void look(MappingNode mapping, String repository, List<Place> places, Set<Node> seen) {
    ScalarNode image = scalar(mapping, "image");
    if (image != null && !seen.contains(image)) {
      Optional<ImageReference> reference = parse(image.getValue());
      if (reference.isPresent() && same(reference.get().repository(), repository)) {
        seen.add(image);
        places.add(new Place(setting(image), Kind.REFERENCE, reference.get()));
      }
    }
    // A kustomization names what is replaced, and may replace the repository, too.
    ScalarNode newTag = scalar(mapping, "newTag");
    ScalarNode named = scalar(mapping, "newName");
    named = named == null ? scalar(mapping, "name") : named;
    if (named != null && same(named.getValue(), repository)) {
      pair(newTag, scalar(mapping, "digest"), repository, places, seen);
    }
    ScalarNode registry = scalar(mapping, "registry");
    ScalarNode repo = scalar(mapping, "repository");
    if (repo != null
        && (same(repo.getValue(), repository)
            || (registry != null
                && same(registry.getValue() + "/" + repo.getValue(), repository)))) {
      pair(scalar(mapping, "tag"), scalar(mapping, "digest"), repository, places, seen);
    }
  }

  private void pair(
      @Nullable ScalarNode tag,
      @Nullable ScalarNode digest,
      String repository,
      List<Place> places,
      Set<Node> seen) {
    String tagText = tag == null || tag.getValue().isEmpty() ? null : tag.getValue();
    String digestText = digest == null || digest.getValue().isEmpty() ? null : digest.getValue();
    ImageReference reference = new ImageReference(repository, tagText, digestText);
    if (tag != null && tagText != null && seen.add(tag)) {
      places.add(new Place(setting(tag), Kind.TAG, reference));
    }
    if (digest != null && digestText != null && seen.add(digest)) {
      places.add(new Place(setting(digest), Kind.DIGEST, reference));
    }
  }

  private static Optional<ImageReference> parse(String text) {
    try {
      return Optional.of(ImageReference.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static @Nullable ScalarNode scalar(MappingNode mapping, String key) {
    for (NodeTuple entry : mapping.getValue()) {
      if (entry.getKeyNode() instanceof ScalarNode name
          && name.getValue().equals(key)
          && entry.getValueNode() instanceof ScalarNode value) {
        return value;
      }
    }
    return null;
  }

  /** Whether two names are of one repository: Docker Hub's can be named in several ways. */
  public static boolean same(String one, String other) {
    return canonical(one).equals(canonical(other));
  }

  private static String canonical(String repository) {
    return repository.replaceFirst("^(index\\.)?docker\\.io/", "").replaceFirst("^library/", "");
  }

  private Setting setting(ScalarNode node) {
    return Scalars.written(source, node)
        .orElseThrow(
            () ->
                new DeployException.Usage(
                    name
                        + ", line "
                        + (node.getStartMark().getLine() + 1)
                        + ": the image '"
                        + node.getValue()
                        + "' is written in several lines or with escapes",
                    "write it on one line"));
  }

  /**
   * The edits after which every place names the wanted image, each made for what the one before
   * leaves. Changes nothing.
   *
   * @throws DeployException.Usage if the file names no image of the repository, or cannot be edited
   *     in place
   */
  public static List<ManifestEdit> edits(Path path, byte[] content, ImageReference wanted) {
    int count = parse(path.toString(), content).places(wanted.repository()).size();
    if (count == 0) {
      throw new DeployException.Usage(
          path + " names no image " + wanted.repository(),
          "name the files that do in deploy.kubernetes.manifests, or correct 'image:' in"
              + " rack-gateway.yml");
    }
    List<ManifestEdit> edits = new ArrayList<>();
    byte[] now = content;
    for (int i = 0; i < count; i++) {
      Place place = parse(path.toString(), now).places(wanted.repository()).get(i);
      String after = after(path, place, wanted);
      if (!after.equals(place.setting().text())) {
        ManifestEdit edit = ManifestEdits.prepare(path, now, place.setting(), after);
        edits.add(edit);
        now = ManifestEdits.edited(now, List.of(edit));
      }
    }
    return edits;
  }

  private static String after(Path path, Place place, ImageReference wanted) {
    String digest = wanted.digest();
    String tag = String.valueOf(wanted.tag());
    return switch (place.kind()) {
      // The repository stays as it is written: docker.io/ may be left out.
      case REFERENCE ->
          new ImageReference(place.reference().repository(), wanted.tag(), digest).toString();
      case TAG -> place.reference().digest() == null && digest != null ? tag + "@" + digest : tag;
      case DIGEST -> {
        if (digest == null) {
          throw new DeployException.Usage(
              path
                  + ", line "
                  + place.setting().line()
                  + ": the image is pinned to a digest there, and the target's digest is not known",
              "give it with --digest, or let the gate 'image' find it out");
        }
        yield digest;
      }
    };
  }
}
