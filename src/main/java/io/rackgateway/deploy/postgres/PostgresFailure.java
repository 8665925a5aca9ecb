package io.rackgateway.deploy.postgres;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A failure of a database as one sentence for people, without the password. */
public final class PostgresFailure {

  private PostgresFailure() {}

  /** What happened, beginning with where: {@code database 'gateway' at …: connection refused}. */
  public static String describe(PostgresUrl url, SQLException failure) {
    String reason = reason(failure);
    String password = url.password();
    return url.display()
        + ": "
        + (password == null || password.length() < 4 ? reason : reason.replace(password, "****"));
  }

  private static String reason(SQLException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnknownHostException) {
        return "the host name is not known";
      }
      if (cause instanceof SocketTimeoutException) {
        return "no answer in time";
      }
      if (cause instanceof NoRouteToHostException) {
        return "no route to the host";
      }
      if (cause instanceof ConnectException) {
        return "connection refused: no server listens there";
      }
    }
    String message = oneLine(failure.getMessage());
    return message.startsWith("FATAL: ") ? message.substring("FATAL: ".length()) : message;
  }

  private static String oneLine(@Nullable String message) {
    return message == null
        ? "the database gave no reason"
        : message.strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
