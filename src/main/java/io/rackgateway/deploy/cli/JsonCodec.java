package io.rackgateway.deploy.cli;

import io.rackgateway.deploy.engine.PlanCodec;
import io.rackgateway.deploy.event.EventJson;
import io.rackgateway.deploy.event.EventRecord;
import io.rackgateway.deploy.journal.jdbc.Codec;
import io.rackgateway.deploy.model.Backup;
import io.rackgateway.deploy.model.Plan;
import io.rackgateway.deploy.model.RunResult;

/** The JSON forms, as the journal and the marks on platforms keep them. */
record JsonCodec(EventJson json) implements Codec, PlanCodec {

  private static final String SOURCE = "the journal";

  @Override
  public String write(Plan plan) {
    return json.write(plan);
  }

  @Override
  public Plan readPlan(String text) {
    return json.readPlan(text, SOURCE);
  }

  @Override
  public Plan read(String text) {
    return json.readPlan(text, "the mark on the platform");
  }

  @Override
  public String write(RunResult result) {
    return json.write(result);
  }

  @Override
  public RunResult readResult(String text) {
    return json.readResult(text, SOURCE);
  }

  @Override
  public String write(Backup backup) {
    return json.write(backup);
  }

  @Override
  public Backup readBackup(String text) {
    return json.readBackup(text, SOURCE);
  }

  @Override
  public String write(EventRecord event) {
    return json.write(event);
  }
}
