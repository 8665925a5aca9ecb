package io.rackgateway.deploy.verify.browser;

import com.fasterxml.jackson.databind.JsonNode;
import io.rackgateway.deploy.text.PlainText;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a page does while it loads, by the events of the DevTools Protocol's domains Page, Runtime
 * and Network. Keeps the first problem. Thread-safe.
 */
final class PageWatch {

  private static final int LONGEST = 300;
  private static final int BAD_STATUS = 400;

  /** What a page cannot do without; a picture that is missing is no error here. */
  private static final Set<String> NEEDED = Set.of("Script", "Stylesheet");

  private final Map<String, String> addresses = new HashMap<>();
  private @Nullable String problem;
  private boolean loaded;
  private int requests;

  /** The answer to the call that began to load the page. */
  synchronized void navigated(JsonNode result) {
    String error = result.path("errorText").asText("");
    if (!error.isEmpty()) {
      found("it does not load: " + error);
    }
  }

  synchronized void event(String method, JsonNode parameters) {
    switch (method) {
      case "Page.loadEventFired" -> loaded = true;
      case "Runtime.exceptionThrown" -> exception(parameters.path("exceptionDetails"));
      case "Runtime.consoleAPICalled" -> console(parameters);
      case "Network.requestWillBeSent" -> {
        requests++;
        addresses.put(
            parameters.path("requestId").asText(), parameters.path("request").path("url").asText());
      }
      case "Network.responseReceived" -> response(parameters);
      case "Network.loadingFailed" -> failed(parameters);
      default -> {
        // All else says nothing about errors.
      }
    }
  }

  private void exception(JsonNode details) {
    String text =
        details.path("exception").path("description").asText(details.path("text").asText());
    String url = details.path("url").asText("");
    found(
        "a script broke: "
            + text
            + (url.isEmpty()
                ? ""
                : " (" + url + ":" + (details.path("lineNumber").asInt() + 1) + ")"));
  }

  private void console(JsonNode parameters) {
    if (!parameters.path("type").asText().equals("error")) {
      return;
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode argument : parameters.path("args")) {
      JsonNode value = argument.path("value");
      text.append(text.length() == 0 ? "" : " ")
          .append(value.isValueNode() ? value.asText() : argument.path("description").asText());
    }
    found("a script reports an error: " + text);
  }

  private void response(JsonNode parameters) {
    String type = parameters.path("type").asText();
    int status = parameters.path("response").path("status").asInt();
    if (status < BAD_STATUS) {
      return;
    }
    String url = parameters.path("response").path("url").asText();
    if (type.equals("Document")) {
      found("status " + status + " for the page " + url);
    } else if (NEEDED.contains(type)) {
      found("status " + status + " for the " + word(type) + " " + url);
    }
  }

  private void failed(JsonNode parameters) {
    String type = parameters.path("type").asText();
    if (NEEDED.contains(type) && !parameters.path("canceled").asBoolean()) {
      found(
          "the "
              + word(type)
              + " "
              + addresses.getOrDefault(parameters.path("requestId").asText(), "")
              + " does not load: "
              + parameters.path("errorText").asText());
    }
  }

  private static String word(String type) {
    return type.equals("Script") ? "script" : "style sheet";
  }

  private void found(String text) {
    if (problem == null) {
      problem = PlainText.line(text, LONGEST);
    }
  }

  synchronized Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  synchronized boolean loaded() {
    return loaded;
  }

  synchronized int requests() {
    return requests;
  }
}
