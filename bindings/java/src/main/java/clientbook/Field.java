package clientbook;

/** A field of the book's schema. */
public record Field(int number, String key, String type, boolean list) {}
