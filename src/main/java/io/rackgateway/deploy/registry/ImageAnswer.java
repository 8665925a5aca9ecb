package io.rackgateway.deploy.registry;

import io.rackgateway.deploy.model.ImageFacts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a registry told of an image. */
public sealed interface ImageAnswer {

  /**
   * It is there, and is what its digests say.
   *
   * @param movedTo the digest that the tag names now, when the image was looked up by another one;
   *     null otherwise
   */
  record Found(ImageFacts facts, @Nullable String movedTo) implements ImageAnswer {}

  /**
   * The registry does not have it.
   *
   * @param evidence what is missing, one sentence
   * @param near tags of versions next to it, ascending; may be empty
   */
  record Absent(String evidence, List<String> near) implements ImageAnswer {
    public Absent {
      near = List.copyOf(near);
    }
  }

  /**
   * What the registry sent is not what a digest says: it was damaged, or exchanged.
   *
   * @param evidence both digests, one sentence
   */
  record Untrue(String evidence) implements ImageAnswer {}
}
