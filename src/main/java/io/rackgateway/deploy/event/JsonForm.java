package io.rackgateway.deploy.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidNullException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import io.rackgateway.deploy.model.DeployException;

/** Reads one JSON text, with errors that say what is wrong with it in the words of its user. */
final class JsonForm {

  private final ObjectMapper mapper;
  private final String kind;
  private final String source;

  JsonForm(ObjectMapper mapper, String kind, String source) {
    this.mapper = mapper;
    this.kind = kind;
    this.source = source;
  }

  JsonNode parse(String json) {
    JsonNode tree;
    try {
      tree = mapper.readTree(json);
    } catch (JsonProcessingException e) {
      throw wrong(
          "it is not JSON, see line "
              + e.getLocation().getLineNr()
              + ", column "
              + e.getLocation().getColumnNr());
    }
    if (!tree.isObject()) {
      throw wrong("it is not a JSON object");
    }
    return tree;
  }

  JsonNode parse(String json, int schema) {
    JsonNode tree = parse(json);
    JsonNode found = tree.path("schema");
    if (!found.isInt()) {
      throw wrong("field 'schema' is missing");
    }
    if (found.intValue() != schema) {
      throw new DeployException.Usage(
          "'"
              + source
              + "' is a "
              + kind
              + " of schema "
              + found.intValue()
              + "; this version of the tool reads schema "
              + schema,
          "use the version of the tool that wrote it, or make it anew with this one");
    }
    return tree;
  }

  <T> T as(JsonNode tree, Class<T> type) {
    try {
      return mapper.treeToValue(tree, type);
    } catch (InvalidNullException e) {
      throw wrong("field '" + path(e) + "' is missing");
    } catch (ValueInstantiationException e) {
      throw wrong(
          e.getCause() instanceof IllegalArgumentException bad && bad.getMessage() != null
              ? "field '" + path(e) + "': " + bad.getMessage()
              : "field '" + path(e) + "' has an unusable value");
    } catch (JsonMappingException e) {
      throw wrong("field '" + path(e) + "' has an unusable value");
    } catch (JsonProcessingException e) {
      throw wrong("it is not JSON of the expected form");
    }
  }

  DeployException.Usage wrong(String what) {
    return new DeployException.Usage(
        "'" + source + "' is not a usable " + kind + ": " + what, "make it anew with this tool");
  }

  private static String path(JsonMappingException e) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return path.toString();
  }
}
