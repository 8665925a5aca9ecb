package io.rackgateway.deploy.convox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import okhttp3.MediaType;
import okhttp3.RequestBody;

/**
 * The objects that are kept with an app. A key is of segments: {@code tools}, {@code mark.json}.
 */
public final class RackObjects {

  private static final MediaType BYTES = MediaType.get("application/octet-stream");

  private final RackClient client;
  private final String app;
  private final Patience patience;

  RackObjects(RackClient client, String app, Patience patience) {
    this.client = client;
    this.app = app;
    this.patience = patience;
  }

  /** An object's content; empty where there is none. */
  public Optional<byte[]> find(String... key) {
    return patience.find(() -> client.bytes(path(key)));
  }

  /** Keeps an object, in the place of one that is there. */
  public void keep(byte[] content, String... key) {
    JsonNode unused =
        patience.ask(() -> client.upload(RequestBody.create(content, BYTES), path(key)));
  }

  /** Removes an object; one that is gone is no error. */
  public void remove(String... key) {
    Optional<JsonNode> unused = patience.find(() -> client.delete(path(key)));
  }

  private String[] path(String... key) {
    List<String> path = new ArrayList<>(List.of("apps", app, "objects"));
    path.addAll(List.of(key));
    return path.toArray(String[]::new);
  }
}
