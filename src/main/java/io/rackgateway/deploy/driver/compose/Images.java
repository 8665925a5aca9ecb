package io.rackgateway.deploy.driver.compose;

import com.fasterxml.jackson.databind.JsonNode;
import io.rackgateway.deploy.event.Event;
import io.rackgateway.deploy.event.Events;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.ImageReference;
import io.rackgateway.deploy.model.Problem;
import io.rackgateway.deploy.process.Command;
import io.rackgateway.deploy.process.CommandResult;
import io.rackgateway.deploy.process.Commands;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Images on the engine: fetching the new one, keeping the old one. */
final class Images {

  private static final Duration PULL_LIMIT = Duration.ofMinutes(30);

  private final Docker docker;
  private final Commands commands;
  private final Events events;

  Images(Docker docker, Commands commands, Events events) {
    this.docker = docker;
    this.commands = commands;
    this.events = events;
  }

  static Command pullCommand(String reference) {
    return Docker.command("pull", reference).withTimeout(PULL_LIMIT);
  }

  /**
   * Fetches an image. An image that cannot be fetched will do if it is there already: it was built
   * here, or the registry is away.
   *
   * @throws DeployException.StepFailed if it is not to be had, or is not what its digest says
   */
  void pull(String reference) {
    CommandResult result = fetch(reference);
    Optional<JsonNode> image = docker.image(reference);
    if (image.isEmpty()) {
      throw new DeployException.StepFailed(
          new Problem(
              "the image " + reference + " cannot be pulled: " + result.reason(),
              next(result),
              result.tail()));
    }
    if (!result.succeeded()) {
      events.emit(
          new Event.Notice(
              "the image "
                  + reference
                  + " could not be pulled ("
                  + result.reason()
                  + "); going on with the one that is on this machine already"));
    }
    requireDigest(reference, image.get());
  }

  private CommandResult fetch(String reference) {
    return commands.run(
        pullCommand(reference).asInterruptible(),
        line -> events.emit(new Event.Output("docker", line)));
  }

  private static void requireDigest(String reference, JsonNode image) {
    String digest = ImageReference.parse(reference).digest();
    if (digest == null) {
      return;
    }
    for (JsonNode known : image.path("RepoDigests")) {
      if (known.asText().endsWith("@" + digest)) {
        return;
      }
    }
    throw new DeployException.StepFailed(
        "the image " + reference + " was pulled, but Docker does not know it by that digest",
        "check the digest against the release");
  }

  private static String next(CommandResult result) {
    String words = String.join("\n", result.tail()).toLowerCase(Locale.ROOT);
    if (words.contains("denied") || words.contains("unauthorized")) {
      return "check the name of the image, or log in with 'docker login'";
    }
    if (words.contains("manifest") || words.contains("not found")) {
      return "check that this version has been published, and correct --to";
    }
    return "check that the registry can be reached from this machine, then run the upgrade again";
  }

  /**
   * Makes a reference name exactly the image that it named before.
   *
   * @throws DeployException.StepFailed if that image is gone for good
   */
  void restore(Goal goal) {
    Optional<String> named = docker.imageId(goal.reference());
    String image = goal.image();
    if (image == null) {
      if (named.isEmpty()) {
        pull(goal.reference());
      }
      return;
    }
    if (named.filter(image::equals).isPresent()) {
      return;
    }
    if (docker.image(image).isPresent()) {
      tag(image, goal.reference());
      return;
    }
    CommandResult result = fetch(goal.reference());
    Optional<String> pulled = docker.imageId(goal.reference());
    if (pulled.filter(image::equals).isEmpty()) {
      throw new DeployException.StepFailed(
          new Problem(
              "the previous image "
                  + image
                  + " is gone from this machine, and "
                  + goal.reference()
                  + (pulled.isEmpty()
                      ? " cannot be pulled"
                      : " now names another, " + pulled.get()),
              "get the image back ('docker load' or 'docker pull'), then run 'resume'",
              result.tail()));
    }
  }

  private void tag(String image, String reference) {
    ImageReference parsed = ImageReference.parse(reference);
    if (parsed.digest() == null) {
      docker.run(
          "giving the previous image its name back", Docker.command("tag", image, reference));
    }
  }
}
