package io.rackgateway.deploy.scratch;

import io.rackgateway.deploy.config.Secret;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.IoFailure;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.postgres.PostgresUrl;
import io.rackgateway.deploy.postgres.embedded.EmbeddedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Scratch databases on a server of the tool's own, each on one that is started for it, tuned to
 * forget: it keeps nothing through a crash, which would end its use anyway.
 */
public final class EmbeddedScratch implements ScratchDatabases {

  private static final String NAME = "scratch";
  private static final String ROLE = "rack_gateway_scratch";

  /** For the server's own files and its log of writes. */
  private static final long ROOM_FOR_ITSELF = 400_000_000L;

  private static final Map<String, String> SETTINGS =
      Map.ofEntries(
          Map.entry("fsync", "off"),
          Map.entry("full_page_writes", "off"),
          Map.entry("synchronous_commit", "off"),
          Map.entry("wal_level", "minimal"),
          Map.entry("max_wal_senders", "0"),
          Map.entry("max_wal_size", "512MB"),
          Map.entry("checkpoint_timeout", "30min"),
          Map.entry("autovacuum", "off"),
          Map.entry("shared_buffers", "64MB"),
          Map.entry("maintenance_work_mem", "256MB"),
          Map.entry("jit", "off"),
          Map.entry("max_connections", "40"));

  private final Path base;
  private final Path programs;
  private final Secrets secrets;

  /**
   * @param base the folder below which each server has its data
   * @param programs where the server's programs are kept unpacked
   * @param secrets are told the passwords
   */
  public EmbeddedScratch(Path base, Path programs, Secrets secrets) {
    this.base = base.toAbsolutePath();
    this.programs = programs;
    this.secrets = secrets;
  }

  /** Where programs are kept between runs: {@code ~/.cache/rack-gateway-deploy/postgresql-15}. */
  public static Path programsFolder(Map<String, String> environment) {
    String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path home =
        cache.isEmpty()
            ? Path.of(System.getProperty("user.home", "/tmp"), ".cache")
            : Path.of(cache);
    return home.resolve("rack-gateway-deploy").resolve("postgresql-" + EmbeddedServer.MAJOR);
  }

  @Override
  public String display() {
    return "an embedded PostgreSQL " + EmbeddedServer.MAJOR;
  }

  @Override
  public boolean keepsRoles() {
    return true;
  }

  @Override
  public Optional<Problem> obstacle(Need need) {
    if (need.serverMajor() > EmbeddedServer.MAJOR) {
      return Optional.of(
          Problem.of(
              "the embedded scratch server is PostgreSQL "
                  + EmbeddedServer.MAJOR
                  + ", older than the database's "
                  + need.serverMajor(),
              "let backup.scratch.url name a server of PostgreSQL "
                  + need.serverMajor()
                  + " or later"));
    }
    if (!EmbeddedServer.fitsHere()) {
      return Optional.of(
          Problem.of(
              "the embedded scratch server does not run on "
                  + System.getProperty("os.name")
                  + " on "
                  + System.getProperty("os.arch"),
              "let backup.scratch.url name a PostgreSQL server"));
    }
    return room(need);
  }

  private Optional<Problem> room(Need need) {
    long wanted = need.bytes() + need.bytes() / 4 + ROOM_FOR_ITSELF;
    try {
      long free = Files.getFileStore(existing(base)).getUsableSpace();
      return free >= wanted
          ? Optional.empty()
          : Optional.of(
              Problem.of(
                  "a scratch copy of the database needs "
                      + megabytes(wanted)
                      + " in "
                      + base
                      + ", which has "
                      + megabytes(free)
                      + " free",
                  "make room there, or let backup.scratch.directory name a folder on a bigger"
                      + " disk"));
    } catch (IOException e) {
      return Optional.of(unwritable(e));
    }
  }

  @Override
  public ScratchDatabase open(String name, Need need) {
    try {
      ScratchFolder.clearUp(base);
      Optional<Problem> obstacle = obstacle(need);
      if (obstacle.isPresent()) {
        throw new DeployException.Usage(obstacle.get());
      }
      ScratchFolder folder = ScratchFolder.take(base, name);
      try {
        return start(folder, need);
      } catch (RuntimeException e) {
        folder.close();
        throw e;
      }
    } catch (IOException e) {
      throw new DeployException.Usage(unwritable(e));
    }
  }

  private ScratchDatabase start(ScratchFolder folder, Need need) {
    EmbeddedServer server = EmbeddedServer.start(folder.path(), programs, SETTINGS);
    try {
      String password = password();
      secrets.add(password);
      server.execute(
          List.of(
              "CREATE ROLE " + ROLE + " LOGIN SUPERUSER PASSWORD '" + password + "'",
              "CREATE DATABASE " + NAME + " OWNER " + ROLE + " TEMPLATE template0"));
      server.admit(List.of(ROLE));
      PostgresUrl url =
          PostgresUrl.parse(
              "scratch",
              new Secret(
                  "postgresql://%s:%s@127.0.0.1:%d/%s?sslmode=disable"
                      .formatted(ROLE, password, server.port(), NAME)));
      ScratchServer asked = new ScratchServer(url);
      asked.refuseWithout(need.extensions());
      asked.createRoles(need.ownRoles());
      return new Running(url, server, folder);
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private Problem unwritable(IOException e) {
    return Problem.of(
        "the folder of scratch databases " + base + " cannot be used: " + IoFailure.describe(e),
        "let backup.scratch.directory name a folder that this user may write to");
  }

  /** The folder, or the nearest folder above it that exists. */
  private static Path existing(Path folder) {
    Path path = folder;
    while (!Files.exists(path) && path.getParent() != null) {
      path = path.getParent();
    }
    return path;
  }

  private static String megabytes(long bytes) {
    return bytes / 1_000_000 + " MB";
  }

  private static String password() {
    byte[] bytes = new byte[16];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private record Running(PostgresUrl url, EmbeddedServer server, ScratchFolder folder)
      implements ScratchDatabase {

    @Override
    public boolean unowned() {
      return false;
    }

    @Override
    public List<String> notes() {
      return List.of();
    }

    @Override
    public void close() {
      server.close();
      try {
        folder.close();
      } catch (IOException e) {
        throw new UncheckedIOException("the scratch database could not be removed", e);
      }
    }
  }
}
