package clientbook;

import static clientbook.Shop.NEWS;
import static clientbook.Shop.ORDER;
import static clientbook.Shop.refused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What hosts do beside a day at the counter: data redacted in pieces, consents exported, laws and fields changed. */
class HostTest {
  private final Shop shop = new Shop();
  private final Session session = shop.session;

  @AfterEach
  void end() {
    shop.close();
  }

  @Test
  void dataIsRedactedInPiecesAsAtOnce() {
    String text = "name,mail\nAnn Lee,ann@example.com\n" + "Bo,bo@example.com\n".repeat(50);
    TextOptions how = new TextOptions().form("csv");
    Redacted whole = Clientbook.redactForm(text, how);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Redactor redactor = new Redactor(how);
    for (int turn = 0; turn < 2; ++turn) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (int at = 0; at < bytes.length; at += 7) out.writeBytes(redactor.write(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 7))));
      Redactor.Rest rest = redactor.finish();
      out.writeBytes(rest.bytes());
      assertArrayEquals(whole.text().getBytes(StandardCharsets.UTF_8), out.toByteArray());
      assertEquals(whole.receipt(), rest.receipt());
      assertEquals("Rest[]", rest.toString());
    }
    redactor.write(new byte[] {'a', (byte) 0xff});
    refused(Code.INVALID_ENCODING, redactor::finish);
    refused(Code.INVALID_STATE, () -> redactor.write(new byte[1]));
    redactor.close();
    redactor.close();
    refused(Code.INVALID_STATE, () -> redactor.write(new byte[1]));
    refused(Code.INVALID_ARGUMENT, () -> new Redactor(new TextOptions().form("tar")));
  }

  @Test
  void moreIsLookedForWhereItIsAskedFor() {
    String text = "met on 2026-03-14, write to ann at example dot com";
    assertEquals(List.of(), Clientbook.scan(text, new TextOptions()));
    List<Find> more = Clientbook.scan(text, new TextOptions().looks(TextOptions.Look.DATES, TextOptions.Look.EMAILS));
    assertEquals(List.of("date_of_birth", "email_address"), more.stream().map(Find::type).toList());
    assertEquals(List.of(2, 0, 3), List.of(Clientbook.minorUnits("EUR"), Clientbook.minorUnits("JPY"), Clientbook.minorUnits("KWD")));
    refused(Code.UNKNOWN_FIELD, () -> Clientbook.minorUnits("XYZ"));
  }

  @Test
  void notesComeWithoutOthers() {
    session.appendNote(shop.ken, new Note().text("likes tea"), NEWS);
    assertEquals(1, session.notesWithout(shop.ken, NEWS, List.of(shop.ken), 0).items().size());
    session.setTextRegions(List.of("DE", "AT"));
    refused(Code.INVALID_ARGUMENT, () -> session.setTextRegions(List.of("Germany")));
  }

  @Test
  void consentsAreExported() {
    long directive = session.directives(shop.ken).get(0).integer("sequence");
    Map<String, Object> how = Map.of("format", "27560", "directive", directive, "controller", "Shop", "address", "1 High Street", "contact", "privacy@example.com",
        "notice_url", "https://example.com/notice", "withdrawal_method", "https://example.com/off");
    assertTrue(session.exportConsent(shop.ken, how).text("text").contains("Shop"));
    assertEquals(64, session.exportConsent(shop.ken, Shop.with(how, "format", "receipt")).text("key").length());
    assertEquals("/format", refused(Code.INVALID_VALUE, () -> session.exportConsent(shop.ken, Map.of("format", "paper"))).where());
  }

  @Test
  void twoPeopleChangeTheLaw() {
    int number = session.proposeProfile(Session.PolicyKind.ADD_PROFILE, "us");
    refused(Code.SECOND_PERSON_REQUIRED, () -> session.approvePolicy(number));
    shop.book.session(8, Role.PRIVACY_OFFICER).approvePolicy(number);
    assertTrue(session.policy().toString().isEmpty() || !session.policy().toString().contains("us-"));
    assertEquals(2, ((List<?>) session.policy().get("profiles")).size());
    byte[] nothing = "no profile".getBytes(StandardCharsets.UTF_8);
    assertFalse(refusedWith(() -> session.proposePolicy(Session.PolicyKind.PROFILE, nothing)).isEmpty());
    assertFalse(refusedWith(() -> session.effectOf(Session.PolicyKind.PROFILE, nothing)).isEmpty());
  }

  private static String refusedWith(org.junit.jupiter.api.function.Executable use) {
    return org.junit.jupiter.api.Assertions.assertThrows(ClientbookException.class, use).getMessage();
  }

  @Test
  void columnsOfTheHostsOwnTableAreDecidedAboutAndGo() {
    Map<String, byte[]> row = Map.of("name", session.sealColumn(shop.ken, "name", new Name().given("Ken"), ORDER),
        "addresses", session.sealColumn(shop.ken, "addresses", List.of(new Address().city("Bonn").country("DE").line1("Elm Street 1")), ORDER));
    assertFalse(new String(row.get("name"), StandardCharsets.ISO_8859_1).contains("Ken"));
    assertEquals("Ken", session.readColumns(shop.ken, ORDER, row).name().given());
    assertEquals(State.WITHHELD, session.readColumns(shop.ken, NEWS, row).state("addresses"));
    Disclosure left = session.discloseColumns(shop.ken, Purpose.DELIVERY_OF_GOODS, row, new Request().to("parcel-co"));
    assertEquals("Bonn", left.content().addresses().get(0).city());
    byte[] changed = row.get("name").clone();
    changed[changed.length - 1] ^= 1;
    refusedWith(() -> session.readColumns(shop.ken, ORDER, Map.of("name", changed)));
    session.cancel(); // nothing is under way
    session.erase(shop.ken, ErasureReason.OTHER, Mentions.IGNORED, 0);
    refused(Code.KEY_ERASED, () -> session.readColumns(shop.ken, ORDER, row));
  }

  @Test
  void fieldsTablesAndCopies() {
    session.addFields(List.of(Map.of("number", 40, "key", "fitting", "type", "text", "categories", List.of("preference"))));
    assertEquals(40, session.schema().number("fitting"));
    assertEquals("/columns/0/field", refused(Code.UNKNOWN_FIELD, () -> session.tabulate(Map.of("purpose", ORDER, "columns", List.of(Map.of("field", "hat"))))).where());
    refused(Code.INVALID_ARGUMENT, () -> session.setTokenReversal(new byte[5]));
    refusedWith(() -> session.carve(Path.of("no", "such", "folder")));
  }
}
