package clientbook;

/** Why somebody is forgotten. */
public enum ErasureReason {
  SUBJECT_REQUEST,
  RETENTION_END,
  UNLAWFUL,
  OTHER;

  int number() {
    return ordinal() + 1;
  }
}
