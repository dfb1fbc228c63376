import clientbook.Book;
import clientbook.Clientbook;
import clientbook.CustomerId;
import clientbook.Email;
import clientbook.Name;
import clientbook.NewBook;
import clientbook.Phone;
import clientbook.Purpose;
import clientbook.Role;
import clientbook.Session;
import clientbook.View;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Prints how many microseconds of its own processor time a read with three texts takes from Java (bindings_bench runs it). */
public final class JavaRead {
  private static final Purpose WHY = Purpose.CUSTOMER_ORDER_MANAGEMENT;
  private static final List<String> FIELDS = List.of("name", "emails", "phones");
  private static final int ROUNDS = 5000;

  private static List<CustomerId> kept(Session session) {
    return session.transaction(within -> {
      List<CustomerId> out = new ArrayList<>();
      for (int i = 0; i < 2000; ++i) {
        out.add(within.put(Map.of("name", new Name().given("Ken" + i).family("Sanchez"), "emails", List.of(new Email().address("ken" + i + "@example.com")), "phones",
            List.of(new Phone().number("+1 202 555 0142"))), WHY));
      }
      return out;
    });
  }

  /** Of this thread, in nanoseconds: what is told of the whole process is in steps of 10 ms. */
  private static long processorTime() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static double measured(Session session, List<CustomerId> ids) {
    long size = 0;
    long begin = processorTime();
    for (long i = 0, drawn = 1; i < ROUNDS; ++i) {
      drawn = drawn * 48271 % 2147483647;
      View view = session.read(ids.get((int) (drawn % ids.size())), WHY, FIELDS);
      size += view.name().given().length() + view.emails().get(0).address().length() + view.phones().get(0).number().length();
    }
    long took = processorTime() - begin;
    if (size < ROUNDS) throw new IllegalStateException("nothing was read");
    return took / 1000.0 / ROUNDS;
  }

  public static void main(String[] arguments) {
    try (Book book = Clientbook.inMemory(new NewBook("gdpr")); Session session = book.session(7, Role.SERVICE)) {
      List<CustomerId> ids = kept(session);
      double best = Double.POSITIVE_INFINITY;
      for (int i = 0; i < 60; ++i) best = Math.min(best, measured(session, ids));
      System.out.println(best);
    }
  }
}
