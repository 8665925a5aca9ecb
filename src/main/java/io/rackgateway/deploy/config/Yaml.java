package io.rackgateway.deploy.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A YAML document as a tree that knows where each part of it was written. */
sealed interface Yaml {

  Place place();

  /** What it is, for a message: {@code a list}, {@code the number 5}. */
  String describe();

  /** What a plain scalar is by the core schema of YAML 1.2; anything quoted is text. */
  enum Kind {
    TEXT,
    INTEGER,
    DECIMAL,
    BOOLEAN,
    NOTHING
  }

  /** A single value, its text as written but for quotes. */
  record Scalar(Place place, Kind kind, String text) implements Yaml {

    private static final int LONGEST = 80;

    @Override
    public String describe() {
      return switch (kind) {
        case TEXT -> "'" + shortened() + "'";
        case INTEGER, DECIMAL -> "the number " + text;
        case BOOLEAN -> text;
        case NOTHING -> "nothing";
      };
    }

    /** One line of bearable length. */
    private String shortened() {
      String line = text.replace("\n", "\\n");
      return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }
  }

  /** A list. */
  record Sequence(Place place, List<Yaml> items) implements Yaml {
    @Override
    public String describe() {
      return "a list";
    }
  }

  /** Keys with values, in the order of the file. */
  record Mapping(Place place, List<Entry> entries) implements Yaml {
    @Override
    public String describe() {
      return "a mapping";
    }

    Optional<Entry> find(String key) {
      return entries.stream().filter(entry -> entry.key().equals(key)).findFirst();
    }

    boolean has(String key) {
      return find(key).isPresent();
    }

    /** The same mapping with one key set, in its place if it is there. */
    Mapping with(Entry entry) {
      List<Entry> changed = new ArrayList<>(entries);
      int at = entries.indexOf(find(entry.key()).orElse(entry));
      if (at < 0) {
        changed.add(entry);
      } else {
        changed.set(at, entry);
      }
      return new Mapping(place, List.copyOf(changed));
    }
  }

  /** One key and its value. */
  record Entry(Place place, String key, Yaml value) {}
}
