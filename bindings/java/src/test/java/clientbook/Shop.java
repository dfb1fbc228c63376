package clientbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.function.Executable;

/** A book with one customer, whom the tests know. */
final class Shop implements AutoCloseable {
  static final Purpose ORDER = Purpose.CUSTOMER_ORDER_MANAGEMENT;
  static final Purpose NEWS = Purpose.EMAIL_MARKETING;
  static final Map<String, Object> KEN = Map.of(
      "name", new Name().given("Ken").family("Sánchez"),
      "emails", List.of(new Email("ken@example.com", "home")),
      "phones", List.of(new Phone().number("+1 202 555 0142")),
      "addresses", List.of(new Address().line1("4350 Minute Dr.").city("Newport Hills").postalCode("98006").country("US")),
      "external_ids", List.of(new ExternalId("loyalty", "L-1")));
  static final Map<String, Object> GRANT = Map.of("kind", "grant", "purposes", List.of(NEWS), "recipients", List.of(Recipient.SELF),
      "categories", List.of("email_address", "name", "note"), "notice", "news", "channel", "paper", "evidence", "form 17");
  static final Map<String, Object> PARCELS = Map.of("name", "parcel-co", "class", Recipient.PARCEL_SERVICE, "country", "DE", "contract", "PC-1", "onward", "forbidden");
  static final Map<String, Object> NOTICE = Map.of("title", "news", "text", "We write to you by e-mail.", "purposes", List.of(NEWS),
      "recipients", List.of(Recipient.SELF, Recipient.SELECTED_PARTNER), "categories", List.of("email_address", "name", "note"));
  static final List<String> SECRETS = List.of("Ken", "Sánchez", "ken@", "4350 Minute", "Newport", "L-1", "likes opals", "4111");

  final Book book;
  final Session session;
  final CustomerId ken;

  Shop() {
    this(null);
  }

  Shop(Clock clock) {
    book = Clientbook.inMemory(new NewBook("gdpr"), clock);
    session = book.session(7, Role.OWNER);
    session.addNotice(NOTICE);
    session.addRecipient(PARCELS);
    ken = session.put(KEN, List.of(GRANT), ORDER);
  }

  @Override
  public void close() {
    book.close();
  }

  static ClientbookException refused(Code code, Executable use) {
    ClientbookException out = assertThrows(ClientbookException.class, use);
    assertEquals(code, out.code(), out.getMessage());
    return out;
  }

  static Map<String, Object> with(Map<String, Object> of, String key, Object value) {
    Map<String, Object> out = new java.util.LinkedHashMap<>(of);
    if (value == null) {
      out.remove(key);
    } else {
      out.put(key, value);
    }
    return out;
  }

  static <T> List<T> all(Session.Walk walk, java.util.function.Function<View, T> of) {
    List<T> out = new ArrayList<>();
    walk.forEachRemaining(view -> out.add(of.apply(view)));
    return out;
  }
}
