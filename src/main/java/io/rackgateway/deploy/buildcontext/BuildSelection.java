package io.rackgateway.deploy.buildcontext;

import java.nio.file.Path;
import java.util.Set;

/**
 * What is sent, and what is not, whatever a {@code .dockerignore} says.
 *
 * @param always paths relative to the folder, with slashes; what is not there is no error
 * @param never absolute paths; nothing in them is sent either
 */
public record BuildSelection(Set<String> always, Set<Path> never) {

  public BuildSelection {
    always = Set.copyOf(always);
    never = Set.copyOf(never);
  }

  boolean isAlways(String name) {
    return always.contains(name);
  }

  boolean isAlwaysBelow(String folder) {
    return always.stream().anyMatch(name -> name.startsWith(folder + "/"));
  }
}
