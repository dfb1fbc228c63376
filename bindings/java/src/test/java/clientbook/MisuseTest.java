package clientbook;

import static clientbook.Shop.KEN;
import static clientbook.Shop.NEWS;
import static clientbook.Shop.ORDER;
import static clientbook.Shop.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/** Wrong arguments, what is closed, callbacks that misbehave, other threads, and that nothing prints a value. */
class MisuseTest {
  /** A clock that does what it is told. */
  private static final class Told extends Clock {
    private final LongSupplier seconds;

    Told(LongSupplier seconds) {
      this.seconds = seconds;
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochSecond(seconds.getAsLong());
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private static final long THEN = 1_800_000_000L;

  private static Object right(Class<?> type, Shop shop, Random random) {
    if (type == CustomerId.class) return shop.ken;
    if (type == String.class) return List.of("name", "loyalty", "L-1", "de", "\ud800", "", "x".repeat(9000), "a\0b").get(random.nextInt(8));
    if (type == int.class) return List.of(0, 1, 7, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 256).get(random.nextInt(7));
    if (type == long.class) return List.of(0L, 1L, -1L, Long.MAX_VALUE, Long.MIN_VALUE).get(random.nextInt(5));
    if (type == boolean.class) return random.nextBoolean();
    if (type == Map.class) return List.of(Map.of(), KEN, Shop.GRANT, Shop.NOTICE, Shop.PARCELS, Map.of("x", new Object()), Map.of("name", Double.NaN)).get(random.nextInt(7));
    if (type == List.class) return List.of();
    if (type == Collection.class) return List.of(List.of(), List.of("name"), List.of("no such")).get(random.nextInt(3));
    if (type == Request.class) return List.of(new Request(), new Request().to("parcel-co"), new Request().to("\udc00"), new Request().country("DEU")).get(random.nextInt(4));
    if (type == Purpose[].class) return new Purpose[] {ORDER};
    if (type == Purpose.class) return random.nextBoolean() ? ORDER : NEWS;
    if (type == Instant.class) return Instant.now();
    if (type == LocalDate.class) return LocalDate.of(1980, 1, 1);
    if (type == Path.class) return Path.of(System.getProperty("java.io.tmpdir"), "no", "such", "place");
    if (type == Note.class) return new Note().text("a");
    if (type == Purchase.class) return new Purchase();
    if (type == TextOptions.class) return new TextOptions();
    if (type == NewBook.class) return new NewBook("gdpr");
    if (type == Role.class) return Role.OWNER;
    if (type == byte[].class) return new byte[random.nextInt(3)];
    if (type.isEnum()) return type.getEnumConstants()[0];
    return null;
  }

  private static Object nothing(Class<?> type) {
    return type.isPrimitive() ? (type == boolean.class ? (Object) false : type == int.class ? (Object) 0 : (Object) 0L) : null;
  }

  private static void attempt(Method method, Object of, Object... arguments) throws IllegalAccessException {
    try {
      method.invoke(of, arguments);
    } catch (InvocationTargetException thrown) {
      Throwable problem = thrown.getCause();
      assertTrue(problem instanceof ClientbookException || problem instanceof NullPointerException, method + ": " + problem);
    }
  }

  private static List<Method> methods(Class<?> of) {
    return Arrays.stream(of.getDeclaredMethods()).filter(one -> Modifier.isPublic(one.getModifiers()) && !one.getName().equals("close"))
        .sorted(java.util.Comparator.comparing(Method::toString)).toList();
  }

  @Test
  void everyMethodRefusesWhatIsMissing() throws IllegalAccessException {
    try (Shop shop = new Shop()) {
      List<Method> all = new ArrayList<>(methods(Session.class));
      all.addAll(methods(Clientbook.class));
      assertTrue(all.size() > 90, all.size() + " methods");
      Random random = new Random(1);
      for (Method method : all) {
        Class<?>[] types = method.getParameterTypes();
        for (int missing = 0; missing < types.length; ++missing) {
          Object[] given = new Object[types.length];
          for (int i = 0; i < types.length; ++i) given[i] = i == missing ? nothing(types[i]) : right(types[i], shop, random);
          attempt(method, shop.session, given);
        }
      }
    }
  }

  @Test
  void randomCallsDoNoHarm() throws IllegalAccessException {
    Random random = new Random(2);
    List<Method> all = methods(Session.class).stream().filter(one -> !one.getName().equals("transaction")).toList();
    int kept = 0;
    for (int round = 0; round < 2; ++round) {
      try (Shop shop = new Shop()) {
        for (int i = 0; i < 2500; ++i) {
          Method method = all.get(random.nextInt(all.size()));
          Class<?>[] types = method.getParameterTypes();
          Object[] given = new Object[types.length];
          for (int j = 0; j < types.length; ++j) given[j] = random.nextInt(12) == 0 ? nothing(types[j]) : right(types[j], shop, random);
          attempt(method, shop.session, given);
        }
        kept += shop.session.verify(null).integer("customers").intValue();
      }
    }
    assertTrue(kept > 0);
  }

  @Test
  void halfOfASurrogatePairIsRefused() {
    try (Shop shop = new Shop()) {
      for (String bad : List.of("\ud800", "x\udfff", "\udc00\ud800")) {
        refused(Code.INVALID_ENCODING, () -> shop.session.find("crm", bad));
        refused(Code.INVALID_ENCODING, () -> shop.session.search(bad + "abc", ORDER, 5, null));
        refused(Code.INVALID_ENCODING, () -> Clientbook.redact(bad, new TextOptions()));
        refused(Code.INVALID_ENCODING, () -> shop.session.put(Map.of("name", new Name().given(bad)), ORDER));
        refused(Code.INVALID_ENCODING, () -> shop.session.appendNote(shop.ken, new Note().text(bad), NEWS));
        refused(Code.INVALID_ENCODING, () -> shop.session.explain(shop.ken, ORDER, "name", new Request(), bad));
      }
    }
  }

  @Test
  void wordsAndValuesThatThereAreNotAreRefused() {
    try (Shop shop = new Shop()) {
      Session session = shop.session;
      refused(Code.INVALID_ARGUMENT, () -> shop.book.session(0, Role.OWNER));
      refused(Code.UNKNOWN_FIELD, () -> session.read(shop.ken, ORDER, List.of("no such")));
      refused(Code.INVALID_ARGUMENT, () -> session.read(shop.ken, ORDER, List.of()));
      refused(Code.INVALID_ARGUMENT, () -> session.read(null, ORDER));
      refused(Code.INVALID_ARGUMENT, () -> session.read(shop.ken, null));
      refused(Code.NOT_FOUND, () -> session.read(CustomerId.of("00".repeat(16)), ORDER));
      refused(Code.INVALID_ARGUMENT, () -> CustomerId.of("00"));
      refused(Code.WRONG_TYPE, () -> session.putCbor(new byte[3], List.of(), ORDER));
      refused(Code.INVALID_VALUE, () -> session.put(Map.of("name", new Object()), ORDER));
      refused(Code.INVALID_VALUE, () -> session.put(Map.of("name", Double.NaN), ORDER));
      List<Object> deep = new ArrayList<>();
      deep.add(deep);
      refused(Code.INVALID_VALUE, () -> session.put(Map.of("likes", deep), ORDER));
      refused(Code.INVALID_ARGUMENT, () -> session.preview(shop.ken, ORDER, new Request().country("DEU")));
      refused(Code.UNKNOWN_FIELD, () -> session.preview(shop.ken, ORDER, new Request().to("nobody")));
      refused(Code.INVALID_ARGUMENT, () -> session.purchases(shop.ken, ORDER, -1));
      refused(Code.INVALID_ARGUMENT, () -> session.erase(shop.ken, ErasureReason.OTHER, Mentions.IGNORED, 1000));
      refused(Code.NOT_FOUND, () -> Clientbook.inMemory(new NewBook("no such")));
      refused(Code.INVALID_ARGUMENT, () -> Clientbook.inMemory(new NewBook(null)));
      refused(Code.INVALID_ARGUMENT, () -> Clientbook.open(null, Path.of("k")));
      assertEquals("/emails/0", refused(Code.UNKNOWN_FIELD, () -> session.put(Map.of("emails", List.of(Map.of("adress", "x"))), ORDER)).where());
      assertEquals(1, session.figures().integer("customers"));
    }
  }

  @Test
  void whatIsClosedSaysSo() {
    Shop shop = new Shop();
    Session other = shop.book.session(8, Role.OWNER);
    View view = shop.session.read(shop.ken, ORDER);
    shop.session.close();
    shop.session.close();
    refused(Code.INVALID_STATE, () -> shop.session.read(shop.ken, ORDER));
    Session.Walk walk = other.scan(ORDER, null);
    shop.book.close();
    shop.book.close();
    refused(Code.INVALID_STATE, () -> other.read(shop.ken, ORDER));
    refused(Code.INVALID_STATE, () -> shop.book.session(7, Role.OWNER));
    refused(Code.INVALID_STATE, walk::next);
    walk.close();
    other.close();
    assertEquals("Ken", view.name().given()); // a view is the reader's own
    view.close();
    view.close();
    refused(Code.INVALID_STATE, view::name);
    refused(Code.INVALID_STATE, view::customer);
    refused(Code.INVALID_STATE, () -> view.state("name"));
    assertTrue((view.toString() + other + shop.book).matches("(.*closed.*){3}"));
  }

  @Test
  void aTransactionDoesNotOutliveItsSession() {
    try (Shop shop = new Shop()) {
      assertThrows(ClientbookException.class, () -> shop.session.transaction(within -> {
        within.remove(shop.ken, "phones", ORDER);
        within.close();
        return null;
      }));
      assertEquals(1, shop.book.session(7, Role.OWNER).read(shop.ken, ORDER).phones().size());
    }
  }

  @Test
  void whatIsForgottenIsFreed() throws InterruptedException {
    List<Context> contexts = new ArrayList<>();
    for (int i = 0; i < 50; ++i) {
      Book book = Clientbook.inMemory(new NewBook("gdpr"));
      book.session(7, Role.OWNER).put(Map.of("name", new Name().given("A")), ORDER);
      contexts.add(book.context());
    }
    for (int i = 0; i < 100 && contexts.stream().filter(one -> !one.isClosed()).count() > 1; ++i) {
      System.gc();
      Thread.sleep(20);
    }
    assertTrue(contexts.stream().filter(one -> !one.isClosed()).count() <= 1);
  }

  @Test
  void aSessionIsOfOneThreadAtATime() throws InterruptedException {
    try (Shop shop = new Shop()) {
      CountDownLatch within = new CountDownLatch(1);
      CountDownLatch tried = new CountDownLatch(1);
      AtomicReference<Throwable> failed = new AtomicReference<>();
      Thread thread = new Thread(() -> {
        try {
          shop.session.verify(done -> {
            within.countDown();
            await(tried);
          });
        } catch (Throwable problem) {
          failed.set(problem);
        }
      });
      thread.start();
      await(within);
      refused(Code.INVALID_STATE, () -> shop.session.read(shop.ken, ORDER));
      refused(Code.INVALID_STATE, shop.session::close);
      refused(Code.INVALID_STATE, shop.book::close);
      assertEquals("Ken", shop.book.session(8, Role.OWNER).read(shop.ken, ORDER).name().given());
      tried.countDown();
      thread.join();
      assertNull(failed.get());
      assertEquals("Ken", shop.session.read(shop.ken, ORDER).name().given());
    }
  }

  private static void await(CountDownLatch of) {
    try {
      of.await();
    } catch (InterruptedException problem) {
      throw new IllegalStateException(problem);
    }
  }

  @Test
  void aTransactionStaysWithItsThread() throws InterruptedException {
    try (Shop shop = new Shop()) {
      List<Code> seen = Collections.synchronizedList(new ArrayList<>());
      shop.session.transaction(in -> {
        Thread thread = new Thread(() -> {
          for (Runnable use : List.<Runnable>of(() -> shop.session.read(shop.ken, ORDER), shop.session::close, shop.book::close)) {
            try {
              use.run();
            } catch (ClientbookException problem) {
              seen.add(problem.code());
            }
          }
        });
        thread.start();
        try {
          thread.join();
        } catch (InterruptedException problem) {
          throw new IllegalStateException(problem);
        }
        return null;
      });
      assertEquals(Collections.nCopies(3, Code.INVALID_STATE), seen);
    }
  }

  @Test
  void threadsHaveSessionsOfTheirOwn() throws InterruptedException {
    try (Shop shop = new Shop()) {
      AtomicInteger good = new AtomicInteger();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 4; ++i) {
        threads.add(new Thread(() -> {
          try (Session own = shop.book.session(7, Role.OWNER)) {
            for (int j = 0; j < 500; ++j) {
              if (own.read(shop.ken, ORDER).name().given().equals("Ken")) good.incrementAndGet();
            }
          }
        }));
      }
      threads.forEach(Thread::start);
      for (Thread one : threads) one.join();
      assertEquals(2000, good.get());
    }
  }

  @Test
  void aBookIsNotClosedUnderAThread() throws InterruptedException {
    for (int round = 0; round < 20; ++round) {
      Shop shop = new Shop();
      AtomicReference<Throwable> failed = new AtomicReference<>();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 3; ++i) {
        threads.add(new Thread(() -> {
          try {
            Session own = shop.book.session(7, Role.OWNER);
            while (own.read(shop.ken, ORDER).name() != null) Thread.onSpinWait();
          } catch (ClientbookException ended) {
            if (ended.code() != Code.INVALID_STATE) failed.set(ended);
          } catch (Throwable problem) {
            failed.set(problem);
          }
        }));
      }
      threads.forEach(Thread::start);
      while (!shop.book.isClosed()) {
        try {
          shop.book.close();
        } catch (ClientbookException inUse) {
          assertEquals(Code.INVALID_STATE, inUse.code());
        }
      }
      for (Thread one : threads) one.join();
      assertNull(failed.get());
    }
  }

  @Test
  void aClockIsAsked() {
    long[] now = {THEN};
    try (Shop shop = new Shop(new Told(() -> now[0]))) {
      shop.session.record(shop.ken, Shop.with(Shop.with(Shop.GRANT, "purposes", List.of(Purpose.CUSTOMER_CARE)), "not_after", Instant.ofEpochSecond(THEN + 1000)));
      shop.session.addNotice(Shop.with(Shop.with(Shop.NOTICE, "title", "care"), "purposes", List.of(Purpose.CUSTOMER_CARE)));
      shop.session.record(shop.ken, Map.of("kind", "grant", "purposes", List.of(Purpose.CUSTOMER_CARE), "recipients", List.of("self"), "notice", "care", "evidence", "e",
          "categories", List.of("name"), "not_after", Instant.ofEpochSecond(THEN + 1000)));
      assertEquals("Ken", shop.session.read(shop.ken, Purpose.CUSTOMER_CARE).name().given());
      assertEquals(Instant.ofEpochSecond(THEN + 1000), shop.session.read(shop.ken, Purpose.CUSTOMER_CARE).validUntil());
      now[0] = THEN + 1000;
      assertNull(shop.session.read(shop.ken, Purpose.CUSTOMER_CARE).name());
    }
  }

  @Test
  void aClockThatFailsOpensNothingWithATimeLimit() {
    for (LongSupplier bad : List.<LongSupplier>of(() -> -5, () -> Long.MAX_VALUE / 2, () -> {
      throw new UnsupportedOperationException("no clock");
    })) {
      boolean[] works = {true};
      try (Shop shop = new Shop(new Told(() -> works[0] ? THEN : bad.getAsLong()))) {
        shop.session.addNotice(Shop.with(Shop.with(Shop.NOTICE, "title", "care"), "purposes", List.of(Purpose.CUSTOMER_CARE)));
        shop.session.record(shop.ken, Map.of("kind", "grant", "purposes", List.of(Purpose.CUSTOMER_CARE), "recipients", List.of("self"), "notice", "care", "evidence", "e",
            "categories", List.of("name"), "not_after", Instant.ofEpochSecond(THEN + 1000)));
        assertEquals("Ken", shop.session.read(shop.ken, Purpose.CUSTOMER_CARE).name().given());
        works[0] = false;
        assertNull(shop.session.read(shop.ken, Purpose.CUSTOMER_CARE).name());
      }
    }
  }

  @Test
  void whatIsCalledBackCannotUseTheBook() {
    List<Code> seen = new ArrayList<>();
    Shop[] shop = new Shop[1];
    Runnable[] use = {() -> { }};
    shop[0] = new Shop(new Told(() -> {
      try {
        Runnable now = use[0];
        use[0] = () -> { };
        now.run();
      } catch (ClientbookException problem) {
        seen.add(problem.code());
      }
      return THEN;
    }));
    Session other = shop[0].book.session(8, Role.OWNER);
    for (Runnable one : List.<Runnable>of(() -> shop[0].session.read(shop[0].ken, ORDER), () -> other.read(shop[0].ken, ORDER), () -> shop[0].book.session(9, Role.OWNER), shop[0].book::close,
        other::close)) {
      use[0] = one;
      assertEquals("Ken", shop[0].session.read(shop[0].ken, ORDER).name().given());
    }
    assertEquals(Collections.nCopies(5, Code.INVALID_STATE), seen);
    shop[0].session.verify(done -> {
      try (Shop another = new Shop()) { // another book's is fine
        assertEquals("Ken", another.session.read(another.ken, ORDER).name().given());
      }
    });
    shop[0].close();
  }

  @Test
  void nothingPrintsAValue() {
    try (Shop shop = new Shop()) {
      Session session = shop.session;
      session.appendNote(shop.ken, new Note().text("likes opals"), NEWS);
      View view = session.read(shop.ken, ORDER);
      StringWriter shown = new StringWriter();
      PrintWriter out = new PrintWriter(shown);
      for (Object one : List.of(shop.book, session, shop.ken, view, view.name(), view.emails(), view.addresses(), session.notes(shop.ken, NEWS, 0), session.notes(shop.ken, NEWS, 0).items().get(0),
          session.search("sanchez", ORDER, 5, null), session.search("sanchez", ORDER, 5, null).get("hits"), session.directives(shop.ken), session.preview(shop.ken, ORDER, new Request()),
          Shop.all(session.scan(ORDER, null), each -> each), Clientbook.redact("mail ken@example.com", new TextOptions()), KEN.get("name"), KEN.get("emails"), view.customer(),
          session.listCustomers(ORDER, Map.of("days", Map.of("days", 365)), null))) {
        out.println(one);
      }
      List<Runnable> uses = List.of(() -> session.put(Map.of("emails", List.of(Map.of("address", "ken@example.com", "x", "Sánchez"))), ORDER),
          () -> session.put(Map.of("name", Map.of("given", 5), "likes", "likes opals"), ORDER), () -> session.find("Ken", "Sánchez"),
          () -> session.appendNote(shop.ken, new Note().text("likes opals, card 4111 1111 1111 1111"), NEWS), () -> session.read(shop.ken, ORDER, List.of("Ken")),
          () -> session.record(shop.ken, Map.of("kind", "Ken")), () -> session.put(Map.of("birth_date", "Ken"), ORDER), () -> CustomerId.of("Ken"),
          () -> session.disclose(shop.ken, ORDER, new Request().to("Ken Sánchez")), () -> session.put(KEN, ORDER), () -> Clientbook.open(Path.of("/Ken"), Path.of("/Sánchez")));
      for (Runnable use : uses) assertThrows(ClientbookException.class, use::run).printStackTrace(out);
      for (String secret : Shop.SECRETS) assertFalse(shown.toString().contains(secret), secret);
    }
  }

  @Test
  void theMachineIsTheOneThatThisJavaHas() {
    String expected = System.getProperty("clientbook.test.machine", "JnaMachine");
    assertEquals(expected, Library.machine().getClass().getSimpleName());
  }
}
