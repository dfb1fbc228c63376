package clientbook;

/** Which one there is, for Java 22 and newer. */
final class Machines {
  private Machines() {}

  static Machine make() {
    return FfmMachine.make();
  }
}
