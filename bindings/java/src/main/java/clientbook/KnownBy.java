package clientbook;

/** How it is known where a customer lives. */
public enum KnownBy {
  /** It may tighten, and opens nothing. */
  ADDRESS,
  /** Their own word. */
  CUSTOMER,
  /** Somebody of the shop, with evidence. */
  OFFICER;

  int number() {
    return ordinal() + 1;
  }
}
