package io.rackgateway.deploy.convox;

import io.rackgateway.deploy.config.Secret;
import java.util.List;
import okhttp3.HttpUrl;

/**
 * A rack that the {@code convox} command line would speak to.
 *
 * @param name what it is called there; empty where it has no name
 * @param url as in {@code RACK_URL}
 * @param source the file or variable it was found in
 * @param warnings what a person should know of it
 */
public record StoredLogin(String name, Secret url, String source, List<String> warnings) {

  public StoredLogin {
    warnings = List.copyOf(warnings);
  }

  /** The token in its address, which no output may show; empty where there is none. */
  public Secret token() {
    HttpUrl parsed = HttpUrl.parse(url.value());
    return new Secret(parsed == null ? "" : parsed.password());
  }
}
