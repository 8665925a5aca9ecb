package io.rackgateway.deploy.release.github;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rackgateway.deploy.release.ReleaseFiles;

/** What is kept of an archive: the files that matter, as JSON. */
final class FilesJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private FilesJson() {}

  static String write(ReleaseFiles files) throws JsonProcessingException {
    return JSON.writeValueAsString(files);
  }

  /** Reads what {@link #write} wrote. */
  static ReleaseFiles read(String json) {
    try {
      return JSON.readValue(json, ReleaseFiles.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the cache vouches for what it kept", e);
    }
  }
}
