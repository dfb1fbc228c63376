package clientbook;

import java.util.Collection;

/** Who would have what: {@code new Request().to("parcel-co").fields(List.of("name"))}. What is null: the shop itself, use, all fields, where the registry says. */
public record Request(String to, Operation operation, Collection<String> fields, String country) {
  public Request() {
    this(null, null, null, null);
  }

  /** A party of the book, or a word of {@link Recipient}. */
  public Request to(String to) {
    return new Request(to, operation, fields, country);
  }

  public Request operation(Operation operation) {
    return new Request(to, operation, fields, country);
  }

  public Request fields(Collection<String> fields) {
    return new Request(to, operation, fields, country);
  }

  /** Two letters. */
  public Request country(String country) {
    return new Request(to, operation, fields, country);
  }
}
