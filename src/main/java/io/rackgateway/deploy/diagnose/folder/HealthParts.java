package io.rackgateway.deploy.diagnose.folder;

import io.rackgateway.deploy.config.GatewayConfig;
import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.driver.InsideAnswer;
import io.rackgateway.deploy.text.PlainText;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** The guide's "test health endpoint directly", from within and, beside it, from outside. */
final class HealthParts {

  private static final Duration LIMIT = Duration.ofSeconds(15);
  private static final Duration REQUEST = Duration.ofSeconds(5);
  private static final int SHOWN = 500;

  private final GatewayConfig gateway;
  private final OutsideRequest request;
  private final Supplier<DeployDriver> driver;
  private final Findings findings;
  private final AtomicReference<@Nullable Boolean> inside = new AtomicReference<>();
  private final AtomicReference<@Nullable Boolean> outside = new AtomicReference<>();

  /**
   * @param certificateDays for how many days a certificate should be valid
   */
  HealthParts(
      GatewayConfig gateway,
      int certificateDays,
      OkHttpClient http,
      Supplier<DeployDriver> driver,
      Clock clock,
      Findings findings) {
    this.gateway = gateway;
    this.request = new OutsideRequest(http, gateway, REQUEST, certificateDays, clock);
    this.driver = driver;
    this.findings = findings;
  }

  List<Part> all() {
    return List.of(
        new Part("health-outside", "Health from outside", LIMIT, this::fromOutside),
        new Part("health-inside", "Health from within", LIMIT, this::fromInside),
        new Part("version", "Version that the gateway tells", LIMIT, this::version));
  }

  private String fromOutside() {
    String host = gateway.url().getHost();
    List<String> lines = new ArrayList<>();
    InetAddress[] addresses;
    try {
      addresses = InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      outside.set(false);
      findings.add(
          Findings.Rank.HEALTH, gateway.url() + ": the host name " + host + " is not known");
      return "the host name " + host + " is not known";
    }
    lines.add(host + " is " + addresses(addresses));
    boolean well = true;
    for (InetAddress address : addresses) {
      OutsideRequest.Seen seen = request.ask(gateway.healthPath(), address, null);
      lines.add("");
      lines.addAll(seen.lines());
      seen.remarks().forEach(remark -> findings.add(Findings.Rank.SURROUNDINGS, remark));
      String problem = seen.problem();
      if (problem != null) {
        well = false;
        findings.add(
            Findings.Rank.HEALTH,
            gateway.url()
                + gateway.healthPath()
                + (addresses.length > 1 ? " at " + address.getHostAddress() : "")
                + ": "
                + problem);
      }
    }
    outside.set(well);
    return String.join("\n", lines);
  }

  private static String addresses(InetAddress... addresses) {
    return String.join(", ", Arrays.stream(addresses).map(InetAddress::getHostAddress).toList());
  }

  private String fromInside() {
    List<InsideAnswer> answers = driver.get().askInside(gateway.healthPath(), REQUEST);
    if (answers.isEmpty()) {
      return "no instance could be asked from within its own network";
    }
    List<String> lines = new ArrayList<>();
    boolean well = true;
    for (InsideAnswer answer : answers) {
      String problem = answer.problem();
      lines.add(
          answer.instance()
              + ": "
              + (problem == null
                  ? "status " + answer.status() + " " + PlainText.line(answer.body(), SHOWN)
                  : problem));
      if (answer.status() != 200) {
        well = false;
        findings.add(
            Findings.Rank.HEALTH,
            answer.instance()
                + ", asked from within its own network: "
                + (problem == null ? "status " + answer.status() : problem));
      }
    }
    inside.set(well);
    return String.join("\n", lines);
  }

  private String version() {
    var token = gateway.apiToken();
    if (token == null) {
      return "gateway.apiToken is not configured, so the gateway was not asked";
    }
    OutsideRequest.Seen seen = request.ask("/api/v1/info", null, token.value());
    return String.join("\n", seen.lines());
  }

  /** What the two together tell. */
  void conclude() {
    if (Boolean.TRUE.equals(inside.get()) && Boolean.FALSE.equals(outside.get())) {
      findings.add(
          Findings.Rank.INSTANCE,
          "the gateway answers from within its own network, but not at "
              + gateway.url()
              + ": what lies between is at fault (DNS, TLS, the load balancer or a firewall)");
    }
  }
}
