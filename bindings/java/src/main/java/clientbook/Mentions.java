package clientbook;

/** What an erasure does about the customer's values in notes of others. */
public enum Mentions {
  IGNORED,
  REPORTED,
  /** By labels, in the transaction that erases. */
  REPLACED
}
