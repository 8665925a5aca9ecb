package io.rackgateway.deploy.cli;

import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Makes commands, handing the application to those that work with it. */
final class CommandFactory implements IFactory {

  private final App app;

  CommandFactory(App app) {
    this.app = app;
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    try {
      return type.getDeclaredConstructor(App.class).newInstance(app);
    } catch (NoSuchMethodException e) {
      return CommandLine.defaultFactory().create(type);
    }
  }
}
