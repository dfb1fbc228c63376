package clientbook;

/** What left, and the entry of the ledger that says so. */
public record Disclosure(View content, long ledgerIndex, CustomerId entry) {}
