package io.rackgateway.deploy.verify.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.rackgateway.deploy.config.BrowserConfig;
import io.rackgateway.deploy.config.GatewayConfig;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.Verdict;
import io.rackgateway.deploy.process.SystemCommands;
import io.rackgateway.deploy.time.Cancellation;
import io.rackgateway.deploy.time.Waits;
import io.rackgateway.deploy.verify.CheckRunner.Finding;
import io.rackgateway.deploy.verify.Expectations;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class BrowserCheckTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final Cancellation cancellation = new Cancellation();
  private final Waits waits = new Waits(Clock.systemUTC(), cancellation, Events.none());
  private String url = "https://gateway.example.com/";

  @Test
  void aProgramThatIsNotThereFailsAndSaysWhatToDo() {
    assertFinding(
        check("no-such-browser", LIMIT),
        Verdict.FAIL,
        "the program 'no-such-browser' was not found, or is not executable; install Chromium or"
            + " Chrome, name it in verify.browser.program, or leave verify.browser out");
  }

  @Test
  void aProgramThatEndsByItselfIsToldWithWhatItSaid() throws IOException {
    Path program = folder.resolve("chromium");
    Files.writeString(program, "#!/bin/sh\necho 'error while loading libnss3.so' >&2\nexit 127\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();

    assertFinding(
        check(program.toString(), LIMIT),
        Verdict.FAIL,
        "ended by itself: error while loading libnss3.so");
  }

  /** Against the protocol as documented; what a real browser makes of a page is tested below. */
  @Nested
  class WithAStandIn {
    private BrowserStandIn browser;

    @BeforeEach
    void start() throws IOException {
      browser = new BrowserStandIn(folder);
    }

    @AfterEach
    void stop() {
      browser.close();
    }

    @Test
    void aPageThatLoadsPassesAndTheBrowserIsEndedWithItsProfile() throws IOException {
      browser
          .tells("Network.requestWillBeSent", "{\"requestId\":\"1\",\"request\":{\"url\":\"u\"}}")
          .tells("Network.responseReceived", response("Document", 200))
          .tells("Network.responseReceived", response("Image", 404))
          .tells("Runtime.consoleAPICalled", "{\"type\":\"warning\",\"args\":[]}")
          .tells("Page.loadEventFired", "{}");

      assertFinding(
          check(), Verdict.PASS, "https://gateway.example.com/app loads in a browser without an");
      assertThat(browser.calls).contains("Page.navigate https://gateway.example.com/app");
      long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
      assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
      assertThat(Path.of(Files.readString(folder.resolve("profile")).strip())).doesNotExist();
    }

    @Test
    void eachKindOfErrorIsNamed() throws IOException {
      Map<String, String[]> errors = new LinkedHashMap<>();
      errors.put(
          "a script broke: TypeError: x is undefined (https://g/app.js:12)",
          new String[] {
            "Runtime.exceptionThrown",
            "{\"exceptionDetails\":{\"text\":\"Uncaught\",\"url\":\"https://g/app.js\","
                + "\"lineNumber\":11,\"exception\":{\"description\":\"TypeError: x is undefined\"}}}"
          });
      errors.put(
          "a script reports an error: no session 7",
          new String[] {
            "Runtime.consoleAPICalled",
            "{\"type\":\"error\",\"args\":[{\"value\":\"no session\"},{\"value\":7}]}"
          });
      errors.put(
          "status 500 for the page https://g/x",
          new String[] {"Network.responseReceived", response("Document", 500)});
      errors.put(
          "status 404 for the script https://g/x",
          new String[] {"Network.responseReceived", response("Script", 404)});
      errors.put(
          "the style sheet does not load: net::ERR_FAILED",
          new String[] {
            "Network.loadingFailed",
            "{\"requestId\":\"9\",\"type\":\"Stylesheet\",\"errorText\":\"net::ERR_FAILED\"}"
          });
      for (Map.Entry<String, String[]> error : errors.entrySet()) {
        browser.close();
        browser = new BrowserStandIn(folder);
        browser.tells(error.getValue()[0], error.getValue()[1]).tells("Page.loadEventFired", "{}");

        assertFinding(check(), Verdict.FAIL, error.getKey());
      }
    }

    @Test
    void aPageThatCannotBeReachedIsNamed() {
      browser.refuses("net::ERR_NAME_NOT_RESOLVED");

      assertFinding(check(), Verdict.FAIL, "it does not load: net::ERR_NAME_NOT_RESOLVED");
    }

    @Test
    void aPageThatNeverFinishesIsGivenUp() {
      assertFinding(
          BrowserCheckTest.this.check(browser.program.toString(), Duration.ofSeconds(3)),
          Verdict.FAIL,
          "did not finish loading within 3 s");
    }

    private Finding check() {
      return BrowserCheckTest.this.check(browser.program.toString(), LIMIT);
    }

    private String response(String type, int status) {
      return "{\"type\":\"%s\",\"response\":{\"status\":%d,\"url\":\"https://g/x\"}}"
          .formatted(type, status);
    }
  }

  @Nested
  class WithChromium {
    private final Map<String, String> pages = new LinkedHashMap<>();
    private HttpServer server;
    private String program;

    @BeforeEach
    void start() throws IOException {
      Optional<String> found =
          Stream.of("chromium", "chromium-browser", "google-chrome")
              .map(name -> Path.of("/usr/bin", name))
              .filter(Files::isExecutable)
              .map(Path::toString)
              .findFirst();
      assumeTrue(found.isPresent(), "neither Chromium nor Chrome is installed here");
      program = found.get();
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            String body = pages.get(exchange.getRequestURI().getPath());
            byte[] bytes = String.valueOf(body).getBytes(StandardCharsets.UTF_8);
            String path = exchange.getRequestURI().getPath();
            exchange
                .getResponseHeaders()
                .set("Content-Type", path.endsWith(".js") ? "text/javascript" : "text/html");
            exchange.sendResponseHeaders(body == null ? 404 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
          });
      server.start();
      url = "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @AfterEach
    void stop() {
      if (server != null) {
        server.stop(0);
      }
    }

    @Test
    void aPageWithAScriptThatRunsPasses() {
      pages.put("/app", "<h1>Gateway</h1><script src=/app.js></script>");
      pages.put("/app.js", "document.title = 'ready'");

      assertFinding(check(program, LIMIT), Verdict.PASS, "loads in a browser without an error");
    }

    @Test
    void aScriptThatBreaksLaterIsSeen() {
      pages.put("/app", "<script>setTimeout(() => nothing.here, 300)</script>");

      assertFinding(check(program, LIMIT), Verdict.FAIL, "a script broke: ReferenceError: nothing");
    }

    @Test
    void aScriptThatIsMissingAndAnErrorOnTheConsoleAreSeen() {
      pages.put("/app", "<script src=/gone.js></script>");
      assertFinding(check(program, LIMIT), Verdict.FAIL, "status 404 for the script " + url);

      pages.put("/app", "<script>console.error('no', 'session')</script>");
      assertFinding(check(program, LIMIT), Verdict.FAIL, "a script reports an error: no session");
    }

    @Test
    void aPageThatIsNotThereIsSeen() {
      assertFinding(check(program, LIMIT), Verdict.FAIL, "status 404 for the page " + url);
    }
  }

  private Finding check(String program, Duration timeout) {
    GatewayConfig gateway =
        new GatewayConfig("production", URI.create(url), "/api/v1/health", null);
    return new BrowserCheck(
            new BrowserConfig("/app", program, timeout),
            gateway,
            new SystemCommands(ProcessBuilder::new, cancellation, Map::of),
            new OkHttpClient(),
            waits)
        .run(Expectations.UPGRADED);
  }

  private static void assertFinding(Finding finding, Verdict verdict, String evidence) {
    assertThat(finding.evidence()).contains(evidence);
    assertThat(finding.verdict()).isEqualTo(verdict);
  }
}
