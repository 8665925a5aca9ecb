package io.rackgateway.deploy.driver.convox;

/** Names of image repositories. */
final class Images {

  private Images() {}

  /** Whether two names are of one repository: Docker Hub's can be named in several ways. */
  static boolean same(String one, String other) {
    return canonical(one).equals(canonical(other));
  }

  private static String canonical(String repository) {
    return repository.replaceFirst("^(index\\.)?docker\\.io/", "").replaceFirst("^library/", "");
  }
}
