package clientbook;

/** A text without what was found, and how much of what kind that was. */
public record Redacted(String text, Told receipt) {
  @Override
  public String toString() {
    return "Redacted[]";
  }
}
