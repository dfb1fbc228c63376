package clientbook;

import java.nio.file.Path;

/** Which one there is. The jar has another one of these for Java 22 and newer. */
final class Machines {
  private Machines() {}

  static Machine make(Path library) {
    return new JnaMachine(library);
  }
}
