package io.rackgateway.deploy.manifest;

import java.util.Optional;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** Where YAML's values stand in a file. */
final class Scalars {

  private Scalars() {}

  /** Where a value stands; empty when it is not written as it reads. */
  static Optional<Setting> written(SourceText source, ScalarNode node) {
    // The node's text may begin with an anchor or a tag; the value is what it ends with.
    String raw = source.slice(node.getStartMark().getIndex(), node.getEndMark().getIndex());
    String value = node.getValue();
    String quote =
        switch (node.getScalarStyle()) {
          case DOUBLE_QUOTED -> "\"";
          case SINGLE_QUOTED -> "'";
          default -> "";
        };
    boolean verbatim =
        (node.getScalarStyle() == ScalarStyle.PLAIN || !quote.isEmpty())
            && raw.endsWith(quote + value + quote);
    int length = value.codePointCount(0, value.length());
    int start = node.getEndMark().getIndex() - quote.length() - length;
    return verbatim
        ? Optional.of(
            new Setting(source.byteOffset(start), node.getStartMark().getLine() + 1, value))
        : Optional.empty();
  }
}
