package io.rackgateway.deploy.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The grammar of variables in a Compose file's values: {@code repo:${TAG:-v1.0.0}}. */
final class Interpolation {

  private Interpolation() {}

  /** A piece of a text. */
  sealed interface Piece {}

  /** Text that stands for itself, from {@code start} on. */
  record Literal(int start, String text) implements Piece {}

  /**
   * A variable.
   *
   * @param operator {@code :-}, {@code -}, {@code :?}, {@code ?}, {@code :+}, {@code +}, or empty
   * @param argument where the text after the operator begins
   * @param text the text after the operator
   */
  record Variable(String name, String operator, int argument, String text) implements Piece {}

  /**
   * Takes a text apart.
   *
   * @param text the whole text
   * @param from where to begin
   * @param to where to end
   * @return the pieces in order, or empty when the text holds something that is not understood
   */
  static Optional<List<Piece>> pieces(String text, int from, int to) {
    List<Piece> pieces = new ArrayList<>();
    int position = from;
    while (position < to) {
      int dollar = text.indexOf('$', position);
      int end = dollar < 0 || dollar > to ? to : dollar;
      if (end > position) {
        pieces.add(new Literal(position, text.substring(position, end)));
        position = end;
      } else {
        int close = end(text, position, to);
        Variable variable = close < 0 ? null : variable(text, position, close);
        if (variable == null) {
          return Optional.empty();
        }
        pieces.add(variable);
        position = close;
      }
    }
    return Optional.of(pieces);
  }

  /** Where the variable that begins at the dollar sign ends; -1 when it does not. */
  private static int end(String text, int dollar, int to) {
    if (dollar + 1 < to && text.charAt(dollar + 1) == '{') {
      int depth = 0;
      for (int i = dollar + 1; i < to; i++) {
        if (text.charAt(i) == '{') {
          depth++;
        } else if (text.charAt(i) == '}' && --depth == 0) {
          return i + 1;
        }
      }
      return -1;
    }
    int end = nameEnd(text, dollar + 1, to);
    return end == dollar + 1 ? -1 : end;
  }

  private static @Nullable Variable variable(String text, int dollar, int close) {
    if (text.charAt(dollar + 1) != '{') {
      return new Variable(text.substring(dollar + 1, close), "", close, "");
    }
    int end = nameEnd(text, dollar + 2, close - 1);
    String name = text.substring(dollar + 2, end);
    if (name.isEmpty()) {
      return null;
    }
    int argument = end;
    if (argument < close - 1 && text.charAt(argument) == ':') {
      argument++;
    }
    if (argument < close - 1 && "-?+".indexOf(text.charAt(argument)) >= 0) {
      argument++;
    }
    String operator = text.substring(end, argument);
    if (operator.equals(":") || (operator.isEmpty() && end < close - 1)) {
      return null;
    }
    return new Variable(name, operator, argument, text.substring(argument, close - 1));
  }

  private static int nameEnd(String text, int from, int to) {
    int end = from;
    while (end < to
        && (text.charAt(end) == '_'
            || isLetter(text.charAt(end))
            || (end > from && Character.isDigit(text.charAt(end))))) {
      end++;
    }
    return end;
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
