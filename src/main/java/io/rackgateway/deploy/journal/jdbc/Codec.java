package io.rackgateway.deploy.journal.jdbc;

import io.rackgateway.deploy.event.EventRecord;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.RunResult;

/** Values as the texts that the journal keeps; free of secrets. */
public interface Codec {

  String write(Plan plan);

  Plan readPlan(String text);

  String write(RunResult result);

  RunResult readResult(String text);

  String write(Backup backup);

  Backup readBackup(String text);

  String write(EventRecord event);
}
