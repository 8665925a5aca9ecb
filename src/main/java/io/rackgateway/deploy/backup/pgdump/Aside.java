package io.rackgateway.deploy.backup.pgdump;

import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Work that goes on beside the caller's, in a thread of its own. */
final class Aside<T> {

  private final FutureTask<T> task;
  private final Thread thread;

  private Aside(String name, Callable<T> work) {
    task = new FutureTask<>(work);
    thread = new Thread(task, name);
    thread.setDaemon(true);
  }

  static <T> Aside<T> begin(String name, Callable<T> work) {
    Aside<T> aside = new Aside<>(name, work);
    aside.thread.start();
    return aside;
  }

  /** Waits for the end of the work, whatever came of it. */
  void finished() {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Waits for what came of it; failures of reading files pass through as they are. */
  T result() throws IOException {
    try {
      return databaseResult();
    } catch (SQLException e) {
      throw new IllegalStateException("no database is asked here", e);
    }
  }

  /** {@link #result} of work that asks a database. */
  T databaseResult() throws IOException, SQLException {
    try {
      return task.get();
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IOException failure) {
        throw failure;
      }
      if (cause instanceof SQLException failure) {
        throw failure;
      }
      if (cause instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(cause);
    }
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted while waiting for work beside", e);
  }
}
