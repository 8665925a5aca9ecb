package io.rackgateway.deploy.release;

import java.util.List;

/** Where releases are published. Implementations keep what they read for as long as they live. */
public interface ReleaseSource {

  /** Where it is, for people: {@code github.com/DocSpring/rack-gateway}. */
  String location();

  /**
   * Every release whose tag is a version, newest version first. Tags that are not versions, and
   * drafts, are left out; pre-releases are in.
   *
   * @throws io.rackgateway.deploy.model.DeployException.Blocked if they cannot be read, with the
   *     reason in its problem
   */
  List<Release> releases();

  /**
   * What the source of a release holds.
   *
   * @throws io.rackgateway.deploy.model.DeployException.Blocked if it cannot be read
   */
  ReleaseFiles files(String tag);
}
