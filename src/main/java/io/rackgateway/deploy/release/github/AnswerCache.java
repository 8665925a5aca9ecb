package io.rackgateway.deploy.release.github;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.IoFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Answers on disk, one file each, shared by any number of processes: a file is replaced as a whole,
 * and one that is broken counts as missing. Never answers by itself; every answer has to be
 * confirmed by the server.
 *
 * <p>okhttp's own cache is not used: only one process may open it, it would keep whole archives,
 * and for answers that vary by {@code Authorization}, as GitHub's do, it writes that header to
 * disk.
 */
final class AnswerCache {

  private static final int FORMAT = 1;
  private static final long MOST_BYTES_EACH = 24L << 20;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final FileAttribute<?> OWN_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<?> OWN_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path folder;
  private final Clock clock;
  private final Events events;
  private final CacheLimit limit;
  private final AtomicBoolean told = new AtomicBoolean();

  AnswerCache(Path folder, Clock clock, Events events, CacheLimit limit) {
    this.folder = folder;
    this.clock = clock;
    this.events = events;
    this.limit = limit;
  }

  /** The answer that is kept under the key. */
  Optional<KeptAnswer> find(String key) {
    Path file = file(key);
    try {
      if (!Files.exists(file) || Files.size(file) > MOST_BYTES_EACH) {
        return Optional.empty();
      }
      String text = Files.readString(file);
      int end = text.indexOf('\n');
      String entry = text.substring(end + 1);
      if (end < 0 || !text.substring(0, end).equals(sha256(entry))) {
        return Optional.empty();
      }
      return read(JSON.readTree(entry), key, Files.getLastModifiedTime(file));
    } catch (IOException e) {
      // Broken or not to be read: the server is asked as if nothing were kept.
      return Optional.empty();
    }
  }

  private static Optional<KeptAnswer> read(JsonNode json, String key, FileTime confirmed) {
    boolean mine = json.path("format").asInt() == FORMAT && json.path("key").asText().equals(key);
    return mine
        ? Optional.of(
            new KeptAnswer(
                json.path("etag").textValue(),
                json.path("last_modified").textValue(),
                json.path("next").textValue(),
                json.path("content").asText(),
                confirmed.toInstant()))
        : Optional.empty();
  }

  /** Keeps an answer in place of an earlier one. Where that fails it is told, once. */
  void keep(String key, KeptAnswer answer) {
    if (!answer.canBeConfirmed()) {
      return;
    }
    ObjectNode json = JSON.createObjectNode();
    json.put("format", FORMAT);
    json.put("key", key);
    json.put("etag", answer.etag());
    json.put("last_modified", answer.lastModified());
    json.put("next", answer.next());
    json.put("content", answer.content());
    try {
      String entry = JSON.writeValueAsString(json);
      byte[] bytes = (sha256(entry) + "\n" + entry).getBytes(StandardCharsets.UTF_8);
      if (bytes.length <= MOST_BYTES_EACH) {
        write(file(key), bytes);
        limit.apply(folder, clock.instant());
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain texts become JSON", e);
    } catch (IOException e) {
      tell(e);
    }
  }

  /** The server said that the answer still holds. */
  void confirm(String key) {
    try {
      Files.setLastModifiedTime(file(key), FileTime.from(clock.instant()));
    } catch (IOException e) {
      // Only the age that a message may name is wrong then, and too high.
    }
  }

  private void write(Path file, byte[] bytes) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, OWN_FOLDER);
    }
    Path temporary = Files.createTempFile(folder, ".", CacheLimit.TEMPORARY, OWN_FILE);
    try {
      Files.write(temporary, bytes);
      Files.setLastModifiedTime(temporary, FileTime.from(clock.instant()));
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private void tell(IOException e) {
    if (!told.getAndSet(true)) {
      events.emit(
          new Event.Notice(
              "answers cannot be kept in releases.cache, so each run asks for all of them: "
                  + IoFailure.describe(e)));
    }
  }

  private Path file(String key) {
    return folder.resolve(sha256(key) + CacheLimit.ENTRY);
  }

  private static String sha256(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
