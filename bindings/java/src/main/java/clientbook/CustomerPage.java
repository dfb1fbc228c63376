package clientbook;

/** The page for a customer, and the entry of the ledger that says that they got it; -1: there was nothing to hand over. */
public record CustomerPage(String html, long ledgerIndex) {
  @Override
  public String toString() {
    return "CustomerPage[" + ledgerIndex + "]";
  }
}
