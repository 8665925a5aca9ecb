package io.rackgateway.deploy.verify.http;

import io.rackgateway.deploy.verify.CheckRunner.Finding;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/** What there is to say of the server's certificate. */
final class CertificateHealth {

  private final int warnDays;
  private final Clock clock;

  /**
   * @param warnDays how many days it should at least be valid for
   */
  CertificateHealth(int warnDays, Clock clock) {
    this.warnDays = warnDays;
    this.clock = clock;
  }

  /** Of a certificate that was accepted. */
  Finding valid(X509Certificate certificate) {
    Instant end = certificate.getNotAfter().toInstant();
    long days = ChronoUnit.DAYS.between(clock.instant(), end);
    String until = "the certificate is valid until " + day(end) + " (" + days(days) + ")";
    return days < warnDays
        ? Finding.warn(until + ", fewer than " + warnDays + " days: renew it")
        : Finding.pass(until);
  }

  /** Why a certificate was not accepted, as far as that can be seen in it. */
  Optional<String> refused(HttpGateway http) {
    return PresentedCertificate.of(http).map(session -> describe(http, session));
  }

  private String describe(HttpGateway http, SSLSession session) {
    X509Certificate certificate = PresentedCertificate.first(session);
    Instant now = clock.instant();
    Instant end = certificate.getNotAfter().toInstant();
    Instant begin = certificate.getNotBefore().toInstant();
    if (end.isBefore(now)) {
      return "the certificate expired on "
          + day(end)
          + ", "
          + days(ChronoUnit.DAYS.between(end, now))
          + " ago";
    }
    if (begin.isAfter(now)) {
      return "the certificate is not valid before " + day(begin);
    }
    if (!http.names().verify(http.url().host(), session)) {
      return "the certificate is not for "
          + http.url().host()
          + " but for "
          + PresentedCertificate.names(certificate);
    }
    return "the certificate is by "
        + certificate.getIssuerX500Principal().getName()
        + ", in whom this machine has no trust, or its chain is not complete";
  }

  private static LocalDate day(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC).toLocalDate();
  }

  private static String days(long days) {
    return days == 1 ? "1 day" : days + " days";
  }
}
