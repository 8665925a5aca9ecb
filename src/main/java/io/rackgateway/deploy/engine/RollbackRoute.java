package io.rackgateway.deploy.engine;

/**
 * How the version before is brought back, and why that way.
 *
 * @param reason one phrase, for people
 * @param wanting whether the database would have to be restored as well, but is not
 */
record RollbackRoute(Kind kind, String reason, boolean wanting) {

  /** What is brought back. */
  enum Kind {
    /** The schema is as it was: the previous image or release alone. */
    APPLICATION,
    /** The schema has grown: the previous image or release, on the schema as it is. */
    ON_NEW_SCHEMA,
    /** The schema broke the version before: the database as well, from the backup. */
    WITH_DATABASE
  }

  static RollbackRoute application(String reason) {
    return new RollbackRoute(Kind.APPLICATION, reason, false);
  }

  static RollbackRoute onNewSchema(String reason) {
    return new RollbackRoute(Kind.ON_NEW_SCHEMA, reason, false);
  }

  static RollbackRoute withDatabase(String reason) {
    return new RollbackRoute(Kind.WITH_DATABASE, reason, false);
  }

  /** The database would have to be restored, and is left as it is for the reason given. */
  RollbackRoute withoutDatabase(String instead) {
    return new RollbackRoute(Kind.ON_NEW_SCHEMA, reason + "; " + instead, true);
  }

  boolean restoresDatabase() {
    return kind == Kind.WITH_DATABASE;
  }

  /** One sentence: what is done, and why. */
  String sentence(String version) {
    String what =
        switch (kind) {
          case APPLICATION -> "only " + version + " is brought back";
          case ON_NEW_SCHEMA -> version + " is brought back on the schema as it is";
          case WITH_DATABASE -> version + " is brought back with the database from the backup";
        };
    return what + ": " + reason;
  }
}
