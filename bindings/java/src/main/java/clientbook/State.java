package clientbook;

/** How a field came out. */
public enum State {
  NOT_ASKED,
  /** Permitted, but the record has no such field. */
  ABSENT,
  SHOWN,
  /** In the form that the purpose needs. */
  REDACTED,
  /** Not permitted; says nothing of whether the record has it. */
  WITHHELD;

  static State of(int number) {
    return values()[number];
  }

  static State of(String word) {
    return valueOf(word.toUpperCase(java.util.Locale.ROOT).replace(' ', '_'));
  }
}
