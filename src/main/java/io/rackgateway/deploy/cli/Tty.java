package io.rackgateway.deploy.cli;

import java.io.Console;
import java.lang.reflect.InvocationTargetException;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether a person is looking, and how wide their terminal is. */
record Tty(boolean interactive, int width) {

  private static final int USUAL_WIDTH = 100;

  static Tty detect(Map<String, String> environment) {
    boolean dumb = "dumb".equals(environment.get("TERM"));
    boolean ci = environment.containsKey("CI");
    int width = USUAL_WIDTH;
    try {
      width = Integer.parseInt(environment.getOrDefault("COLUMNS", ""));
    } catch (NumberFormatException e) {
      // Not exported by most shells: the usual width is a safe guess, longer lines are cut.
    }
    return new Tty(!dumb && !ci && terminal(), width);
  }

  /** Asks a question that is answered with yes or no; true where nobody is there to be asked. */
  boolean confirm(String question) {
    Console console = console();
    if (!interactive || console == null) {
      return true;
    }
    String answer = console.readLine("%s [y/N] ", question);
    return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
  }

  /** From Java 22 on there is a Console without a terminal too, and a method to tell. */
  private static boolean terminal() {
    Console console = console();
    if (console == null) {
      return false;
    }
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (IllegalAccessException | InvocationTargetException e) {
      return false;
    }
  }

  // Newer versions never return null: that is what isTerminal() above is for.
  @SuppressWarnings("SystemConsoleNull")
  private static @Nullable Console console() {
    return System.console();
  }
}
