package clientbook;

/** Which one there is. The jar has another one of these for Java 22 and newer. */
final class Machines {
  private Machines() {}

  static Machine make() {
    return new JnaMachine();
  }
}
