package io.rackgateway.deploy.registry;

import java.util.List;
import java.util.Locale;

/**
 * What a machine runs, or an image is for. Names are normalised as containerd does; a variant
 * counts as a level, of which a machine runs its own and lower ones: arm v7 runs v6, amd64 v3 runs
 * v2.
 */
record Platform(String os, String architecture, int level) {

  static Platform parse(String text) {
    List<String> parts = List.of(text.toLowerCase(Locale.ROOT).split("/", -1));
    String architecture = architecture(parts.size() > 1 ? parts.get(1) : "");
    String variant = parts.size() > 2 ? parts.get(2) : variantIn(parts);
    return new Platform(parts.get(0), architecture, level(architecture, variant));
  }

  private static String architecture(String name) {
    return switch (name) {
      case "x86_64", "x86-64" -> "amd64";
      case "aarch64" -> "arm64";
      case "armhf", "armel", "armv6l", "armv7l" -> "arm";
      case "i386", "i686" -> "386";
      default -> name;
    };
  }

  /** {@code uname} tells the variant of a 32-bit ARM machine in its architecture. */
  private static String variantIn(List<String> parts) {
    String name = parts.size() > 1 ? parts.get(1) : "";
    return name.equals("armv6l") || name.equals("armel") ? "v6" : "";
  }

  /** Where nothing is said: v8 of 64-bit ARM, v7 of 32-bit ARM, v1 of the others. */
  private static int level(String architecture, String variant) {
    if (variant.matches("v?[0-9]{1,2}(\\.[0-9]{1,2})?")) {
      return Integer.parseInt(variant.replace("v", "").replaceFirst("\\..*", ""));
    }
    return switch (architecture) {
      case "arm64" -> 8;
      case "arm" -> 7;
      default -> 1;
    };
  }

  /** Whether a machine like this runs an image for the other without emulation. */
  boolean runs(Platform image) {
    return os.equals(image.os) && architecture.equals(image.architecture) && image.level <= level;
  }
}
