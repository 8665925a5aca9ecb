package io.rackgateway.deploy.backup.rds;

import io.rackgateway.deploy.backup.BackupProvider.Request;
import io.rackgateway.deploy.backup.SnapshotBackups.Purpose;
import io.rackgateway.deploy.model.RunId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.services.rds.model.Tag;

/**
 * The tags by which this tool knows its own snapshots and servers again. What does not carry them
 * is never touched.
 */
final class RdsTags {

  static final String GATEWAY = "rack-gateway:gateway";
  static final String RUN = "rack-gateway:run";
  static final String VERSION = "rack-gateway:version";
  static final String CREATED_AT = "rack-gateway:created-at";
  static final String PROOF = "rack-gateway:proof";
  static final String MILLIS = "rack-gateway:duration-millis";
  static final String REPLACED_BY = "rack-gateway:replaced-by";
  static final String PURPOSE = "rack-gateway:purpose";

  private static final String PREFIX = "rack-gateway:";
  private static final String CREATED_BY = "rack-gateway:created-by";
  private static final String TOOL_VERSION = "rack-gateway:tool-version";
  private static final String BACKUP = "rack-gateway:backup";
  private static final String TOOL = "rack-gateway-deploy";

  private final String toolVersion;

  RdsTags(String toolVersion) {
    this.toolVersion = toolVersion;
  }

  Map<String, String> ofSnapshot(Request request, Instant createdAt) {
    Map<String, String> tags = common(request.run(), createdAt);
    tags.put(GATEWAY, request.gateway());
    if (request.version() != null) {
      tags.put(VERSION, request.version().toString());
    }
    return tags;
  }

  Map<String, String> ofCopy(String backup, RunId run, Purpose purpose, Instant createdAt) {
    Map<String, String> tags = common(run, createdAt);
    tags.put(BACKUP, backup);
    tags.put(PURPOSE, label(purpose));
    return tags;
  }

  private Map<String, String> common(RunId run, Instant createdAt) {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put(CREATED_BY, TOOL);
    tags.put(TOOL_VERSION, toolVersion);
    tags.put(RUN, run.value());
    tags.put(CREATED_AT, createdAt.toString());
    return tags;
  }

  /** Whether this tool made what carries the tags. */
  static boolean own(Map<String, String> tags) {
    return TOOL.equals(tags.get(CREATED_BY));
  }

  /** Whether what carries the tags was made by this tool for this run and purpose. */
  static boolean own(Map<String, String> tags, RunId run, Purpose purpose) {
    return own(tags)
        && run.value().equals(tags.get(RUN))
        && label(purpose).equals(tags.get(PURPOSE));
  }

  static boolean forProof(Map<String, String> tags) {
    return own(tags) && label(Purpose.PROOF).equals(tags.get(PURPOSE));
  }

  /** Whether what carries the tags was made to take the place of another. */
  static boolean tookOver(Map<String, String> tags) {
    return own(tags) && label(Purpose.TAKE_OVER).equals(tags.get(PURPOSE));
  }

  private static String label(Purpose purpose) {
    return purpose.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The source's own tags with the tool's over them; those of AWS itself cannot be set. */
  static List<Tag> over(List<Tag> source, Map<String, String> own) {
    Map<String, String> all = new LinkedHashMap<>();
    source.stream()
        .filter(tag -> !tag.key().startsWith("aws:") && !tag.key().startsWith(PREFIX))
        .forEach(tag -> all.put(tag.key(), tag.value()));
    all.putAll(own);
    return list(all);
  }

  static List<Tag> list(Map<String, String> tags) {
    return tags.entrySet().stream()
        .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
        .toList();
  }

  static Map<String, String> map(List<Tag> tags) {
    Map<String, String> map = new LinkedHashMap<>();
    tags.forEach(tag -> map.put(tag.key(), tag.value()));
    return map;
  }
}
