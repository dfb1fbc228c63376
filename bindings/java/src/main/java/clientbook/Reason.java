package clientbook;

/** Why a field came out as it did: docs/evaluate.md. */
public enum Reason {
  NONE(0),
  UNKNOWN_SUBJECT(1),
  UNKNOWN_PURPOSE(2),
  UNKNOWN_RECIPIENT(3),
  UNKNOWN_OPERATION(4),
  UNKNOWN_FIELD(5),
  UNKNOWN_COUNTRY(6),
  UNKNOWN_CLOCK(7),
  LEGAL_PROHIBITION(16),
  RESTRICTED(32),
  OBJECTED(33),
  WITHDRAWN(48),
  DENIED_BY(64),
  GRANTED_BY(80),
  BASIS(96),
  NO_BASIS(112),
  OBLIGATION_UNSUPPORTED(128);

  private final int number;

  Reason(int number) {
    this.number = number;
  }

  static Reason of(int number) {
    for (Reason one : values()) {
      if (one.number == number) return one;
    }
    return NONE;
  }
}
