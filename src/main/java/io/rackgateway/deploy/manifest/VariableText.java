package io.rackgateway.deploy.manifest;

import io.rackgateway.deploy.manifest.Interpolation.Literal;
import io.rackgateway.deploy.manifest.Interpolation.Variable;
import io.rackgateway.deploy.manifest.WrittenValue.Piece;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a text of a Compose project means: its variables are looked up in the environment of the
 * process, then in the {@code .env} file. Where each piece comes from is kept.
 */
final class VariableText {

  private static final int DEEPEST = 16;

  private final @Nullable Path envFile;
  private final Map<String, String> environment;

  VariableText(@Nullable Path envFile, Map<String, String> environment) {
    this.envFile = envFile;
    this.environment = Map.copyOf(environment);
  }

  /** A text of a file; empty when it holds something that is not understood. */
  Optional<WrittenValue> of(Path file, Setting setting) {
    return collected(Piece.in(file, setting.offset(), setting.line(), setting.text()));
  }

  /** The text of an assignment in a file of variables. */
  Optional<WrittenValue> of(Path file, EnvFile.Assignment assignment) {
    Piece piece = piece(file, assignment);
    if (assignment.literal() || piece.text().indexOf('$') < 0) {
      return piece.text().indexOf('\\') < 0 || assignment.literal()
          ? Optional.of(new WrittenValue(List.of(piece)))
          : Optional.empty();
    }
    return piece.text().indexOf('\\') < 0 ? collected(piece) : Optional.empty();
  }

  /** The variable as the process or the {@code .env} file sets it; empty when neither does. */
  Optional<WrittenValue> variable(String name) {
    List<Piece> pieces = new ArrayList<>();
    return value(name, pieces, 0) == Found.YES
        ? Optional.of(new WrittenValue(pieces))
        : Optional.empty();
  }

  private static Piece piece(Path file, EnvFile.Assignment assignment) {
    // That file's text has one character a byte.
    String text =
        new String(
            assignment.value().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    return Piece.in(
        file,
        assignment.setting().offset() + assignment.prefix().length(),
        assignment.setting().line(),
        text);
  }

  private Optional<WrittenValue> collected(Piece whole) {
    List<Piece> pieces = new ArrayList<>();
    return collect(whole, 0, whole.text().length(), pieces, 0)
        ? Optional.of(new WrittenValue(pieces))
        : Optional.empty();
  }

  private boolean collect(Piece whole, int from, int to, List<Piece> into, int depth) {
    // A doubled dollar sign stands for one.
    int escaped = whole.text().indexOf("$$", from);
    if (escaped >= 0 && escaped < to) {
      if (!collect(whole, from, escaped, into, depth)) {
        return false;
      }
      into.add(Piece.elsewhere("$", "a doubled dollar sign"));
      return collect(whole, escaped + 2, to, into, depth);
    }
    Optional<List<Interpolation.Piece>> pieces = Interpolation.pieces(whole.text(), from, to);
    if (pieces.isEmpty() || depth > DEEPEST) {
      return false;
    }
    boolean understood = true;
    for (Interpolation.Piece piece : pieces.get()) {
      if (piece instanceof Literal literal) {
        into.add(part(whole, literal.start(), literal.text()));
      } else {
        understood &= collect(whole, (Variable) piece, into, depth);
      }
    }
    return understood;
  }

  private boolean collect(Piece whole, Variable variable, List<Piece> into, int depth) {
    if (variable.operator().endsWith("+")) {
      return false;
    }
    List<Piece> value = new ArrayList<>();
    Found found = value(variable.name(), value, depth);
    if (found == Found.UNCLEAR) {
      return false;
    }
    boolean empty = value.stream().allMatch(piece -> piece.text().isEmpty());
    if (found == Found.YES && !(empty && variable.operator().startsWith(":"))) {
      into.addAll(value);
      return true;
    }
    int start = variable.argument();
    return !variable.operator().endsWith("?")
        && collect(whole, start, start + variable.text().length(), into, depth + 1);
  }

  private enum Found {
    YES,
    NO,
    UNCLEAR
  }

  private Found value(String name, List<Piece> into, int depth) {
    String set = environment.get(name);
    if (set != null) {
      into.add(Piece.elsewhere(set, "the variable " + name + " of the environment this runs in"));
      return Found.YES;
    }
    Path file = envFile;
    if (file == null || !Files.isRegularFile(file)) {
      return Found.NO;
    }
    Optional<EnvFile.Assignment> assignment;
    try {
      assignment = EnvFile.parse(Files.readAllBytes(file)).find(name);
    } catch (IOException e) {
      return Found.UNCLEAR;
    }
    if (assignment.isEmpty()) {
      return Found.NO;
    }
    Piece piece = piece(file, assignment.get());
    if (assignment.get().literal()) {
      into.add(piece);
      return Found.YES;
    }
    boolean understood =
        piece.text().indexOf('\\') < 0 && collect(piece, 0, piece.text().length(), into, depth + 1);
    return understood ? Found.YES : Found.UNCLEAR;
  }

  private static Piece part(Piece whole, int start, String text) {
    Path file = whole.file();
    return file == null
        ? Piece.elsewhere(text, whole.origin())
        : Piece.in(file, whole.byteOffset(start), whole.line(), text);
  }
}
