package io.rackgateway.deploy.config;

import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * The core schema of YAML 1.2, as editors and JSON Schema validators read YAML. SnakeYAML's own is
 * that of YAML 1.1, where {@code no} is false, {@code 010} is eight and {@code 1:30} is ninety.
 */
final class CoreResolver extends Resolver {

  @Override
  protected void addImplicitResolvers() {
    addImplicitResolver(
        Tag.BOOL, Pattern.compile("^(?:true|True|TRUE|false|False|FALSE)$"), "tTfF");
    addImplicitResolver(
        Tag.INT, Pattern.compile("^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$"), "-+0123456789");
    addImplicitResolver(
        Tag.FLOAT,
        Pattern.compile(
            "^(?:[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
                + "|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN))$"),
        "-+.0123456789");
    addImplicitResolver(Tag.NULL, Pattern.compile("^(?:~|null|Null|NULL)$"), "~nN");
    addImplicitResolver(Tag.NULL, Pattern.compile("^$"), null);
  }
}
