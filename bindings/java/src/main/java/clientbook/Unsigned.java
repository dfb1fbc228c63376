package clientbook;

/** Numbers that have no sign in C: a negative one would arrive there as a large one, and be taken as if it were meant. */
final class Unsigned {
  private Unsigned() {}

  static void check(long number) {
    if (number < 0) throw ClientbookException.refused(Code.INVALID_ARGUMENT, "a number that is needed is not negative");
  }
}
