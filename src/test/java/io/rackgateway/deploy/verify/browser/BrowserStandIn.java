package io.rackgateway.deploy.verify.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;

/**
 * A program that says like Chromium where it listens, and a server there that speaks the DevTools
 * Protocol as far as one page is loaded by it. It loads nothing: what a page does is told to it.
 */
final class BrowserStandIn implements AutoCloseable {

  private final ObjectMapper json = new ObjectMapper();
  private final MockWebServer server = new MockWebServer();
  private final List<String> events = new ArrayList<>();
  final List<String> calls = new CopyOnWriteArrayList<>();
  final Path program;
  private String navigated = "{\"frameId\":\"f\"}";

  BrowserStandIn(Path folder) throws IOException {
    server.start();
    server.enqueue(new MockResponse.Builder().webSocketUpgrade(new Conversation()).build());
    program = folder.resolve("chromium");
    Files.writeString(
        program,
        """
        #!/bin/sh
        for word; do
          case $word in --user-data-dir=*) echo "${word#*=}" >'%s/profile';; esac
        done
        echo "$$" >'%s/pid'
        echo "DevTools listening on ws://127.0.0.1:%d/devtools/browser/b" >&2
        exec tail -f /dev/null
        """
            .formatted(folder, folder, server.getPort()));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** While the page loads, the browser tells this. */
  BrowserStandIn tells(String method, String parameters) {
    events.add(
        "{\"method\":\"%s\",\"sessionId\":\"s\",\"params\":%s}".formatted(method, parameters));
    return this;
  }

  /** The page cannot be loaded at all. */
  BrowserStandIn refuses(String error) {
    navigated = "{\"frameId\":\"f\",\"errorText\":\"" + error + "\"}";
    return this;
  }

  private final class Conversation extends WebSocketListener {
    @Override
    public void onMessage(WebSocket socket, String text) {
      try {
        JsonNode call = json.readTree(text);
        String method = call.path("method").asText();
        calls.add(method + " " + call.path("params").path("url").asText());
        ObjectNode answer = json.createObjectNode().put("id", call.path("id").asInt());
        answer.set(
            "result",
            json.readTree(
                switch (method) {
                  case "Target.createTarget" -> "{\"targetId\":\"t\"}";
                  case "Target.attachToTarget" -> "{\"sessionId\":\"s\"}";
                  case "Page.navigate" -> navigated;
                  default -> "{}";
                }));
        socket.send(answer.toString());
        if (method.equals("Page.navigate")) {
          events.forEach(socket::send);
        }
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void onClosing(WebSocket socket, int code, String reason) {
      socket.close(code, reason);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
