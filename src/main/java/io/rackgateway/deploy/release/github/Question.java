package io.rackgateway.deploy.release.github;

import java.io.IOException;
import java.io.InputStream;
import okhttp3.HttpUrl;

/**
 * Something to ask GitHub.
 *
 * @param url where
 * @param what what is asked for, for people: {@code the releases of github.com/o/r}
 * @param shape what the content depends on besides the answer; part of the key in the cache
 * @param compressed whether the answer is an archive that is compressed by itself
 * @param notFound what to say when it does not exist
 * @param reader makes the content that is kept of an answer
 */
record Question(
    HttpUrl url, String what, String shape, boolean compressed, Refused notFound, Reader reader) {

  /** Reads an answer's body. */
  @FunctionalInterface
  interface Reader {
    /**
     * Makes JSON of a body.
     *
     * @throws io.rackgateway.deploy.release.source.Malformed if it is not what was asked for
     */
    String read(InputStream body) throws IOException;
  }

  /** The key in the cache: who shows a token may see other things than who does not. */
  String key(boolean withToken) {
    return url + "\n" + (withToken ? "with a token" : "without a token") + "\n" + shape;
  }
}
