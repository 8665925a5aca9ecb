package io.rackgateway.deploy.driver.host;

import io.rackgateway.deploy.config.HostConfig;
import io.rackgateway.deploy.driver.InsideAnswer;
import io.rackgateway.deploy.model.DeployException;
import java.io.IOException;
import java.net.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Asks the gateway on the port of this machine that its environment file names. */
final class Loopback {

  private static final int LONGEST_BODY = 64 * 1024;

  private final HostConfig config;
  private final OkHttpClient http;

  Loopback(HostConfig config, OkHttpClient http) {
    this.config = config;
    this.http = http;
  }

  /** The answer; none where the port is not known or nothing runs. */
  List<InsideAnswer> ask(Service service, String path, Duration timeout) {
    try {
      Path file = config.environmentFile();
      String port = file == null ? null : EnvironmentFile.read(file).get("PORT");
      List<Running> running = service.processes().stream().filter(Running::alive).toList();
      if (port == null || !port.matches("\\d{1,5}") || running.isEmpty()) {
        return List.of();
      }
      String name = Service.instance(running.get(0).pid());
      return List.of(ask(name, "http://127.0.0.1:" + port + path, timeout));
    } catch (DeployException e) {
      // Neither the file nor the process can be asked about just now.
      return List.of();
    }
  }

  private InsideAnswer ask(String name, String address, Duration timeout) {
    OkHttpClient client =
        http.newBuilder().proxy(Proxy.NO_PROXY).followRedirects(false).callTimeout(timeout).build();
    Request request = new Request.Builder().url(address).header("Connection", "close").build();
    try (Response response = client.newCall(request).execute()) {
      return new InsideAnswer(
          name, response.code(), response.peekBody(LONGEST_BODY).string(), null);
    } catch (IOException e) {
      return new InsideAnswer(name, 0, "", String.valueOf(e.getMessage()));
    }
  }
}
