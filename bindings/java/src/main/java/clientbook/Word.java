package clientbook;

/** A word that the library knows, as JSON has it. */
public interface Word {
  String word();
}
