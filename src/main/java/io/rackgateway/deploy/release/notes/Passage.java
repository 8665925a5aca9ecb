package io.rackgateway.deploy.release.notes;

import java.util.List;

/** A piece of release notes, in the order in which they are read. */
sealed interface Passage {

  /** A heading; level from 1. */
  record Heading(int level, Words words) implements Passage {}

  /** A paragraph; depth is that of the list it stands in, 0 for none. */
  record Text(Words words, int depth, boolean beginsItem) implements Passage {}

  /** A row of a table below its header. */
  record Row(Words words, List<String> header, List<String> cells) implements Passage {}

  /** A block quote begins; alert is its type in upper case, empty for an ordinary quote. */
  record Quote(String alert) implements Passage {}

  /** The end of what began last of the kind; depth is that of a list, else 0. */
  record End(What what, int depth) implements Passage {}

  /** What can end. */
  enum What {
    QUOTE,
    LIST,
    DETAILS
  }

  /** A part that was not read. */
  record Unread(int line, String reason) implements Passage {}
}
