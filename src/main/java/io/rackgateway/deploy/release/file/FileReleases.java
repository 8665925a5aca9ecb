package io.rackgateway.deploy.release.file;

import io.rackgateway.deploy.config.ReleaseFileConfig;
import io.rackgateway.deploy.config.ReleasesConfig;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.Version;
import io.rackgateway.deploy.release.Release;
import io.rackgateway.deploy.release.ReleaseFiles;
import io.rackgateway.deploy.release.ReleaseSource;
import io.rackgateway.deploy.release.source.LimitedInput;
import io.rackgateway.deploy.release.source.Malformed;
import io.rackgateway.deploy.release.source.Memo;
import io.rackgateway.deploy.release.source.ReleaseList;
import io.rackgateway.deploy.release.source.SourceArchive;
import io.rackgateway.deploy.release.source.SourceFolder;
import io.rackgateway.deploy.release.source.SourceLayout;
import io.rackgateway.deploy.text.PlainText;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Releases from a JSON file in the form of GitHub's list, and their source from archives or folders
 * named after their tags. Thread-safe.
 */
public final class FileReleases implements ReleaseSource {

  private static final long MOST_BYTES = 64L << 20;

  private final ReleaseFileConfig config;
  private final SourceLayout layout;
  private final Memo<Path, List<Release>> lists = new Memo<>();
  private final Memo<String, ReleaseFiles> files = new Memo<>();

  public FileReleases(ReleaseFileConfig config, ReleasesConfig releases) {
    this.config = config;
    this.layout = SourceLayout.of(releases);
  }

  @Override
  public String location() {
    return config.notes().toString();
  }

  @Override
  public List<Release> releases() {
    return lists.get(config.notes(), this::readList);
  }

  @Override
  public ReleaseFiles files(String tag) {
    return files.get(tag, () -> readFiles(tag));
  }

  private List<Release> readList() {
    try (InputStream in = Files.newInputStream(config.notes())) {
      return ReleaseList.inOrder(
          ReleaseList.read(new LimitedInput(in, MOST_BYTES, "is").readAllBytes()));
    } catch (Malformed e) {
      throw blocked(
          "the file of releases " + config.notes() + " " + e.problem(),
          "write it anew, as GitHub's API lists releases: "
              + "gh api --paginate --slurp repos/OWNER/NAME/releases");
    } catch (IOException e) {
      throw blocked(
          "the file of releases cannot be read: " + IoFailure.describe(e),
          "let releases.file.notes name a file that this user may read");
    }
  }

  private ReleaseFiles readFiles(String tag) {
    String shown = PlainText.line(tag, 80);
    Path folder = config.source();
    if (folder == null) {
      throw blocked(
          "the source of " + shown + " is not known: releases.file.source is not configured",
          "let releases.file.source name a folder that holds " + shown + ".tar.gz");
    }
    // A tag is a file's name here: it must not lead elsewhere.
    if (Version.tryParse(tag).isEmpty()) {
      throw blocked("'" + shown + "' is no tag of a release", "name a version, such as v1.2.0");
    }
    Path tree = folder.resolve(tag);
    Path archive = folder.resolve(tag + ".tar.gz");
    if (!Files.isDirectory(tree) && !Files.exists(archive)) {
      throw blocked(
          "the source of " + shown + " is missing: neither " + archive + " nor a folder " + tree,
          "put the archive there: git archive --format=tar.gz --prefix="
              + shown
              + "/ -o "
              + archive
              + " "
              + shown);
    }
    return Files.isDirectory(tree) ? readTree(tree) : readArchive(archive);
  }

  private ReleaseFiles readTree(Path tree) {
    try {
      return SourceFolder.read(tree, layout);
    } catch (Malformed e) {
      throw unusable(tree, e);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private ReleaseFiles readArchive(Path archive) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(archive))) {
      return SourceArchive.read(in, layout);
    } catch (Malformed e) {
      throw unusable(archive, e);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static DeployException.Blocked unusable(Path place, Malformed e) {
    return blocked("the source " + place + " " + e.problem(), "put the release's source there");
  }

  private static DeployException.Blocked unreadable(IOException e) {
    return blocked(
        "the source of a release cannot be read: " + IoFailure.describe(e),
        "let this user read what releases.file.source holds");
  }

  private static DeployException.Blocked blocked(String summary, String next) {
    return new DeployException.Blocked(Problem.of(summary, next));
  }
}
