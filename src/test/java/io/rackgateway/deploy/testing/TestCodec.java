package io.rackgateway.deploy.testing;

import io.rackgateway.deploy.event.EventJson;
import io.rackgateway.deploy.event.EventRecord;
import io.rackgateway.deploy.journal.jdbc.Codec;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.RunResult;

/** The real JSON forms, for tests of the journal alone. */
public record TestCodec(EventJson json) implements Codec {

  @Override
  public String write(Plan plan) {
    return json.write(plan);
  }

  @Override
  public Plan readPlan(String text) {
    return json.readPlan(text, "a test");
  }

  @Override
  public String write(RunResult result) {
    return json.write(result);
  }

  @Override
  public RunResult readResult(String text) {
    return json.readResult(text, "a test");
  }

  @Override
  public String write(Backup backup) {
    return json.write(backup);
  }

  @Override
  public Backup readBackup(String text) {
    return json.readBackup(text, "a test");
  }

  @Override
  public String write(EventRecord event) {
    return json.write(event);
  }
}
