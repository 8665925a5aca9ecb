package io.rackgateway.deploy.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackgateway.deploy.model.ImageReference;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Docker takes a short name for. */
class RepositoryTest {

  @ParameterizedTest
  @CsvSource({
    "gateway,                       https://registry-1.docker.io/v2/library/gateway",
    "acme/gateway,                  https://registry-1.docker.io/v2/acme/gateway",
    "docker.io/gateway,             https://registry-1.docker.io/v2/library/gateway",
    "index.docker.io/acme/gateway,  https://registry-1.docker.io/v2/acme/gateway",
    "a/b/c,                         https://registry-1.docker.io/v2/a/b/c",
    "ghcr.io/acme/gateway,          https://ghcr.io/v2/acme/gateway",
    "registry:5000/gateway,         https://registry:5000/v2/gateway",
    "Registry/gateway,              https://registry/v2/gateway",
    "localhost/gateway,             http://localhost/v2/gateway",
    "localhost:5000/acme/gateway,   http://localhost:5000/v2/acme/gateway",
    "127.0.0.1:5000/gateway,        http://127.0.0.1:5000/v2/gateway",
    "127.9.8.7/gateway,             http://127.9.8.7/v2/gateway",
    "127.0.0.1.example.com/gateway, https://127.0.0.1.example.com/v2/gateway",
    "localhost.example.com/gateway, https://localhost.example.com/v2/gateway",
    "10.0.0.1:5000/gateway,         https://10.0.0.1:5000/v2/gateway"
  })
  void isAskedAt(String image, String address) {
    HttpUrl url = Repository.of(ImageReference.parse(image)).url("tags", "list");

    assertThat(url).hasToString(address + "/tags/list");
  }

  @Test
  void hasAFullName() {
    Repository repository = Repository.of(ImageReference.parse("gateway"));

    assertThat(repository.name("v1.2.0")).isEqualTo("docker.io/library/gateway:v1.2.0");
    assertThat(repository.name("sha256:ab")).isEqualTo("docker.io/library/gateway@sha256:ab");
  }

  @ParameterizedTest
  @CsvSource({
    "linux/amd64,  linux/amd64,    true",
    "linux/x86_64, linux/amd64,    true",
    "linux/amd64,  linux/amd64/v1, true",
    "linux/amd64,  linux/amd64/v3, false",
    "linux/arm64,  linux/arm64/v8, true",
    "linux/aarch64,linux/arm64,    true",
    "linux/arm64,  linux/amd64,    false",
    "linux/arm64,  linux/arm/v7,   false",
    "linux/arm/v7, linux/arm/v6,   true",
    "linux/arm/v6, linux/arm/v7,   false",
    "linux/armv6l, linux/arm,      false",
    "linux/armv7l, linux/arm,      true",
    "linux/amd64,  windows/amd64,  false"
  })
  void aHostRunsWhatIsForItsPlatformOrALowerVariant(String host, String image, boolean runs) {
    assertThat(Platform.parse(host).runs(Platform.parse(image))).isEqualTo(runs);
  }
}
