package io.rackgateway.deploy.config;

import io.rackgateway.deploy.config.Yaml.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Reads YAML into a tree, within limits that a hostile document cannot exceed. It never makes
 * objects of a document's choosing: tags other than YAML's own are errors.
 */
final class YamlReader {

  /** Far more than any configuration has, and read in no time. */
  static final int LARGEST = 1 << 20;

  private static final int DEEPEST = 20;
  private static final int MOST_ALIASES = 20;
  private static final Map<Tag, Kind> KINDS =
      Map.of(
          Tag.STR, Kind.TEXT,
          Tag.INT, Kind.INTEGER,
          Tag.FLOAT, Kind.DECIMAL,
          Tag.BOOL, Kind.BOOLEAN,
          Tag.NULL, Kind.NOTHING);

  /** Makes a place of a line and a column, both counted from 1. */
  private final BiFunction<Integer, Integer, Place> places;

  private final Findings findings;
  private final IdentityHashMap<Node, Yaml> converted = new IdentityHashMap<>();
  private final IdentityHashMap<Node, Boolean> open = new IdentityHashMap<>();

  private YamlReader(BiFunction<Integer, Integer, Place> places, Findings findings) {
    this.places = places;
    this.findings = findings;
  }

  /** The document of a file, or null if it is empty or there is a finding that hides the rest. */
  static @Nullable Yaml file(String source, String text, Findings findings) {
    return new YamlReader((line, column) -> new Place(source, line, column), findings).read(text);
  }

  /** The value of an option; an empty one is the scalar "nothing". */
  static @Nullable Yaml option(String source, String text, Findings findings) {
    Place place = Place.option(source);
    int before = findings.count();
    Yaml value = new YamlReader((line, column) -> place, findings).read(text);
    return value == null && findings.count() == before
        ? new Yaml.Scalar(place, Kind.NOTHING, "")
        : value;
  }

  private @Nullable Yaml read(String text) {
    LoaderOptions limits = new LoaderOptions();
    limits.setCodePointLimit(LARGEST);
    limits.setNestingDepthLimit(DEEPEST);
    limits.setMaxAliasesForCollections(MOST_ALIASES);
    limits.setAllowRecursiveKeys(false);
    try {
      Composer composer =
          new Composer(new ParserImpl(new StreamReader(text), limits), new CoreResolver(), limits);
      Node node = composer.getSingleNode();
      return node == null ? null : convert(node);
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
      notYaml(place(mark), e.getProblem());
    } catch (ReaderException e) {
      notYaml(
          place(text.substring(0, Math.min(e.getPosition(), text.length()))),
          String.format("the character U+%04X may not stand in it", e.getCodePoint()));
    } catch (YAMLException e) {
      notYaml(places.apply(1, 1), e.getMessage());
    }
    return null;
  }

  private void notYaml(Place place, @Nullable String why) {
    findings.add(
        place,
        "this is not YAML that can be read: " + (why == null ? "no reason is known" : why),
        "correct the text at this place; often it is indentation, a tab, or a value that needs quotes");
  }

  private Place place(@Nullable Mark mark) {
    return mark == null
        ? places.apply(1, 1)
        : places.apply(mark.getLine() + 1, mark.getColumn() + 1);
  }

  /** The place that comes after a text. */
  private Place place(String before) {
    int line = (int) before.chars().filter(character -> character == '\n').count() + 1;
    return places.apply(line, before.length() - before.lastIndexOf('\n'));
  }

  private Yaml convert(Node node) {
    Yaml known = converted.get(node);
    if (known != null) {
      return known;
    }
    Place place = place(node.getStartMark());
    if (open.put(node, true) != null) {
      findings.add(
          place, "this contains itself by an alias", "write the value out instead of '*name'");
      return new Yaml.Scalar(place, Kind.NOTHING, "");
    }
    Yaml yaml;
    if (node instanceof MappingNode mapping) {
      checkTag(node, Tag.MAP, place);
      yaml = new Yaml.Mapping(place, entries(mapping));
    } else if (node instanceof SequenceNode sequence) {
      checkTag(node, Tag.SEQ, place);
      yaml = new Yaml.Sequence(place, sequence.getValue().stream().map(this::convert).toList());
    } else {
      yaml = scalar((ScalarNode) node, place);
    }
    open.remove(node);
    converted.put(node, yaml);
    return yaml;
  }

  private Yaml.Scalar scalar(ScalarNode node, Place place) {
    Kind kind = KINDS.get(node.getTag());
    if (kind == null) {
      checkTag(node, Tag.STR, place);
      kind = Kind.TEXT;
    }
    return new Yaml.Scalar(place, kind, node.getValue());
  }

  private void checkTag(Node node, Tag expected, Place place) {
    if (!node.getTag().equals(expected)) {
      findings.add(
          place,
          "the tag " + node.getTag().getValue() + " has no meaning here",
          "remove the word that begins with '!'");
    }
  }

  private List<Yaml.Entry> entries(MappingNode mapping) {
    List<Yaml.Entry> entries = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Place place = place(tuple.getKeyNode().getStartMark());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        findings.add(place, "a key must be a word, not a list or mapping", "write 'key: value'");
      } else if (keys.add(key.getValue())) {
        entries.add(new Yaml.Entry(place, key.getValue(), convert(tuple.getValueNode())));
      } else {
        findings.add(
            place,
            "the key '" + key.getValue() + "' stands here a second time",
            "keep one of the two, the first is at "
                + entries.stream()
                    .filter(entry -> entry.key().equals(key.getValue()))
                    .map(entry -> entry.place().toString())
                    .findFirst()
                    .orElse("an earlier line"));
      }
    }
    return List.copyOf(entries);
  }
}
