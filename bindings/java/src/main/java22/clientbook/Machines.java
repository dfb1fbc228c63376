package clientbook;

import java.nio.file.Path;

/** Which one there is, for Java 22 and newer. */
final class Machines {
  private Machines() {}

  static Machine make(Path library) {
    return FfmMachine.make(library);
  }
}
