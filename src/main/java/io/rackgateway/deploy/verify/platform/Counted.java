package io.rackgateway.deploy.verify.platform;

/** Numbers with their words. */
final class Counted {

  private Counted() {}

  static String of(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  static String times(long number) {
    return number == 1 ? "once" : number == 2 ? "twice" : number + " times";
  }
}
