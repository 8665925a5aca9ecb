package io.rackgateway.deploy.registry;

import io.rackgateway.deploy.gate.GateAnswer;
import io.rackgateway.deploy.gate.GateCheck;
import io.rackgateway.deploy.gate.GateContext;
import io.rackgateway.deploy.model.DeployException;
import io.rackgateway.deploy.model.Gate;
import io.rackgateway.deploy.model.ImageFacts;
import io.rackgateway.deploy.model.ImageReference;
import io.rackgateway.deploy.model.Outlook;
import java.util.List;

/**
 * Whether the target's image can be had: it is in its registry, is what its digests say, and is for
 * the platform that the host runs. For platforms that run images; one that does not has no use for
 * it.
 */
public final class ImageGate implements GateCheck {

  private static final String ON_HOST = "; the image is on the host already and would be used";

  private final ImageRegistry registry;

  public ImageGate(ImageRegistry registry) {
    this.registry = registry;
  }

  @Override
  public String name() {
    return "image";
  }

  @Override
  public GateAnswer answer(GateContext context) throws InterruptedException {
    ImageReference planned = reference(context.driverPlan().toReference());
    String asked = context.digest();
    if (asked != null && planned.digest() != null && !asked.equals(planned.digest())) {
      return GateAnswer.of(
          Gate.block(
              name(),
              "the digest " + asked + " was asked for, but the plan would run " + planned,
              "leave out one of the two digests, or make them the same"));
    }
    ImageReference reference = asked == null ? planned : planned.withDigest(asked);
    ImageAnswer answer;
    try {
      answer = registry.lookUp(reference);
    } catch (DeployException.Blocked e) {
      if (!context.surroundings().imageOnHost()) {
        throw e;
      }
      return GateAnswer.of(Gate.warn(name(), e.problem().summary() + ON_HOST, e.problem().next()));
    }
    if (answer instanceof ImageAnswer.Found found) {
      return new GateAnswer(judge(found, context), Outlook.ofImage(found.facts()));
    }
    if (answer instanceof ImageAnswer.Absent absent) {
      return GateAnswer.of(absent(absent, context));
    }
    return GateAnswer.of(untrue((ImageAnswer.Untrue) answer));
  }

  private static ImageReference reference(String text) {
    try {
      return ImageReference.parse(text);
    } catch (IllegalArgumentException e) {
      throw Upstream.unanswered(String.valueOf(e.getMessage()), "correct the image's name");
    }
  }

  private Gate absent(ImageAnswer.Absent absent, GateContext context) {
    String near = absent.near().isEmpty() ? "" : "; near it: " + String.join(", ", absent.near());
    return context.surroundings().imageOnHost()
        ? Gate.warn(
            name(),
            absent.evidence() + near + ON_HOST,
            "push the image, so that it can be had again when the host loses it")
        : Gate.block(
            name(), absent.evidence() + near, "choose a version that is published, or push it");
  }

  private Gate untrue(ImageAnswer.Untrue untrue) {
    return Gate.block(
        name(),
        untrue.evidence(),
        "do not use this image; find out who changed it: the registry, or something on the way");
  }

  private Gate judge(ImageAnswer.Found found, GateContext context) {
    ImageFacts facts = found.facts();
    String evidence =
        facts.reference()
            + " is "
            + Digests.brief(facts.digest())
            + " for "
            + String.join(", ", facts.platforms());
    List<String> details = List.of("digest " + facts.digest());
    String host = context.surroundings().imagePlatform();
    if (host == null) {
      return Gate.warn(
              name(),
              evidence + "; what the host runs is not known",
              "make sure that the host runs one of these platforms")
          .withDetails(details);
    }
    if (!runs(host, facts)) {
      return Gate.block(
              name(),
              evidence + ", but the host runs " + host,
              "use an image for " + host + ", or accept it if the host emulates another platform")
          .withDetails(details)
          .acknowledgedBy(List.of(context.to().tag()));
    }
    if (found.movedTo() != null) {
      return Gate.warn(
              name(),
              evidence + "; its tag names " + Digests.brief(found.movedTo()) + " by now",
              "make sure that the digest that was asked for is still the right one")
          .withDetails(List.of(details.get(0), "the tag names " + found.movedTo()));
    }
    return Gate.pass(name(), evidence).withDetails(details);
  }

  private static boolean runs(String host, ImageFacts facts) {
    Platform machine = Platform.parse(host);
    return facts.platforms().stream().map(Platform::parse).anyMatch(machine::runs);
  }
}
