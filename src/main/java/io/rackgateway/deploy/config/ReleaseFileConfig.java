package io.rackgateway.deploy.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The section {@code releases.file}. */
public record ReleaseFileConfig(
    @Key("The releases as JSON, as GitHub's API lists them.") Path notes,
    @Key(
            "A folder that holds the source of each release, as TAG.tar.gz or as a folder TAG, where environment and"
                + " migrations are to be judged.")
        @Nullable Path source) {}
