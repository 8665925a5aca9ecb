package io.rackgateway.deploy.manifest;

import io.rackgateway.deploy.model.DeployException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import org.yaml.snakeyaml.nodes.Tag;

/**
 * One Compose file as it is written: where each service's image stands in it. Nothing is
 * interpolated, and no value is built from it but texts, so a hostile file can do no more than be
 * refused.
 */
public final class ComposeFile {

  private static final int LARGEST = 1024 * 1024;
  private static final int DEEPEST = 32;

  private final String name;
  private final byte[] bytes;
  private final SourceText source;
  private final @Nullable MappingNode root;
  private final Map<String, MappingNode> services = new LinkedHashMap<>();

  private ComposeFile(String name, byte[] bytes, SourceText source, @Nullable MappingNode root) {
    this.name = name;
    this.bytes = bytes.clone();
    this.source = source;
    this.root = root;
    if (root != null && lookUp(root, "services", 0) instanceof MappingNode mapping) {
      for (NodeTuple entry : mapping.getValue()) {
        if (entry.getKeyNode() instanceof ScalarNode key
            && entry.getValueNode() instanceof MappingNode service) {
          services.put(key.getValue(), service);
        }
      }
    }
  }

  /**
   * Reads a Compose file.
   *
   * @param name how messages call it
   * @throws DeployException.Usage if it is not YAML, or larger or more deeply nested than any
   *     Compose file is
   */
  public static ComposeFile parse(String name, byte[] bytes) {
    SourceText source = SourceText.decode(name, bytes);
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(LARGEST);
    options.setNestingDepthLimit(DEEPEST);
    options.setAllowDuplicateKeys(false);
    try {
      Node node = new Yaml(options).compose(new StringReader(source.text()));
      return new ComposeFile(
          name, bytes, source, node instanceof MappingNode mapping ? mapping : null);
    } catch (MarkedYAMLException e) {
      throw new DeployException.Usage(
          name + place(e) + " is not valid YAML: " + e.getProblem(),
          "correct that line, then run the command again");
    } catch (YAMLException e) {
      throw new DeployException.Usage(
          name + " cannot be read as YAML: " + e.getMessage(),
          "correct the file, then run the command again");
    }
  }

  private static String place(MarkedYAMLException e) {
    return e.getProblemMark() == null ? "" : ", line " + (e.getProblemMark().getLine() + 1) + ",";
  }

  /** The file's bytes. */
  byte[] bytes() {
    return bytes.clone();
  }

  /** The services it names, in order. */
  public Set<String> services() {
    return services.keySet();
  }

  /** The file format version it states, if it does. */
  public Optional<String> version() {
    return root == null ? Optional.empty() : text(lookUp(root, "version", 0));
  }

  /** The other files it includes, as written. */
  List<String> includes() {
    List<String> paths = new ArrayList<>();
    if (root != null && lookUp(root, "include", 0) instanceof SequenceNode entries) {
      for (Node entry : entries.getValue()) {
        Node path = entry instanceof MappingNode mapping ? lookUp(mapping, "path", 0) : entry;
        if (path instanceof SequenceNode several) {
          several.getValue().forEach(one -> text(one).ifPresent(paths::add));
        } else {
          text(path).ifPresent(paths::add);
        }
      }
    }
    return paths;
  }

  /**
   * Where the image of a service stands, following merge keys and aliases.
   *
   * @throws DeployException.Usage if it is written in a form that cannot be edited in place
   */
  public Optional<Setting> image(String service) {
    return imageNode(service).map(this::setting);
  }

  /** The other services whose image is the same piece of text, by an anchor. */
  List<String> sharing(String service) {
    Optional<ScalarNode> node = imageNode(service);
    // Nodes are equal only to themselves: an alias is the very node of its anchor.
    return services.keySet().stream()
        .filter(other -> !other.equals(service))
        .filter(other -> node.isPresent() && imageNode(other).equals(node))
        .toList();
  }

  /**
   * What a service's {@code environment:} says of a variable.
   *
   * @param value where its value stands; null when it is passed on from elsewhere
   */
  record Variable(@Nullable Setting value) {}

  /**
   * The variable in the service's own {@code environment:}, in either form.
   *
   * @throws DeployException.Usage if its value is written in a form that cannot be edited in place;
   *     the message tells nothing of it
   */
  Optional<Variable> environment(String service, String variable) {
    MappingNode mapping = services.get(service);
    Node node = mapping == null ? null : lookUp(mapping, "environment", 0);
    if (node instanceof MappingNode entries) {
      Node value = lookUp(entries, variable, 0);
      return value instanceof ScalarNode scalar
          ? Optional.of(
              new Variable(text(scalar).isPresent() ? verbatim(scalar, "", variable) : null))
          : Optional.empty();
    }
    Optional<Variable> found = Optional.empty();
    if (node instanceof SequenceNode entries) {
      for (Node entry : entries.getValue()) {
        if (entry instanceof ScalarNode scalar && scalar.getValue().equals(variable)) {
          found = Optional.of(new Variable(null));
        } else if (entry instanceof ScalarNode scalar
            && scalar.getValue().startsWith(variable + "=")) {
          found = Optional.of(new Variable(verbatim(scalar, variable + "=", variable)));
        }
      }
    }
    return found;
  }

  private Setting verbatim(ScalarNode node, String prefix, String variable) {
    Optional<Setting> whole = written(node);
    if (whole.isEmpty()) {
      throw new DeployException.Usage(
          name
              + ", line "
              + (node.getStartMark().getLine() + 1)
              + ": "
              + variable
              + " is written in several lines or with escapes",
          "write it on one line, without escapes");
    }
    Setting setting = whole.get();
    return new Setting(
        setting.offset() + prefix.length(),
        setting.line(),
        setting.text().substring(prefix.length()));
  }

  /** The files of {@code env_file:} of a service, as written, in order. */
  List<String> envFiles(String service) {
    MappingNode mapping = services.get(service);
    Node node = mapping == null ? null : lookUp(mapping, "env_file", 0);
    List<String> files = new ArrayList<>();
    List<Node> entries =
        node instanceof SequenceNode list
            ? list.getValue()
            : node == null ? List.of() : List.of(node);
    for (Node entry : entries) {
      text(entry instanceof MappingNode detailed ? lookUp(detailed, "path", 0) : entry)
          .ifPresent(files::add);
    }
    return files;
  }

  /** The service that this one extends, if it does. */
  Optional<Extension> extension(String service) {
    MappingNode mapping = services.get(service);
    Node node = mapping == null ? null : lookUp(mapping, "extends", 0);
    if (node instanceof MappingNode detailed) {
      return text(lookUp(detailed, "service", 0))
          .map(base -> new Extension(text(lookUp(detailed, "file", 0)).orElse(null), base));
    }
    return text(node).map(base -> new Extension(null, base));
  }

  /**
   * What a service extends.
   *
   * @param file the file with the other service as written, null for the same file
   */
  record Extension(@Nullable String file, String service) {}

  private Optional<ScalarNode> imageNode(String service) {
    MappingNode mapping = services.get(service);
    Node node = mapping == null ? null : lookUp(mapping, "image", 0);
    return node instanceof ScalarNode scalar && text(scalar).isPresent()
        ? Optional.of(scalar)
        : Optional.empty();
  }

  private static Optional<String> text(@Nullable Node node) {
    return node instanceof ScalarNode scalar
            && !scalar.getValue().isEmpty()
            && !scalar.getTag().equals(Tag.NULL)
        ? Optional.of(scalar.getValue())
        : Optional.empty();
  }

  /** A key's own value wins over merged ones; the first of several merged mappings wins. */
  private static @Nullable Node lookUp(MappingNode mapping, String key, int depth) {
    List<Node> merged = new ArrayList<>();
    for (NodeTuple entry : mapping.getValue()) {
      if (entry.getKeyNode() instanceof ScalarNode name) {
        if (name.getValue().equals(key)) {
          return entry.getValueNode();
        }
        if (name.getValue().equals("<<")) {
          Node value = entry.getValueNode();
          merged.addAll(value instanceof SequenceNode list ? list.getValue() : List.of(value));
        }
      }
    }
    for (Node node : merged) {
      if (node instanceof MappingNode other && depth < DEEPEST) {
        Node found = lookUp(other, key, depth + 1);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private Setting setting(ScalarNode node) {
    return written(node)
        .orElseThrow(
            () ->
                new DeployException.Usage(
                    name
                        + ", line "
                        + (node.getStartMark().getLine() + 1)
                        + ": the image '"
                        + node.getValue()
                        + "' is written in several lines or with escapes",
                    "write it on one line, as 'image: " + node.getValue().strip() + "'"));
  }

  private Optional<Setting> written(ScalarNode node) {
    return Scalars.written(source, node);
  }
}
