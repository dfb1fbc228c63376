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
  private static final class TestClock extends Clock {
    private final LongSupplier seconds;

    TestClock(LongSupplier seconds) {
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

  /** What is missing; null where a primitive type cannot be. */
  private static boolean canBeMissing(Class<?> type) {
    return !type.isPrimitive();
  }

  /** What a method may go without, by the type of the parameter: fields, directives, a clock, ... Everything else that is null is refused. */
  private static final Map<String, List<Class<?>>> MAY_BE_NULL = Map.ofEntries(
      Map.entry("read", List.of(Collection.class)), Map.entry("scan", List.of(Collection.class)), Map.entry("search", List.of(Collection.class)),
      Map.entry("listCustomers", List.of(Collection.class)), Map.entry("put", List.of(Collection.class)), Map.entry("putWhatMayBeKept", List.of(Collection.class)),
      Map.entry("putCbor", List.of(Collection.class)), Map.entry("merge", List.of(Collection.class)), Map.entry("renew", List.of(Collection.class)), Map.entry("mayCollect", List.of(Collection.class, LocalDate.class)), Map.entry("inMemory", List.of(Clock.class)),
      Map.entry("verify", List.of(java.util.function.LongConsumer.class)), Map.entry("forgetRemembered", List.of(String.class)));
  /** The parameter that may be null is the last one of these: the others are of the same type. */
  private static final List<String> LAST_MAY_BE_NULL = List.of("explain", "explainContact", "move", "backUp", "open", "create");

  private static boolean mayBeNull(Method method, int which) {
    if (LAST_MAY_BE_NULL.contains(method.getName()) && which == method.getParameterCount() - 1 && which > 1) return true;
    return MAY_BE_NULL.getOrDefault(method.getName(), List.of()).contains(method.getParameterTypes()[which]);
  }

  /** What came out: null, if the call worked. */
  private static ClientbookException attempt(Method method, Object of, Object... arguments) throws IllegalAccessException {
    try {
      method.invoke(of, arguments);
      return null;
    } catch (InvocationTargetException thrown) {
      if (thrown.getCause() instanceof ClientbookException refused) return refused;
      throw new AssertionError(method + ": " + thrown.getCause(), thrown.getCause());
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
      all.addAll(methods(Book.class));
      assertTrue(all.size() > 90, all.size() + " methods");
      Random random = new Random(1);
      int refused = 0;
      for (Method method : all) {
        Class<?>[] types = method.getParameterTypes();
        for (int missing = 0; missing < types.length; ++missing) {
          if (!canBeMissing(types[missing])) continue;
          for (int round = 0; round < 4; ++round) { // of the other arguments some are right, by chance
            Object[] given = new Object[types.length];
            for (int i = 0; i < types.length; ++i) given[i] = i == missing ? null : right(types[i], shop, random);
            ClientbookException told = attempt(method, method.getDeclaringClass() == Book.class ? shop.book : shop.session, given);
            if (mayBeNull(method, missing)) continue;
            assertTrue(told != null, method + " does without parameter " + missing);
            ++refused;
          }
        }
      }
      assertTrue(refused > 600, refused + " were refused");
      assertEquals("Ken", shop.session.read(shop.ken, ORDER).name().given());
    }
  }

  @Test
  void aNegativeNumberIsNoLargeOne() throws IllegalAccessException {
    try (Shop shop = new Shop()) {
      Session s = shop.session;
      refused(Code.INVALID_ARGUMENT, () -> shop.book.session(-1, Role.OWNER));
      refused(Code.INVALID_ARGUMENT, () -> s.raiseBudget(-1, 5));
      refused(Code.INVALID_ARGUMENT, () -> s.raiseBudget(7, -5));
      refused(Code.INVALID_ARGUMENT, () -> s.prove(-1));
      refused(Code.INVALID_ARGUMENT, () -> s.closeCase(-1));
      refused(Code.INVALID_ARGUMENT, () -> s.liftHold(shop.ken, -1));
      refused(Code.INVALID_ARGUMENT, () -> s.compileConsents(-1));
      refused(Code.INVALID_ARGUMENT, () -> s.search("ken", ORDER, -1, null));
      refused(Code.INVALID_ARGUMENT, () -> s.erase(shop.ken, ErasureReason.SUBJECT_REQUEST, Mentions.REPORTED, -1));
      int tried = 0;
      List<Method> all = new ArrayList<>(methods(Session.class));
      all.addAll(methods(Book.class));
      Random random = new Random(2);
      for (Method method : all) {
        Class<?>[] types = method.getParameterTypes();
        for (int negative = 0; negative < types.length; ++negative) {
          if (types[negative] != int.class && types[negative] != long.class) continue;
          for (int round = 0; round < 4; ++round) {
            Object[] given = new Object[types.length];
            for (int i = 0; i < types.length; ++i) given[i] = right(types[i], shop, random);
            given[negative] = types[negative] == int.class ? (Object) (-1 - round) : (Object) (-1L - round);
            ClientbookException told = attempt(method, method.getDeclaringClass() == Book.class ? shop.book : s, given);
            assertTrue(told != null, method + " takes a negative number as parameter " + negative);
            ++tried;
          }
        }
      }
      assertTrue(tried > 100, tried + " were tried");
      assertEquals("Ken", s.read(shop.ken, ORDER).name().given());
    }
  }

  @Test
  void whatIsMissingWithinWhatIsGivenIsRefused() {
    try (Shop shop = new Shop()) {
      Session session = shop.session;
      Purpose none = null;
      List<Path> noPath = new ArrayList<>();
      noPath.add(null);
      List<Purpose> noPurpose = new ArrayList<>();
      noPurpose.add(null);
      Path place = Path.of("/no/such/place");
      for (org.junit.jupiter.api.function.Executable use : List.<org.junit.jupiter.api.function.Executable>of(() -> session.put(KEN, none), () -> session.put(KEN, ORDER, null),
          () -> session.remove(shop.ken, "phones", none), () -> Clientbook.drill(place, place, noPath, List.of()), () -> Clientbook.restore(place, place, place, noPath, List.of()),
          () -> Clientbook.inMemory(new NewBook("gdpr", List.of(), noPurpose)), () -> Clientbook.inMemory(new NewBook("gdpr", null, List.of())),
          () -> Clientbook.inMemory(new NewBook("gdpr", List.of(), null)), () -> Clientbook.redact("a", new TextOptions(null, TextOptions.Mark.LABEL, null)),
          () -> Clientbook.redact("a", new TextOptions().mark(null)))) {
        refused(Code.INVALID_ARGUMENT, use);
      }
    }
  }

  @Test
  void anyLengthOfWhatGoesInLeavesRoomForOptions() {
    List<Purpose> none = List.of();
    try (Shop shop = new Shop()) {
      for (int length = 7900; length <= 8300; ++length) {
        String text = "x".repeat(length - 24) + " mail ken@example.com...";
        assertEquals(length, text.length());
        Redacted out = Clientbook.redact(text, new TextOptions().regions("DE", "US").mark(TextOptions.Mark.BLOCKS));
        assertEquals("x".repeat(length - 24) + " mail \u2588\u2588\u2588\u2588...", out.text(), () -> "at " + text.length());
        refused(Code.NOT_FOUND, () -> Clientbook.inMemory(new NewBook(text, List.of(text), none)));
      }
      for (int length = 1990; length <= 2010; ++length) { // a note's options come after it
        int size = length;
        assertTrue(shop.session.appendNote(shop.ken, new Note().text("y".repeat(size)), NEWS) > 0);
      }
    }
  }

  @Test
  void randomCallsDoNoHarm() throws IllegalAccessException {
    Random random = new Random(2);
    List<Method> all = methods(Session.class).stream().filter(one -> !one.getName().equals("transaction")).toList();
    int worked = 0;
    int refused = 0;
    StringBuilder said = new StringBuilder();
    for (int round = 0; round < 2; ++round) {
      try (Shop shop = new Shop()) {
        for (int i = 0; i < 2500; ++i) {
          Method method = all.get(random.nextInt(all.size()));
          Class<?>[] types = method.getParameterTypes();
          Object[] given = new Object[types.length];
          for (int j = 0; j < types.length; ++j) given[j] = canBeMissing(types[j]) && random.nextInt(12) == 0 ? null : right(types[j], shop, random);
          ClientbookException told = attempt(method, shop.session, given);
          if (told == null) {
            ++worked;
          } else {
            ++refused;
            said.append(told).append('\n');
          }
        }
        Told report = shop.session.verify(null);
        assertEquals(0, report.integer("problems"), report.toString());
      }
    }
    assertTrue(worked > 1000 && refused > 1000, worked + " worked, " + refused + " were refused");
    for (String secret : Shop.SECRETS) assertFalse(said.toString().contains(secret), secret);
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

  /** From Java 21 on: java.foreign runs this with a newer one. */
  @Test
  void aVirtualThreadReadsAndHasNoTransaction() throws ReflectiveOperationException, InterruptedException {
    Method start;
    try {
      start = Thread.class.getMethod("startVirtualThread", Runnable.class);
    } catch (NoSuchMethodException older) {
      org.junit.jupiter.api.Assumptions.abort("there are no virtual threads");
      return;
    }
    try (Shop shop = new Shop()) {
      List<Object> seen = Collections.synchronizedList(new ArrayList<>());
      Thread thread = (Thread) start.invoke(null, (Runnable) () -> {
        seen.add(outcome(() -> shop.session.read(shop.ken, ORDER).name().given()));
        seen.add(outcome(() -> shop.session.transaction(in -> "worked")));
      });
      thread.join();
      assertEquals(List.of("Ken", Code.INVALID_STATE), seen);
      assertEquals("worked", shop.session.transaction(in -> "worked"));
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

  /** A second thread's clock is asked while the first one's is, and answers later: neither keeps a thread out. */
  @Test
  void clocksOfTwoThreadsMayBeAskedAtOnce() throws InterruptedException {
    CountDownLatch second = new CountDownLatch(1);
    CountDownLatch first = new CountDownLatch(1);
    ThreadLocal<Runnable> then = new ThreadLocal<>();
    try (Shop shop = new Shop(new TestClock(() -> {
      Runnable now = then.get();
      then.remove();
      if (now != null) now.run();
      return THEN;
    }))) {
      AtomicReference<Object> seen = new AtomicReference<>();
      Session others = shop.book.session(8, Role.OWNER);
      Thread other = new Thread(() -> {
        then.set(() -> {
          second.countDown();
          await(first);
        });
        seen.set(outcome(() -> others.read(shop.ken, ORDER).name().given()));
      });
      then.set(() -> {
        other.start();
        await(second);
      });
      assertEquals("Ken", shop.session.read(shop.ken, ORDER).name().given());
      first.countDown();
      other.join();
      assertEquals("Ken", seen.get());
      for (int i = 0; i < 3; ++i) assertEquals("Ken", shop.session.read(shop.ken, ORDER).name().given());
    }
  }

  /** The clock of one thread is being asked: it cannot use the book, and another thread can. */
  @Test
  void onlyTheThreadWhoseClockIsAskedIsKeptOut() throws InterruptedException {
    AtomicReference<Runnable> then = new AtomicReference<>(() -> { });
    try (Shop shop = new Shop(new TestClock(() -> {
      then.getAndSet(() -> { }).run();
      return THEN;
    }))) {
      AtomicReference<Object> own = new AtomicReference<>();
      AtomicReference<Object> others = new AtomicReference<>();
      Session second = shop.book.session(8, Role.OWNER);
      then.set(() -> {
        Thread other = new Thread(() -> others.set(outcome(() -> second.read(shop.ken, ORDER).name().given())));
        other.start();
        try {
          other.join();
        } catch (InterruptedException problem) {
          throw new IllegalStateException(problem);
        }
        own.set(outcome(() -> second.read(shop.ken, ORDER).name().given())); // after another thread's clock was asked
      });
      assertEquals("Ken", shop.session.read(shop.ken, ORDER).name().given());
      assertEquals("Ken", others.get());
      assertEquals(Code.INVALID_STATE, own.get());
    }
  }

  private static Object outcome(java.util.function.Supplier<Object> of) {
    try {
      return of.get();
    } catch (ClientbookException refused) {
      return refused.code();
    }
  }

  /** Who calls while close() waits for another thread, and is refused, is not told that the book is closed. */
  @Test
  void aCloseThatIsRefusedStopsNobody() throws InterruptedException {
    try (Shop shop = new Shop()) {
      CountDownLatch within = new CountDownLatch(1);
      CountDownLatch refused = new CountDownLatch(1);
      List<Object> seen = Collections.synchronizedList(new ArrayList<>());
      Thread busy = new Thread(() -> shop.session.verify(done -> {
        within.countDown();
        await(refused);
      }));
      busy.start();
      await(within);
      List<Thread> threads = new ArrayList<>();
      List<Session> others = new ArrayList<>();
      for (int i = 0; i < 12; ++i) {
        Session own = shop.book.session(8 + i, Role.OWNER);
        others.add(own);
        threads.add(new Thread(() -> {
          while (refused.getCount() != 0) seen.add(outcome(() -> own.read(shop.ken, ORDER).name().given()));
          seen.add(outcome(() -> own.read(shop.ken, ORDER).name().given()));
        }));
      }
      threads.forEach(Thread::start);
      refused(Code.INVALID_STATE, shop.book::close);
      refused.countDown();
      for (Thread one : threads) one.join();
      busy.join();
      others.forEach(Session::close);
      assertEquals(java.util.Set.of("Ken"), new java.util.HashSet<>(seen));
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
    try (Shop shop = new Shop(new TestClock(() -> now[0]))) {
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
      try (Shop shop = new Shop(new TestClock(() -> works[0] ? THEN : bad.getAsLong()))) {
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
    shop[0] = new Shop(new TestClock(() -> {
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
      for (Map<?, ?> one : List.<Map<?, ?>>of(view.values(), view.name().members(), view.emails().get(0).members(), new Note().text("likes opals").members(),
          session.search("sanchez", ORDER, 5, null), new Block(KINDS, 0, KINDS.length).members(0, 1))) {
        assertFalse(one.isEmpty());
        out.println(one + " " + one.values() + one.entrySet() + one.keySet() + one.entrySet().iterator().next());
      }
      for (List<?> one : List.<List<?>>of(view.emails(), view.list("likes", String.class) == null ? view.phones() : view.likes(), session.directives(shop.ken))) {
        out.println(one + " " + one.subList(0, 1));
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

  /** A table with one entry: a text, "Ken". */
  private static final byte[] KINDS = table(1, 16, 3, "Ken\0\0\0\0\0");

  private static byte[] table(int kind, int offset, int length, String rest) {
    java.nio.ByteBuffer out = java.nio.ByteBuffer.allocate(16 + rest.length()).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    out.putShort((short) 1).put((byte) 2).put((byte) 0).putShort((short) 0).put((byte) kind).put((byte) 0).putInt(offset).putInt(length);
    return out.put(rest.getBytes(java.nio.charset.StandardCharsets.US_ASCII)).array();
  }

  @Test
  void anElementOfAKindThatThereIsNotYetIsRefused() {
    byte[] element = table(77, 0, 0, "");
    byte[] list = table(7, 16, 16, "x".repeat(16));
    System.arraycopy(element, 0, list, 16, 16);
    refused(Code.UNSUPPORTED, () -> new Block(list, 0, list.length).value(0, 0));
    assertNull(new Block(element, 0, 16).value(0, 0)); // a field of such a kind is one that is not there
    assertEquals(Arrays.asList(1L, null), ((Told) Json.parse("{\"a\":[1,null]}")).list("a"));
  }

  @Test
  void theMachineIsTheOneThatThisJavaHas() {
    String expected = System.getProperty("clientbook.test.machine", "JnaMachine");
    assertEquals(expected, Library.machine().getClass().getSimpleName());
  }
}
