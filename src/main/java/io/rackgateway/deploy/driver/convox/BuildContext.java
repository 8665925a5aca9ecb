package io.rackgateway.deploy.driver.convox;

import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.model.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * The build context of an app whose services all run images: the manifest alone. The same manifest
 * gives the same bytes.
 */
final class BuildContext {

  private static final int MODE = 0100644;

  private BuildContext() {}

  /**
   * Packs it into a temporary file, which is the caller's to delete.
   *
   * @throws DeployException.StepFailed if it cannot be written
   */
  static Path pack(String name, byte[] manifest) {
    try {
      Path archive = Files.createTempFile("rack-gateway-deploy-", ".tgz");
      try (OutputStream file = Files.newOutputStream(archive);
          TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(file))) {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(manifest.length);
        entry.setMode(MODE);
        entry.setModTime(0L);
        entry.setIds(0, 0);
        tar.putArchiveEntry(entry);
        tar.write(manifest);
        tar.closeArchiveEntry();
      }
      return archive;
    } catch (IOException e) {
      throw new DeployException.StepFailed(
          Problem.of(
              "the build context could not be packed: " + IoFailure.describe(e),
              "see whether there is room in the folder for temporary files"),
          e);
    }
  }
}
