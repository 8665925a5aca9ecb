package io.rackgateway.deploy.convox;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.IoFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** Trusts the authorities of a file beside those of the system. */
final class RackTrust {

  private RackTrust() {}

  /**
   * @throws DeployException.Usage if the file cannot be read as certificates
   */
  static OkHttpClient.Builder with(Path caFile, OkHttpClient.Builder client) {
    try (InputStream file = Files.newInputStream(caFile)) {
      Collection<? extends Certificate> given =
          CertificateFactory.getInstance("X.509").generateCertificates(file);
      if (given.isEmpty()) {
        throw unusable(caFile, "there is no certificate in it");
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
      X509TrustManager manager = manager(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {manager}, null);
      return client.sslSocketFactory(context.getSocketFactory(), manager);
    } catch (IOException e) {
      throw unusable(caFile, IoFailure.describe(e));
    } catch (GeneralSecurityException e) {
      throw unusable(caFile, String.valueOf(e.getMessage()));
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

  private static DeployException.Usage unusable(Path file, String why) {
    return new DeployException.Usage(
        "the CA file " + file + " cannot be used: " + why,
        "give a file of certificates in PEM in backup.convoxResource.caFile");
  }
}
