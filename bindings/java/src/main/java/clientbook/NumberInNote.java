package clientbook;

/** What becomes of a card or identity number in a note; a card number is never kept. */
public enum NumberInNote {
  REFUSED,
  REPLACED,
  KEPT
}
