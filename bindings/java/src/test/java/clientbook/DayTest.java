package clientbook;

import static clientbook.Shop.GRANT;
import static clientbook.Shop.KEN;
import static clientbook.Shop.NEWS;
import static clientbook.Shop.ORDER;
import static clientbook.Shop.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.LocalDate;
import java.time.MonthDay;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A day at the counter, from Java. */
class DayTest {
  private final Shop shop = new Shop();
  private final Session session = shop.session;
  private final CustomerId ken = shop.ken;

  @AfterEach
  void end() {
    shop.close();
  }

  @Test
  void eachPurposeIsShownWhatItNeeds() {
    View order = session.read(ken, ORDER);
    assertEquals(KEN.get("name"), order.name());
    assertEquals("98006", order.addresses().get(0).postalCode());
    assertEquals(State.ABSENT, order.state("time_zone"));
    View news = session.read(ken, NEWS, List.of("name", "emails", "addresses"));
    assertEquals(List.of("name", "emails", "addresses"), news.keys());
    assertNull(news.addresses());
    assertEquals(State.WITHHELD, news.state("addresses"));
    assertEquals(Reason.NO_BASIS, news.reason("addresses"));
    assertEquals(Reason.GRANTED_BY, news.reason("emails"));
    assertEquals(State.NOT_ASKED, news.state("phones"));
    assertEquals(0, news.leftOut("emails"));
    assertEquals(ken, news.customer());
    assertEquals(ken, CustomerId.of(ken.toString()));
    assertNull(news.validUntil());
    assertEquals(List.of(new Email("ken@example.com", "home")), news.emails());
    assertTrue(session.explain(ken, NEWS, "addresses", new Request(), "de").contains("Einwilligung"));
    assertEquals(2, news.values().size());
    session.record(ken, Map.of("kind", "deny", "purposes", List.of(NEWS), "contacts", List.of(Map.of("field", "emails", "value", "ken@example.com"))));
    assertTrue(session.explainContact(ken, NEWS, "emails", "ken@example.com", new Request(), null).contains("may not"));
    refused(Code.NOT_FOUND, () -> session.explainContact(ken, NEWS, "emails", "nobody@example.com", new Request(), "en"));
  }

  @Test
  void valuesOfEveryKindComeBack() {
    session.addNotice(Map.of("title", "all", "text", "t", "purposes", List.of(Purpose.CUSTOMER_CARE), "recipients", List.of("self"), "categories", List.of("all")));
    Map<String, Object> grant = Map.of("kind", "grant", "purposes", List.of("customer_care"), "recipients", List.of("self"), "categories", List.of("all"), "notice", "all", "evidence", "e");
    Map<String, Object> record = Map.of("name", new Name().given("Li").phonetic("り").nickname("😀"), "birth_date", LocalDate.of(1984, 2, 29), "special_days",
        List.of(new SpecialDay("name_day", MonthDay.of(2, 29), null), new SpecialDay("wedding_anniversary", LocalDate.of(2019, 6, 1), "x")), "sizes",
        List.of(new Size().kind("shoe").system("EU").value("38")), "likes", List.of("opals", "a \"quoted\" \\ word"), "language", "de", "demographics", new Demographics().children(2L).homeOwner(true));
    Kept kept = session.putWhatMayBeKept(record, List.of(grant), Purpose.CUSTOMER_CARE);
    View view = session.read(kept.customer(), Purpose.CUSTOMER_CARE);
    int seen = 0;
    for (String key : record.keySet()) {
      if (kept.leftOut().contains(key) || view.state(key) != State.SHOWN) continue;
      assertEquals(record.get(key), view.get(key), key);
      ++seen;
    }
    assertTrue(seen >= 4, seen + " of them");
  }

  @Test
  void whatIsKeptIsChanged() {
    assertEquals(17, refused(Code.NO_BASIS, () -> session.put(Map.of("demographics", new Demographics().gender("x")), ORDER)).at());
    Map<String, Object> more = Shop.with(Shop.with(KEN, "external_ids", null), "likes", List.of("opals"));
    assertEquals(List.of("likes"), session.putWhatMayBeKept(more, List.of(), ORDER).leftOut());
    assertTrue(session.mayCollect(LocalDate.of(1980, 1, 31), List.of(), ORDER).contains("emails"));
    assertTrue(session.whyNotKept(ken, "likes", ORDER) > 0);
    assertEquals(0, session.whyNotKept(ken, "emails", ORDER));
    session.update(ken, Map.of("phones", List.of(new Phone().number("+49 30 901820"))), ORDER);
    assertEquals(List.of("emails"), session.edit(ken, Map.of("add", Map.of("emails", List.of(new Email().address("k@example.org"))), "drop", Map.of("emails", List.of("ken@example.com"))), ORDER));
    refused(Code.NOT_FOUND, () -> session.edit(ken, Map.of("drop", Map.of("emails", List.of("nobody@example.org"))), ORDER));
    assertEquals("k@example.org", session.read(ken, ORDER).emails().get(0).address());
    Task task = new Task().text("Call about the hem").due(LocalDate.of(2020, 3, 1)).assigned(7L);
    assertEquals(List.of("tasks", "tags"), session.edit(ken, Map.of("add", Map.of("tasks", List.of(task), "tags", List.of("bridal"))), NEWS));
    assertEquals(List.of(task), session.read(ken, NEWS).tasks());
    Map<String, Object> done = Map.of("change", Map.of("tasks", List.of(Map.of("seen", task, "to", Map.of("state", "done")))), "make_room", true);
    assertEquals(List.of("tasks"), session.edit(ken, done, NEWS));
    assertEquals("done", session.read(ken, NEWS).tasks().get(0).state());
    assertEquals(20, refused(Code.NOT_FOUND, () -> session.edit(ken, done, NEWS)).at());
    assertEquals(List.of(), session.addBuiltInFields());
    session.remove(ken, "phones", ORDER);
    assertEquals(State.ABSENT, session.read(ken, ORDER).state("phones"));
    Purchase scarf = new Purchase().day(LocalDate.of(2026, 11, 2)).currency("EUR").total(12900L)
        .lines(List.of(new PurchaseLine().sku("S").description("scarf").quantity(1L).unitPrice(12900L)));
    assertEquals(1, session.appendPurchase(ken, scarf, ORDER));
    assertEquals("scarf", session.purchases(ken, ORDER, 0).items().get(0).lines().get(0).description());
    assertEquals(1, session.appendNote(ken, new Note().text("prefers wool"), NEWS));
    refused(Code.CARD_DATA_REFUSED, () -> session.appendNote(ken, new Note().text("card 4111 1111 1111 1111"), NEWS));
    assertEquals(2, session.appendNote(ken, Map.of("text", "card 4111 1111 1111 1111"), NumberInNote.REPLACED, NumberInNote.REFUSED, NEWS));
    Items<Note> notes = session.notes(ken, NEWS, 1);
    assertEquals(1, notes.items().size());
    assertFalse(notes.items().get(0).text().contains("4111"));
    assertEquals(3, session.appendNote(ken, new Note().text("sits tight").kind("fit").visibility("own"), NEWS));
    Note own = session.notes(ken, NEWS, 1).items().get(0);
    assertEquals("fit", own.kind());
    assertEquals(7L, own.by());
    refused(Code.INVALID_VALUE, () -> session.appendNote(ken, new Note().text("x").visibility("team"), NEWS));
    refused(Code.INVALID_VALUE, () -> session.appendNote(ken, new Note().text("x").visibility("own").by(8L), NEWS));
    session.pinNote(ken, 1, true, NEWS);
    assertEquals("prefers wool", session.pinnedNotes(ken, NEWS).items().get(0).text());
    assertEquals(true, session.pinnedNotes(ken, NEWS).items().get(0).pinned());
    refused(Code.ALREADY_EXISTS, () -> session.pinNote(ken, 1, true, NEWS));
    refused(Code.INVALID_VALUE, () -> session.pinNote(ken, 3, true, NEWS));
    refused(Code.NOT_FOUND, () -> session.pinNote(ken, 4, true, NEWS));
    session.pinNote(ken, 1, false, NEWS);
    assertEquals(List.of(), session.pinnedNotes(ken, NEWS).items());
    assertTrue(session.keptFor(ken).told("emails").<String>list("purposes").contains(ORDER.word()));
    assertEquals(List.of(), session.due());
    assertFalse(session.purposes().isEmpty());
  }

  @Test
  void customersAreFound() {
    assertEquals(ken, session.find("loyalty", "L-1"));
    refused(Code.NOT_FOUND, () -> session.find("loyalty", "L-2"));
    assertEquals(List.of(ken), session.findByEmail("KEN@example.com", ORDER));
    assertEquals(List.of(ken), session.findByPhone("+12025550142", ORDER));
    assertEquals(List.of(ken), session.findById("loyalty", "L-1", ORDER));
    assertEquals(ken.toString(), session.search("sanchez", ORDER, 5, List.of("name")).<Told>list("hits").get(0).text("customer"));
    assertEquals(0, session.buildIndex(100));
    assertEquals("sealed", session.indexPlan().text("kind"));
    assertEquals(1, session.search("sanchez", ORDER, 5, List.of("name")).list("hits").size());
    session.dropIndex();
    assertEquals("none", session.indexPlan().text("kind"));
    refused(Code.INVALID_ARGUMENT, () -> session.search("s", ORDER, 5, null));
    assertTrue(session.listCustomers(ORDER, Map.of("no_purchase_for_days", 30), null).integer("count") >= 0);
    assertEquals(1, session.countPermitted(NEWS, "emails", new Request()));
    CustomerId twin = session.put(Map.of("name", new Name().given("Lou"), "emails", List.of(Map.of("address", "KEN@example.com"))), ORDER);
    Told pair = session.duplicates(ORDER, Map.of("of", List.of(twin.toString()))).<Told>list("pairs").get(0);
    assertEquals(ken.toString(), pair.text("first"));
    assertEquals(twin.toString(), pair.text("second"));
    session.noteNotSame(ken, twin);
    refused(Code.ALREADY_EXISTS, () -> session.noteNotSame(twin, ken));
    assertEquals(1, session.duplicates(ORDER, Map.of()).integer("not_same"));
    session.forgetNotSame(twin, ken);
    refused(Code.NOT_FOUND, () -> session.forgetNotSame(twin, ken));
    assertTrue(session.mergeCustomers(ken, twin, Map.of("only_tell", true)).list("fields").size() > 0);
    assertEquals(twin.toString(), session.mergeCustomers(ken, twin, Map.of("take", List.of("name"))).told("receipt").text("goes"));
    assertEquals(ken.toString(), session.parts(twin).text("customer"));
    refused(Code.ALREADY_EXISTS, () -> session.mergeCustomers(ken, twin, Map.of()));
    assertTrue(session.unmerge(twin).told("receipt").text("signature").length() == 128);
    refused(Code.NOT_FOUND, () -> session.unmerge(twin));
    session.erase(twin, ErasureReason.OTHER, Mentions.IGNORED, 0);
    for (int i = 0; i < 600; ++i) session.put(Map.of("name", new Name().given("N" + i)), ORDER);
    List<String> names = Shop.all(session.scan(ORDER, List.of("name")), view -> view.customer() + view.name().given());
    assertEquals(601, new HashSet<>(names).size());
    try (Session.Walk walk = session.scan(ORDER, null)) {
      assertNotNull(walk.next().name());
    }
  }

  @Test
  void aYesOnSomebodysWordWaits() {
    CustomerId other = session.put(Shop.with(KEN, "external_ids", null), ORDER);
    try (Session till = shop.book.session(30, Role.ASSOCIATE); Session deputy = shop.book.session(40, Role.MANAGER); Session mailer = shop.book.session(70, Role.SERVICE)) {
      Told noted = till.recordAndTell(other, GRANT);
      int number = Math.toIntExact(noted.integer("sequence"));
      assertEquals(List.of(NEWS.word()), noted.list("waiting"));
      assertEquals(1, deputy.waiting(other).size());
      refused(Code.ROLE_DENIED, () -> till.confirmConsent(other, number, new byte[] {1}, null));
      String token = mailer.askOptIn(other, number).text("token");
      assertFalse(deputy.confirmConsent(other, number, new byte[] {1}, "binder 3").list("opened").isEmpty());
      refused(Code.NOT_FOUND, () -> till.bringOptIn(token));
    }
  }

  @Test
  void aProofOfAgeTakesTwoPeople() {
    CustomerId other = session.put(Shop.with(KEN, "external_ids", null), ORDER);
    Map<String, ?> seen = Map.of("document", "passport", "born", "1984-02-29");
    try (Session till = shop.book.session(30, Role.ASSOCIATE); Session deputy = shop.book.session(40, Role.MANAGER)) {
      int number = till.noteAgeProof(other, seen);
      assertEquals(1, deputy.ageProofs(other).size());
      refused(Code.ROLE_DENIED, () -> till.confirmAgeProof(other, number, seen));
      refused(Code.INVALID_VALUE, () -> deputy.confirmAgeProof(other, number, Map.of("document", "passport", "at_least", 18)));
      assertTrue(deputy.confirmAgeProof(other, number, seen).list("opened").isEmpty());
      refused(Code.NOT_FOUND, () -> deputy.confirmAgeProof(other, number, seen));
    }
    refused(Code.UNKNOWN_NOTICE, () -> session.consentsUnder(99));
  }

  @Test
  void whatTheCustomerDecidesIsHeard() {
    CustomerId other = session.put(Shop.with(KEN, "external_ids", null), ORDER);
    assertFalse(session.previewGrant(other, GRANT).list("cells").isEmpty());
    assertFalse(session.previewNotice(Shop.with(Shop.NOTICE, "title", "other")).list("cells").isEmpty());
    assertEquals(2, session.record(ken, Map.of("kind", "deny", "purposes", List.of(Purpose.CUSTOMER_CARE), "at", Instant.now().minusSeconds(60))));
    Told told = session.recordAndTell(ken, Map.of("kind", "withdraw", "purposes", List.of(NEWS)));
    assertTrue(told.<Told>list("closed").stream().anyMatch(cell -> NEWS.word().equals(cell.text("purpose"))));
    assertNull(session.read(ken, NEWS).emails());
    assertEquals(List.of("grant", "deny", "withdraw"), session.directives(ken).stream().map(one -> one.text("kind")).toList());
    assertTrue(session.importConsents(ken, Map.of("gpc", "1")).integer("recorded") > 0);
    refused(Code.INVALID_VALUE, () -> session.noteBirthDate(ken, java.time.LocalDate.of(1700, 1, 1)));
    session.noteBirthDate(ken, java.time.LocalDate.of(1980, 1, 1));
    assertEquals(0, session.recordAtAge(ken, Map.of("kind", "deny", "purposes", List.of(NEWS)), 0, 13));
    refused(Code.UNKNOWN_NOTICE, () -> session.record(ken, Shop.with(GRANT, "notice", "none")));
    assertEquals("news", session.notices().get(0).text("title"));
    Map<String, Object> noCalls = Map.of("kind", "deny", "purposes", List.of(Purpose.TELEPHONE_MARKETING));
    refused(Code.NOT_FOUND, () -> session.recordNo("loyalty", "nobody", noCalls));
    refused(Code.NOT_FOUND, () -> session.importNoes("loyalty", "nobody", Map.of("gpc", "1")));
    session.recordNoOf(Map.of("emails", KEN.get("emails")), noCalls);
    int calls = session.addNotice(Map.of("title", "calls", "text", "t", "purposes", List.of(Purpose.TELEPHONE_MARKETING), "recipients", List.of("self"), "categories", List.of("all"))).integer("notice").intValue();
    assertEquals(2, session.withdrawNotice(calls).integer("version").intValue());
    refused(Code.ALREADY_EXISTS, () -> session.withdrawNotice(calls));
    assertEquals(List.of("gdpr"), session.jurisdiction(ken).list("laws"));
    assertTrue(session.record(ken, Map.of("kind", "move", "law", "gdpr", "state", "AT")) > 0);
    assertEquals("AT", session.jurisdiction(ken).text("state"));
    assertEquals(0, session.compileConsents(1000));
  }

  @Test
  void whatLeavesIsInTheLedger() {
    assertEquals("Newport Hills", session.preview(ken, Purpose.DELIVERY_OF_GOODS, new Request().to("parcel-co").operation(Operation.DISCLOSE)).addresses().get(0).city());
    Disclosure left = session.disclose(ken, Purpose.DELIVERY_OF_GOODS, new Request().to("parcel-co").fields(List.of("name", "addresses")));
    assertEquals("Newport Hills", left.content().addresses().get(0).city());
    refused(Code.DENIED, () -> session.disclose(ken, NEWS, new Request().to("parcel-co")));
    Told passedOn = session.discloseMany(List.of(ken), Purpose.DELIVERY_OF_GOODS, new Request().to("parcel-co").fields(List.of("addresses"))).get(0);
    assertEquals(true, passedOn.truth("permitted"));
    assertEquals(List.of("name"), session.merge(ken, Map.of("name", Map.of("given", "Kenneth")), List.of()).list("kept"));
    assertEquals(List.of(), session.renew(ken, Map.of("name", Map.of("given", "Kenneth")), List.of()).list("replaced"));
    Told entry = session.ledger(ken).stream().filter(one -> one.integer("index") == left.ledgerIndex()).findFirst().orElseThrow();
    assertEquals("parcel-co", entry.text("recipient"));
    assertEquals(left.entry().toString(), entry.text("entry"));
    String proof = session.prove(left.ledgerIndex());
    String log = session.logIdentity();
    assertNotNull(Clientbook.checkProof(proof, log));
    assertThrows(ClientbookException.class, () -> Clientbook.checkProof(proof.replaceFirst(".{4}\n$", "AAAA\n"), log));
    assertTrue(session.checkpoint().contains("\n"));
    assertNotNull(Clientbook.checkEvidence(session.evidence(ken), log));
    String key = "auditor.example+6de3fdcc+BAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";
    session.addWitness(key);
    assertEquals("auditor.example", session.witnesses().get(0).text("name"));
    String asked = session.witnessRequest("auditor.example");
    assertTrue(asked.startsWith("old 0\n\nclientbook/"));
    assertEquals(1, session.takeWitnessAnswer("auditor.example", Map.of("request", asked, "status", 409, "answer", "1\n")).integer("size"));
    assertTrue(session.goesOnFrom(new String(session.ledgerFile("checkpoint"), java.nio.charset.StandardCharsets.UTF_8)) > 0);
    assertNotNull(Clientbook.checkEvidence(session.evidence(ken), log, Map.of("witnesses", List.of(key), "required", 0)));
    assertThrows(ClientbookException.class, () -> Clientbook.checkEvidence(session.evidence(ken), log, Map.of("witnesses", List.of(key))));
    session.removeWitness("auditor.example");
    assertEquals(201, Clientbook.seal(new byte[] {'x'}, "age13aqvttdk3ujkyjh9kg2w5an6dmy5mq5a84a4uxk3hfhnugfc9p0sy5p2wh").length);
    session.notDelivered(ken, left.ledgerIndex());
    session.openCase(Map.of("kind", "rights", "customers", List.of(ken), "reference", "letter 7"));
    CustomerPage page = session.customerPage(ken, Map.of("language", "de", "shop", "S"));
    assertTrue(page.html().contains("parcel-co") && page.ledgerIndex() > 0);
    assertNotNull(Clientbook.checkEvidence(page.html(), log));
    int number = session.recipients().stream().filter(one -> "parcel-co".equals(one.text("name"))).findFirst().orElseThrow().integer("number").intValue();
    session.editRecipient(number, Shop.with(Shop.PARCELS, "contract", "PC-2"));
    session.retireRecipient(number);
    assertThrows(ClientbookException.class, () -> session.disclose(ken, Purpose.DELIVERY_OF_GOODS, new Request().to("parcel-co")));
  }

  @Test
  void anExportGoesWhereTheHostSays() {
    Map<String, StringBuilder> files = new HashMap<>();
    Told told = session.exportCustomers(Map.of("purpose", Purpose.DELIVERY_OF_GOODS, "to", "parcel-co", "form", "json_lines"), (file, bytes) -> {
      files.computeIfAbsent(file, unused -> new StringBuilder()).append(Texts.of(bytes));
      return bytes.length;
    });
    assertEquals(true, told.truth("delivered"));
    assertTrue(files.values().iterator().next().toString().contains("Newport Hills"));
    assertEquals(false, session.exportCustomers(Map.of("purpose", Purpose.DELIVERY_OF_GOODS, "to", "parcel-co", "form", "csv"), (file, bytes) -> 3).truth("delivered"));
    assertThrows(UnsupportedOperationException.class, () -> session.exportCustomers(Map.of("purpose", Purpose.DELIVERY_OF_GOODS, "to", "parcel-co", "form", "csv"), (file, bytes) -> {
      throw new UnsupportedOperationException("full");
    }));
    assertTrue(session.ledger(ken).stream().anyMatch(one -> "not_delivered".equals(one.text("event"))));
  }

  @Test
  void whoIsErasedIsGone() {
    assertFalse(session.erase(ken, ErasureReason.SUBJECT_REQUEST, Mentions.REPLACED, 24).isEmpty());
    refused(Code.KEY_ERASED, () -> session.read(ken, ORDER));
    assertEquals("erased", session.remembered(KEN).get(0).text("kind"));
    assertTrue(session.forgetRemembered(KEN, "erased") > 0);
    Map<String, Object> no = Map.of("emails", List.of(new Email().address("no@example.com")));
    session.rememberUnsubscribed(no, Instant.now().minusSeconds(86400));
    assertEquals("unsubscribed", session.remembered(no).get(0).text("kind"));
    Map<String, Object> never = Map.of("emails", List.of(new Email().address("never@example.com")));
    session.rememberNo(never, Map.of("kind", "deny", "purposes", List.of("direct_marketing")));
    assertEquals(1, session.remembered(never).size());
    assertTrue(session.dropRefusals(session.refusalPeriods().get(0).integer("number").intValue()) >= 1);
    CustomerId taxed = session.put(Map.of("name", new Name().given("Bo")), Purpose.TAX_RECORD_KEEPING);
    session.eraseMany(Map.of("customers", List.of(taxed), "reason", "other", "law_kept", "apart", "law_kept_years", 10));
    CustomerId kept = CustomerId.of(session.retained().get(0).text("id"));
    refused(Code.CASE_REQUIRED, () -> session.readRetained(kept, Purpose.TAX_RECORD_KEEPING));
    session.openCase(Map.of("kind", "tax", "customers", List.of(kept), "reference", "audit 7"));
    assertEquals("tax_record_keeping", session.readRetained(kept, Purpose.TAX_RECORD_KEEPING).text("purpose"));
    CustomerId one = session.put(KEN, ORDER);
    assertEquals(1, session.placeHold(one, Map.of("reason", "claim announced")));
    assertEquals("claim announced", session.holds().get(0).text("reason"));
    refused(Code.KEPT_BY_LAW, () -> session.erase(one, ErasureReason.OTHER, Mentions.IGNORED, 0));
    session.liftHold(one, 1);
    assertEquals(0, session.runRetention(Map.of("only_tell", true)).integer("next"));
    assertEquals(0, session.pruneLedger(Map.of("before", "2000-01-01", "only_tell", true)).integer("until"));
    refused(Code.INVALID_VALUE, () -> session.pruneLedger(Map.of("before", "2999-01-01")));
    assertEquals(0, session.prunedOf(one));
    String known = session.endEpoch().text("key");
    session.endEpoch();
    String log = session.logIdentity();
    assertEquals(2, Clientbook.checkSeals(session.seals(), log, known).integer("epoch"));
    refused(Code.SIGNATURE_INVALID, () -> Clientbook.checkSeals(session.seals(), log, log));
    refused(Code.KEY_ERASED, () -> session.eraseMany(Map.of("customers", List.of(one, ken), "reason", "other")));
    assertEquals(1, session.eraseMany(Map.of("customers", List.of(one), "reason", "retention_end", "remembered_months", 0)).size());
    CustomerId other = session.put(KEN, ORDER);
    List<Long> done = new ArrayList<>();
    assertEquals(1, session.verify(done::add).integer("customers"));
    assertEquals(List.of(1L), done);
    assertThrows(UnsupportedOperationException.class, () -> session.verify(many -> {
      throw new UnsupportedOperationException("stop");
    }));
    assertNotNull(session.verify(null));
    assertEquals(3, session.figures().integer("erased"));
    session.openCase(Map.of("kind", "rights", "customers", List.of(other), "reference", "letter 8"));
    refused(Code.DENIED, () -> session.mentions(other, Purpose.RIGHTS_FULFILMENT, false)); // what was written just now is no reason to search
  }

  @Test
  void whoLookedIsKnown() {
    Session associate = shop.book.session(8, Role.ASSOCIATE);
    associate.read(session.put(Map.of("name", new Name().given("A")), ORDER), ORDER);
    refused(Code.ROLE_DENIED, () -> shop.book.session(9, Role.AUDITOR).read(ken, ORDER));
    assertNotNull(session.whoLooked(ken));
    assertNotNull(session.seenBy(8, Instant.now(), Instant.now()).get("days"));
    assertTrue(associate.budgetLeft().integer("customers_today") > 0);
    session.raiseBudget(8, 5);
    session.setCanaries(List.of(ken));
    assertEquals(List.of(ken), session.canaries());
    shop.book.session(11, Role.OWNER).read(ken, ORDER);
    assertEquals(11, session.alarms().get(0).integer("actor").intValue());
    session.setAlarmLimits(Map.of("customers_to_one_recipient", 50));
    assertEquals(50, session.alarmLimits().integer("customers_to_one_recipient").intValue());
    session.setCanaries(List.of());
    assertNotNull(session.roles().get("roles"));
    refused(Code.INVALID_VALUE, () -> session.proposeRoles(Map.of("roles", Map.of())));
    assertNotNull(session.proposedRoles());
    refused(Code.NOT_FOUND, () -> session.approveRoles(7));
    session.setStores(8, List.of(1));
    session.assign(Map.of("customers", List.of(ken), "store", 1, "primary", 8));
    assertTrue(session.usePortfolios(true));
    assertEquals(1, session.customersOf(8).size());
    assertEquals(1, session.portfolioOf(ken).integer("store").intValue());
    refused(Code.NOT_IN_PORTFOLIO, () -> shop.book.session(9, Role.ASSOCIATE).read(ken, ORDER));
    assertEquals(1, session.reassign(8, 9).integer("left").intValue());
    assertTrue(session.usePortfolios(false));
    assertTrue(!shop.book.session(40, Role.PRIVACY_OFFICER).usePortfolios(false));
    assertNotNull(session.portfolioSettings().get("actors"));
    int number = session.openCase(Map.of("kind", "fraud", "customers", List.of(ken), "reference", "f", "evidence", "e"));
    refused(Code.SECOND_PERSON_REQUIRED, () -> session.confirmCase(number));
    session.closeCase(number);
    assertEquals("f", session.cases().get(0).text("reference"));
    assertNotNull(Clientbook.roles());
    assertNotNull(session.confirmClock());
    assertEquals("gdpr", session.profile().text("name"));
    assertEquals(1, session.profiles().size());
  }

  @Test
  void whomABreachConcernsIsTold() {
    Told told = session.breach(Map.of("copy", "book", "letter", Map.of("language", "de")));
    assertEquals("yes", told.text("opens"));
    assertTrue(told.text("letter").contains("Guten Tag"));
    assertEquals("/copy", assertThrows(ClientbookException.class, () -> session.breach(Map.of("copy", "paper"))).where());
  }

  @Test
  void listsOfHashesAreAnsweredAndWhatRecipientsStillHave() {
    String text = "ID,Hash\r\nAAAAAAAAAAA2,KA18MT/ph6IHYjzT9zwETySDQyvSh87YuoSBpOQtkhE=\r\n";
    Told told = session.answerHashLists(Map.of("lists", List.of(Map.of("kind", "email", "text", text)), "work", "opt_out"));
    assertEquals("opt_out", told.text("work"));
    refused(Code.INVALID_ENCODING, () -> session.answerHashLists(Map.of("lists", List.of(Map.of("kind", "email", "text", "x")))));
    assertTrue(session.expired().isEmpty());
    refused(Code.NOT_FOUND, () -> session.tellExpired(ken, "Nobody"));
    refused(Code.NOT_FOUND, () -> session.reportOnward(ken, Map.of("from", "Nobody", "to", "Else", "class", "third_party")));
  }

  @Test
  void aRequestIsAnsweredFromTheLetterToItsEnd() {
    String received = Instant.now().toString().substring(0, 10);
    int number = session.openRequest(ken, Map.of("kind", "access", "received", received, "channel", "letter", "reference", "letter 9"));
    refused(Code.IDENTITY_UNVERIFIED, () -> session.answerRequest(number, Map.of()));
    assertTrue(session.requestMail(number, Map.of("language", "de", "shop", "S")).startsWith("Ihr Anliegen"));
    session.changeRequest(number, Map.of("identity", "passport seen"));
    refused(Code.INVALID_ARGUMENT, () -> session.answerRequest(number, Map.of("mentions", "reported")));
    assertNotNull(session.answerRequest(number, Map.of("language", "fr")).get("files"));
    assertEquals("letter 9", session.request(number).text("reference"));
    session.changeRequest(number, Map.of("close", true));
    assertEquals("closed", session.requests().get(session.requests().size() - 1).text("state"));
    refused(Code.UNKNOWN_FIELD, () -> session.openRequest(ken, Map.of("kind", "curiosity", "received", received)));
  }

  @Test
  void changesAreOneOrNone() {
    assertEquals(5, session.<Integer>transaction(within -> {
      within.update(ken, Map.of("phones", List.of(new Phone().number("+49 30 901820"))), ORDER);
      return 5;
    }));
    assertThrows(UnsupportedOperationException.class, () -> session.transaction(within -> {
      within.remove(ken, "phones", ORDER);
      throw new UnsupportedOperationException("no");
    }));
    assertEquals("+49 30 901820", session.read(ken, ORDER).phones().get(0).number());
  }

  @Test
  void aBookInAFolderIsBroughtBack(@TempDir Path folder) throws IOException {
    Path where = folder.resolve("shop.book");
    Path key = secret(folder, "keys").resolve("shop.key");
    refused(Code.NOT_FOUND, () -> Clientbook.open(where, key));
    List<String> shares;
    CustomerId who;
    try (Book book = Clientbook.create(where, key, new NewBook("gdpr", List.of("us_ca"), List.of(ORDER)))) {
      Session in = book.session(7, Role.OWNER);
      assertEquals(List.of(ORDER), in.purposes());
      who = in.put(KEN);
      assertTrue(in.move(who, "us_ca", KnownBy.CUSTOMER, null) > 0);
      in.makeRecoveryKey(3, 2, false);
      shares = in.drawRecoveryKey(3, 2, true).list("shares");
      assertEquals(List.of(), in.useRecoveryKey());
      assertEquals(List.of(), in.mirrorsTold());
      in.addMirror(folder.resolve("mirror"));
      in.backUp(folder.resolve("full.backup"), null);
      in.put(Map.of("name", new Name().given("Later")));
      in.backUp(folder.resolve("since.backup"), folder.resolve("full.backup"));
      assertEquals(true, in.refreshMirrors().get(0).truth("holds_all"));
      assertEquals(true, in.recovery().truth("has_key"));
      assertNotNull(in.pin());
      in.removeMirror(folder.resolve("mirror"));
      in.addMirror(folder.resolve("mirror2"));
      refused(Code.INVALID_STATE, () -> Clientbook.open(where, key));
      refused(Code.ALREADY_EXISTS, () -> Clientbook.create(where, key, new NewBook("gdpr")));
    }
    try (Book book = Clientbook.open(where, key)) {
      assertEquals("Ken", book.session(8, Role.ASSOCIATE).read(who, ORDER).name().given());
    }
    int[] formats = Clientbook.upgrade(where, key);
    assertEquals(formats[0], formats[1]);
    List<Path> backups = List.of(folder.resolve("full.backup"), folder.resolve("since.backup"));
    assertNotNull(Clientbook.drill(secret(folder, "scratch"), folder.resolve("mirror2"), backups, shares).get("verified"));
    Path again = secret(folder, "again").resolve("new.key");
    assertEquals(2, Clientbook.restore(folder.resolve("new.book"), again, folder.resolve("mirror2"), backups, shares.subList(1, 3)).integer("customers"));
    try (Book book = Clientbook.open(folder.resolve("new.book"), again)) {
      assertEquals("ken@example.com", book.session(7, Role.OWNER).read(who, ORDER).emails().get(0).address());
    }
    assertThrows(ClientbookException.class, () -> Clientbook.restore(folder.resolve("x.book"), again, folder.resolve("mirror2"), backups, shares.subList(0, 1)));
    refused(Code.INVALID_STATE, () -> Clientbook.acceptPin(where, key, 1, Role.OWNER));
    Path copy = folder.resolve("copy");
    copyAll(where, copy);
    try (Book book = Clientbook.open(where, key)) {
      book.session(7, Role.OWNER).record(who, Map.of("kind", "deny", "purposes", List.of(Purpose.CUSTOMER_CARE)));
    }
    copyAll(copy, where);
    refused(Code.ROLLED_BACK, () -> Clientbook.open(where, key));
    Clientbook.acceptPin(where, key, 1, Role.OWNER);
    Clientbook.open(where, key).close();
  }

  private static Path keyFile(Path folder, String name) throws IOException {
    byte[] key = new byte[32];
    new java.security.SecureRandom().nextBytes(key);
    Path out = Files.write(folder.resolve(name), key);
    Files.setPosixFilePermissions(out, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    return out;
  }

  @Test
  void whoActsShowsIt() throws IOException {
    Path folder = Files.createTempDirectory("clientbook");
    Path ann = keyFile(folder, "ann");
    Path kim = keyFile(folder, "kim");
    Path vera = keyFile(folder, "vera");
    Path next = keyFile(folder, "next");
    List<String> guard = List.of("security_officer");
    Session by = shop.book.session(60, Role.SECURITY_OFFICER);
    assertEquals(1, by.enrolCredential(Map.of("actor", 60, "roles", guard, "name", "Ann"), ann));
    Session officer = shop.book.session(60, Role.SECURITY_OFFICER, ann);
    officer.enrolCredential(Map.of("actor", 61, "roles", guard, "name", "Kim"), kim);
    Session deputy = shop.book.session(61, Role.SECURITY_OFFICER, kim);
    int number = officer.enrolCredential(Map.of("actor", 62, "roles", List.of("associate"), "name", "Vera", "days", 30), vera);
    refused(Code.SECOND_PERSON_REQUIRED, () -> officer.confirmCredential(number));
    refused(Code.CREDENTIAL_INVALID, () -> shop.book.session(62, Role.ASSOCIATE, vera));
    deputy.confirmCredential(number);
    Session till = shop.book.session(62, Role.ASSOCIATE, vera);
    till.changeCredential(vera, next);
    officer.renewCredential(number, 60);
    officer.revokeCredential(number);
    refused(Code.CREDENTIAL_INVALID, till::credentials);
    assertEquals("revoked", officer.credentials().get(2).text("state"));
    assertEquals("none", officer.credentialsTaken().text("use"));
    int proposal = officer.proposeCredentialUse(1);
    refused(Code.SECOND_PERSON_REQUIRED, () -> officer.approveCredentialUse(proposal));
    assertTrue(deputy.approveCredentialUse(proposal) > 0);
  }

  private static void copyAll(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path one : files.toList()) {
        Path there = to.resolve(from.relativize(one));
        if (Files.isDirectory(one)) {
          Files.createDirectories(there);
        } else {
          Files.copy(one, there, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  private static Path secret(Path folder, String name) throws IOException {
    return Files.createDirectory(folder.resolve(name), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  @Test
  void aSealedKeyOpensWithItsKeyFile(@TempDir Path folder) throws IOException {
    Path where = folder.resolve("shop.book");
    Path key = secret(folder, "keys").resolve("shop.key");
    Path files = secret(folder, "stick");
    byte[] bytes = new byte[32];
    for (int i = 0; i < bytes.length; ++i) bytes[i] = (byte) (i * 7 + 1);
    Path till = Files.write(files.resolve("till.key"), bytes);
    bytes[0] = 77;
    Path other = Files.write(files.resolve("other.key"), bytes);
    for (Path one : List.of(till, other)) Files.setPosixFilePermissions(one, PosixFilePermissions.fromString("rw-------"));
    Clientbook.create(where, key, new NewBook("gdpr"), null, till).close();
    refused(Code.KEY_UNAVAILABLE, () -> Clientbook.open(where, key));
    refused(Code.WRONG_KEY, () -> Clientbook.open(where, key, null, other));
    Clientbook.open(where, key, null, till).close();
  }

  @Test
  void filesOfAShopAreImported(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("list.csv");
    Files.writeString(file, "id;mail\n1;cy@example.com\n2;dee@example.com\n");
    String map = Clientbook.proposeColumnMap(Map.of("files", List.of(file.toString()))).text("map");
    assertEquals(2, session.importCustomers(Map.of("map", map, "folder", folder.toString(), "dry_run", true)).integer("customers"));
    assertEquals(2, session.importCustomers(Map.of("map", map, "folder", folder.toString())).integer("customers"));
    refused(Code.NOT_FOUND, () -> Clientbook.proposeColumnMap(Map.of("files", List.of("none.csv"))));
  }

  @Test
  void textsAreLookedThrough() {
    String text = "Grüße 😀 an ken@example.com, ö ok";
    Find find = Clientbook.scan(text, new TextOptions()).get(0);
    assertEquals("ken@example.com", text.substring(find.begin(), find.end()));
    Redacted redacted = Clientbook.redact(text, new TextOptions().mark(TextOptions.Mark.NUMBERED_LABEL));
    assertEquals("Grüße 😀 an <EMAIL_ADDRESS_1>, ö ok", redacted.text());
    assertEquals(1, redacted.receipt().told("hidden").integer("email_address"));
    assertEquals(1, Clientbook.scan("ruf 030 901820 an", new TextOptions().regions("DE")).size());
    refused(Code.INVALID_ARGUMENT, () -> Clientbook.scan(text, new TextOptions().regions("germany")));
    String rows = "id,ssn\n1,531 07\n";
    Find cell = Clientbook.scanForm(rows, new TextOptions()).get(0);
    assertEquals("531 07", rows.substring(cell.begin(), cell.end()));
    assertEquals("id,ssn\n1,<NATIONAL_ID>\n", Clientbook.redactForm(rows, new TextOptions().form("csv")).text());
    refused(Code.INVALID_ARGUMENT, () -> Clientbook.redactForm(rows, new TextOptions().form("tree")));
    String large = "x".repeat(100_000) + " ken@example.com";
    assertEquals("x".repeat(100_000) + " <EMAIL_ADDRESS>", Clientbook.redact(large, new TextOptions()).text());
    assertEquals("/requests/0/purpose", assertThrows(ClientbookException.class, () -> Clientbook.evaluate(Map.of("requests", List.of(Map.of("purpose", "no such"))))).where());
    assertNotNull(Clientbook.evaluate(Map.of("requests", List.of(Map.of("purpose", NEWS, "now", "2026-01-01")))));
    assertTrue(Clientbook.terms(1).stream().anyMatch(row -> NEWS.word().equals(row.text("word"))));
    for (Purpose one : Purpose.values()) assertEquals(one.number() & 0xff, Clientbook.term(1, one.word()));
    refused(Code.UNKNOWN_FIELD, () -> Clientbook.term(1, "no such"));
    assertNotEquals("", Clientbook.version());
  }
}
