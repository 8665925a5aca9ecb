package io.rackgateway.deploy.convox;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.IoFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** Which certificates of a rack are accepted. */
@FunctionalInterface
public interface RackTrust {

  /**
   * Makes a client accept those certificates and no others.
   *
   * @throws DeployException.Usage if what is to be trusted cannot be read
   */
  OkHttpClient.Builder applyTo(OkHttpClient.Builder client);

  /** Certificates that the system's authorities signed. */
  static RackTrust system() {
    return client -> client;
  }

  /**
   * Those, and what the authorities of a file signed.
   *
   * @param key what the file is called in the configuration
   */
  static RackTrust authorities(String key, Path caFile) {
    return client -> Authorities.with(key, caFile, client);
  }

  /**
   * One certificate, whatever its name, dates and signature: racks commonly make their own.
   *
   * @param fingerprint SHA-256 of the certificate in hexadecimal digits, with or without colons
   */
  static RackTrust pinned(String fingerprint) {
    return client -> any(client, new Pinned(fingerprint));
  }

  /** Any certificate: whoever is in between can read and change everything. */
  static RackTrust anything() {
    return client -> any(client, new Anything());
  }

  private static OkHttpClient.Builder any(OkHttpClient.Builder client, X509TrustManager manager) {
    return Authorities.trusting(client, manager).hostnameVerifier((host, session) -> true);
  }

  /** A trust manager that asks nothing of the client, which has no certificate here. */
  abstract class ServerTrust implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("this is not a server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** Accepts anything. */
  final class Anything extends ServerTrust {
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      // That is what was asked for.
    }
  }

  /** Accepts one certificate. */
  final class Pinned extends ServerTrust {
    private final String fingerprint;

    Pinned(String fingerprint) {
      this.fingerprint = fingerprint.replace(":", "").toLowerCase(Locale.ROOT);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      String theirs;
      try {
        theirs =
            HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded()));
      } catch (GeneralSecurityException e) {
        throw new CertificateException(e);
      }
      if (!theirs.equals(fingerprint)) {
        throw new CertificateException(
            "its certificate has the fingerprint " + theirs + ", not the one that is pinned");
      }
    }
  }

  /** The system's authorities and those of a file. */
  final class Authorities {

    private Authorities() {}

    static OkHttpClient.Builder with(String key, Path caFile, OkHttpClient.Builder client) {
      try (InputStream file = Files.newInputStream(caFile)) {
        Collection<? extends Certificate> given =
            CertificateFactory.getInstance("X.509").generateCertificates(file);
        if (given.isEmpty()) {
          throw unusable(key, caFile, "there is no certificate in it");
        }
        List<Certificate> all = new ArrayList<>(given);
        for (X509Certificate known : manager(null).getAcceptedIssuers()) {
          all.add(known);
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (int i = 0; i < all.size(); i++) {
          store.setCertificateEntry("ca-" + i, all.get(i));
        }
        return trusting(client, manager(store));
      } catch (IOException e) {
        throw unusable(key, caFile, IoFailure.describe(e));
      } catch (GeneralSecurityException e) {
        throw unusable(key, caFile, String.valueOf(e.getMessage()));
      }
    }

    static OkHttpClient.Builder trusting(OkHttpClient.Builder client, X509TrustManager manager) {
      try {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {manager}, new SecureRandom());
        return client.sslSocketFactory(context.getSocketFactory(), manager);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every Java has TLS", e);
      }
    }

    private static X509TrustManager manager(@Nullable KeyStore store)
        throws GeneralSecurityException {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509TrustManager x509) {
          return x509;
        }
      }
      throw new GeneralSecurityException("this Java has no trust manager for X.509");
    }

    private static DeployException.Usage unusable(String key, Path file, String why) {
      return new DeployException.Usage(
          "the CA file " + file + " cannot be used: " + why,
          "give a file of certificates in PEM in " + key);
    }
  }
}
