import clientbook.Address;
import clientbook.Book;
import clientbook.Clientbook;
import clientbook.ClientbookException;
import clientbook.CustomerId;
import clientbook.Disclosure;
import clientbook.Email;
import clientbook.ErasureReason;
import clientbook.ExternalId;
import clientbook.Mentions;
import clientbook.Name;
import clientbook.NewBook;
import clientbook.Purpose;
import clientbook.Recipient;
import clientbook.Request;
import clientbook.Role;
import clientbook.Session;
import clientbook.View;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A book from Java: keep a customer, show what a purpose needs, pass it on, forget it. */
public final class Quickstart {
  public static void main(String[] arguments) {
    // The key of a real shop lies on another disk or in a key manager; never beside the book.
    try (Book book = Clientbook.create(Path.of("shop.book"), Path.of("keys/shop.key"), new NewBook("gdpr"));
        Session session = book.session(7, Role.OWNER)) {
      session.addNotice(Map.of("title", "news", "text", "We write to you by e-mail.", "purposes", List.of(Purpose.EMAIL_MARKETING), "recipients", List.of(Recipient.SELF),
          "categories", List.of("email_address", "name")));
      session.addRecipient(Map.of("name", "parcel-co", "class", Recipient.PARCEL_SERVICE, "country", "DE", "contract", "PC-1", "onward", "forbidden"));

      Map<String, Object> agreed = Map.of("kind", "grant", "purposes", List.of(Purpose.EMAIL_MARKETING), "recipients", List.of(Recipient.SELF), "categories",
          List.of("email_address", "name"), "notice", "news", "channel", "paper", "evidence", "form 17");
      CustomerId ken = session.put(Map.of(
          "name", new Name().given("Ken").family("Sánchez"),
          "emails", List.of(new Email().address("ken@example.com")),
          "addresses", List.of(new Address().line1("4350 Minute Dr.").city("Newport Hills").country("US")),
          "external_ids", List.of(new ExternalId("loyalty", "L-1"))), List.of(agreed), Purpose.CUSTOMER_ORDER_MANAGEMENT);

      View view = session.read(ken, Purpose.EMAIL_MARKETING);
      System.out.println("for a newsletter: " + view.emails().get(0).address() + ", address " + view.state("addresses"));

      Disclosure left = session.disclose(ken, Purpose.DELIVERY_OF_GOODS, new Request().to("parcel-co"));
      System.out.println("the parcel service got " + left.content().addresses().get(0).city() + "; entry " + left.ledgerIndex() + " of the ledger");

      session.record(ken, Map.of("kind", "withdraw", "purposes", List.of(Purpose.EMAIL_MARKETING), "channel", "phone"));
      System.out.println("after the withdrawal: e-mails " + session.read(ken, Purpose.EMAIL_MARKETING).state("emails"));

      session.erase(ken, ErasureReason.SUBJECT_REQUEST, Mentions.REPORTED, 24);
      try {
        session.read(ken, Purpose.CUSTOMER_ORDER_MANAGEMENT);
      } catch (ClientbookException gone) {
        System.out.println("after the erasure: " + gone.code());
      }
    }
  }
}
