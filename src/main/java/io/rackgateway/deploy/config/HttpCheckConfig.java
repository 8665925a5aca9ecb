package io.rackgateway.deploy.config;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One item of the list {@code verify.http}: a check of the user's own.
 *
 * @param json a JSON Pointer (RFC 6901)
 * @param expected the key {@code equals}
 */
public record HttpCheckConfig(
    @Key(
            value = "What the check is called in output; not as one of the tool's own is.",
            pattern =
                "^(?!(health|version|instances|schema|logs|login|rack|browser)$)[a-z0-9][a-z0-9-]*$",
            expected =
                "lower-case letters, digits and dashes, such as deploy-page, and not health, version,"
                    + " instances, schema, logs, login, rack or browser, which are checks already",
            shown = true)
        String name,
    @Key(value = "The method of the request.", orElse = "get") Method method,
    @Key(
            value = "The path, below gateway.url.",
            pattern = "^/",
            expected = "a path that begins with /",
            shown = true)
        String path,
    @Key(
            value = "Headers of the request; a secret comes as ${NAME}.",
            orElse = "{}",
            names = Key.Names.HEADER)
        Map<String, String> headers,
    @Key(value = "The status that the answer must have.", orElse = "200", min = 100, max = 599)
        int status,
    @Key(
            value =
                "A JSON Pointer (RFC 6901) to a value that the answer must have, such as /version/version.",
            pattern = "^/",
            expected = "a JSON Pointer such as /version/version",
            shown = true)
        @Nullable String json,
    @Key(
            value = "What that value must be; left out, it only has to be there.",
            name = "equals",
            needs = "json",
            shown = true)
        @Nullable String expected,
    @Key(value = "How long the answer may take.", orElse = "5s") Duration latency) {

  /** Methods of requests. */
  public enum Method {
    GET,
    HEAD,
    OPTIONS,
    POST
  }
}
