package io.rackgateway.deploy.release.github;

/** What came of one attempt: an answer, or why there is none. */
sealed interface Outcome permits KeptAnswer, Refused {}
