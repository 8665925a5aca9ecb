package io.rackgateway.deploy.release;

import io.rackgateway.deploy.model.Version;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A published release, as upstream tells of it. Drafts are never among them.
 *
 * @param tag as upstream writes it: {@code v1.2.0}
 * @param url where a person reads about it
 * @param notes Markdown, as written; empty when there are none
 * @param preRelease whether upstream marks it so, or its version does
 * @param publishedAt null when not known
 */
public record Release(
    Version version,
    String tag,
    String url,
    String notes,
    boolean preRelease,
    @Nullable Instant publishedAt) {}
