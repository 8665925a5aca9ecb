package io.rackgateway.deploy.verify.browser;

import io.rackgateway.deploy.config.BrowserConfig;
import io.rackgateway.deploy.config.GatewayConfig;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.process.Commands;
import io.rackgateway.deploy.time.Waits;
import io.rackgateway.deploy.verify.CheckRunner;
import io.rackgateway.deploy.verify.Expectation;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import okhttp3.OkHttpClient;

/**
 * The web interface loads in a browser: the page itself, its scripts and its styles, and none of
 * the scripts breaks or reports an error.
 */
public final class BrowserCheck implements CheckRunner {

  private static final Duration POLL = Duration.ofMillis(100);

  /** Scripts that a page starts when it has loaded get this long to break. */
  private static final Duration SETTLE = Duration.ofSeconds(1);

  private final BrowserConfig config;
  private final String address;
  private final Commands commands;
  private final OkHttpClient http;
  private final Waits waits;

  public BrowserCheck(
      BrowserConfig config,
      GatewayConfig gateway,
      Commands commands,
      OkHttpClient http,
      Waits waits) {
    this.config = config;
    this.address = address(gateway.url(), config.path());
    this.commands = commands;
    this.http = http;
    this.waits = waits;
  }

  private static String address(URI url, String path) {
    return url.toString().replaceFirst("/+$", "") + path;
  }

  @Override
  public String name() {
    return "browser";
  }

  @Override
  public Finding run(Expectation expectation) {
    long start = System.nanoTime();
    try (BrowserProcess browser = new BrowserProcess(config.program(), commands, waits);
        DevTools tools = new DevTools(http, browser.awaitEndpoint(config.timeout()), waits)) {
      PageWatch page = new PageWatch();
      String session = tools.openPage(page, left(start));
      tools.call("Page.navigate", session, "url", address, left(start)).ifPresent(page::navigated);
      boolean loaded =
          waits.untilTrue(
              "the page " + address,
              left(start),
              POLL,
              tools.changed(),
              () -> page.loaded() || page.problem().isPresent());
      if (loaded && page.problem().isEmpty()) {
        waits.untilTrue(
            "the scripts of " + address,
            SETTLE,
            POLL,
            tools.changed(),
            () -> page.problem().isPresent());
      }
      return judge(page, loaded);
    } catch (DeployException.StepFailed e) {
      return Finding.fail(e.problem().summary());
    }
  }

  private Duration left(long start) {
    Duration left = config.timeout().minus(Waits.since(start));
    return left.isNegative() ? Duration.ZERO : left;
  }

  private Finding judge(PageWatch page, boolean loaded) {
    Optional<String> problem = page.problem();
    if (problem.isPresent()) {
      return Finding.fail(address + ": " + problem.get());
    }
    if (!loaded) {
      return Finding.fail(
          address + " did not finish loading within " + config.timeout().toSeconds() + " s");
    }
    return Finding.pass(
        address + " loads in a browser without an error (" + page.requests() + " requests)");
  }
}
