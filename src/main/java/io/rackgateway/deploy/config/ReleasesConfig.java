package io.rackgateway.deploy.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The section {@code releases}. */
@OneOf(
    value = {"github", "file", "none"},
    noun = "release source")
public record ReleasesConfig(
    @Key("Releases as GitHub tells of them.") @Nullable GitHubConfig github,
    @Key("Releases from files, where the runner cannot or may not reach GitHub.")
        @Nullable ReleaseFileConfig file,
    @Key("No look at releases: their notes, environment and migrations are not judged.")
        @Nullable NoReleasesConfig none,
    @Key(
            value =
                "Whether pre-releases count as releases, for --to latest and for the notes in between.",
            orElse = "false")
        boolean preReleases,
    @Key(
            value = "The folder of the migrations in a release's source.",
            orElse = "internal/gateway/db/migrations",
            shown = true)
        String migrations,
    @Key(
            value =
                "The Convox manifest in a release's source, whose environment names the variables it needs.",
            orElse = "convox.yml",
            shown = true)
        String manifest,
    @Key(
            value = "Where answers are kept, to be asked for again only if they changed.",
            orElse = ".rack-gateway/cache")
        Path cache) {}
