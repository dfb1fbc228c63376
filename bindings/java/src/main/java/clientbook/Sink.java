package clientbook;

/** Where the files of an export go. What it throws counts as nothing more got out, and is thrown when the call ends. */
public interface Sink {
  /** How many bytes got out; fewer than all: no more will be. */
  int write(String file, byte[] bytes);

  /** Says that all has got out. */
  default boolean finish() {
    return true;
  }
}
