package io.rackgateway.deploy.migration.lint;

/** Judges one sort of statement. */
@FunctionalInterface
interface Rule {

  /**
   * Says what it finds to the scope, and remembers what the statement makes or drops.
   *
   * @param words the statement after its first word
   * @param line where the statement begins
   * @throws NotUnderstood if the statement reads otherwise than expected
   */
  void judge(Words words, int line, Scope scope);
}
