package io.rackgateway.deploy.journal.jdbc;

import io.rackgateway.deploy.journal.Holder;
import io.rackgateway.deploy.journal.Owner;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.model.RunId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Locks that run out. Times are the database's, so that runners with different clocks agree.
 *
 * <p>An embedded journal is open in one process at a time, so whoever else is named in it is gone.
 */
final class Leases {

  private final Sql sql;
  private final boolean embedded;

  Leases(Sql sql, boolean embedded) {
    this.sql = sql;
    this.embedded = embedded;
  }

  private record Lease(RunId run, Owner owner, Instant expiresAt, Instant now) {

    static Lease read(ResultSet row) throws SQLException {
      return new Lease(
          new RunId(row.getString("run_id")),
          new Owner(row.getString("host"), row.getLong("pid"), row.getLong("process_start")),
          Objects.requireNonNull(Sql.instant(row, "expires_at")),
          Objects.requireNonNull(Sql.instant(row, "now_here")));
    }

    boolean ranOut() {
      return !expiresAt.isAfter(now);
    }

    Holder holder() {
      return new Holder(run, owner, expiresAt);
    }

    boolean heldBy(RunId someRun, Owner someOwner) {
      return run.equals(someRun) && owner.equals(someOwner);
    }
  }

  /** Takes the lease, or says who holds it. */
  Optional<String> acquire(String gateway, RunId run, Owner owner, Duration lifetime)
      throws SQLException {
    Optional<Lease> held = find(gateway);
    Instant expiry = now().plus(lifetime);
    if (held.isEmpty()) {
      insert(gateway, run, owner, expiry);
      return Optional.empty();
    }
    Lease lease = held.get();
    boolean mine = lease.heldBy(run, owner);
    if (!mine && atWork(lease)) {
      throw lease.holder().refusal(gateway);
    }
    sql.update(
        "UPDATE lease SET run_id = ?, host = ?, pid = ?, process_start = ?, expires_at = ?"
            + " WHERE gateway = ?",
        run.value(),
        owner.host(),
        owner.pid(),
        owner.processStart(),
        expiry,
        gateway);
    if (mine) {
      return Optional.empty();
    }
    return Optional.of(
        "took over the lock of run "
            + lease.run()
            + ", whose owner ("
            + lease.owner()
            + ") is gone");
  }

  /** The lease of a run that is at work; empty when there is none, or only one of a dead run. */
  Optional<Holder> holder(String gateway) throws SQLException {
    return find(gateway).filter(this::atWork).map(Lease::holder);
  }

  private boolean atWork(Lease lease) {
    return !embedded && !lease.ranOut() && !lease.owner().knownDead();
  }

  boolean renew(String gateway, RunId run, Owner owner, Duration lifetime) throws SQLException {
    return sql.update(
            "UPDATE lease SET expires_at = ? WHERE gateway = ? AND run_id = ? AND host = ?"
                + " AND pid = ? AND process_start = ?",
            now().plus(lifetime),
            gateway,
            run.value(),
            owner.host(),
            owner.pid(),
            owner.processStart())
        == 1;
  }

  int release(String gateway, RunId run) throws SQLException {
    return sql.update("DELETE FROM lease WHERE gateway = ? AND run_id = ?", gateway, run.value());
  }

  private void insert(String gateway, RunId run, Owner owner, Instant expiry) throws SQLException {
    try {
      sql.update(
          "INSERT INTO lease (gateway, run_id, host, pid, process_start, expires_at)"
              + " VALUES (?, ?, ?, ?, ?, ?)",
          gateway,
          run.value(),
          owner.host(),
          owner.pid(),
          owner.processStart(),
          expiry);
    } catch (SQLException e) {
      if (String.valueOf(e.getSQLState()).startsWith("23")) {
        throw new DeployException.Locked(
            Problem.of(
                "another run took the lock of '" + gateway + "' at this moment",
                "wait for it to end; 'status' shows it"));
      }
      throw e;
    }
  }

  private Optional<Lease> find(String gateway) throws SQLException {
    return sql.first(
        Lease::read,
        "SELECT lease.*, CURRENT_TIMESTAMP AS now_here FROM lease WHERE gateway = ? FOR UPDATE",
        gateway);
  }

  private Instant now() throws SQLException {
    return sql.first(
            row -> Objects.requireNonNull(Sql.instant(row, "now_here")),
            "SELECT CURRENT_TIMESTAMP AS now_here")
        .orElseThrow();
  }
}
