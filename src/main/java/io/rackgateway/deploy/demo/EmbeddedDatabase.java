package io.rackgateway.deploy.demo;

import io.rackgateway.deploy.postgres.embedded.EmbeddedServer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A PostgreSQL 15 server of this machine's own, on 127.0.0.1 and a free port, with the gateway's
 * database and its two roles: one that may migrate and create databases, and a restricted one for
 * the server. All its files are in one folder, which goes away with it.
 */
public final class EmbeddedDatabase implements AutoCloseable {

  private static final String NAME = "rack_gateway";
  private static final String ADMIN = "rack_gateway_admin";
  private static final String APP = "rack_gateway_app";

  private final EmbeddedServer server;
  private final String adminPassword;
  private final String appPassword;

  private EmbeddedDatabase(EmbeddedServer server) {
    this.server = server;
    this.adminPassword = password();
    this.appPassword = password();
  }

  /** {@link #start(Path, Path)} with the server's programs unpacked below the same folder. */
  public static EmbeddedDatabase start(Path folder) {
    return start(folder, folder.resolve("programs"));
  }

  /**
   * Starts a server. What a server that was not ended left in the folder is ended and removed
   * first.
   *
   * @param folder where its data goes; made if need be
   * @param programs where its programs are unpacked, or found unpacked
   * @throws io.rackgateway.deploy.model.DeployException.Usage if it cannot run here
   */
  public static EmbeddedDatabase start(Path folder, Path programs) {
    EmbeddedDatabase database =
        new EmbeddedDatabase(EmbeddedServer.start(folder, programs, Map.of()));
    try {
      database.createRoles();
      return database;
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private void createRoles() {
    server.execute(
        List.of(
            "CREATE ROLE " + ADMIN + " LOGIN CREATEDB PASSWORD '" + adminPassword + "'",
            "CREATE ROLE " + APP + " LOGIN PASSWORD '" + appPassword + "'",
            "CREATE DATABASE " + NAME + " OWNER " + ADMIN));
    server.admit(List.of(ADMIN, APP));
  }

  public int port() {
    return server.port();
  }

  /** The role that may migrate: {@code postgres://…}, with its password. */
  public String adminUrl() {
    return url(ADMIN, adminPassword);
  }

  /**
   * The restricted role that the gateway's server uses: {@code postgres://…}, with its password.
   */
  public String appUrl() {
    return url(APP, appPassword);
  }

  private String url(String role, String password) {
    return "postgres://"
        + role
        + ":"
        + password
        + "@127.0.0.1:"
        + port()
        + "/"
        + NAME
        + "?sslmode=disable";
  }

  /** Ends the server and removes its folder. */
  @Override
  public void close() {
    server.close();
  }

  private static String password() {
    byte[] bytes = new byte[12];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
