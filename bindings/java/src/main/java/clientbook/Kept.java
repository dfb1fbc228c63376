package clientbook;

import java.util.List;

/** Who was put into the book, and keys of fields that were left out for want of a basis. */
public record Kept(CustomerId customer, List<String> leftOut) {}
