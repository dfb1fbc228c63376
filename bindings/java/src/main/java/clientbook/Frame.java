package clientbook;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * One call: what goes in is copied to memory that the library can see, what comes out is copied to Java's, and both are wiped. Most of it lies in a room of the thread's own, so that a call allocates
 * nothing; a call within a call (from a callback) takes another.
 */
final class Frame implements AutoCloseable {
  private static final int ROOM = 8192;
  // In the room: clientbook_error, two clientbook_bytes, two numbers, two ids; the rest is what goes in.
  private static final int AT_ERROR = 0;
  private static final int AT_BYTES = 24;
  private static final int AT_MORE = 48;
  private static final int AT_NUMBER = 72;
  private static final int AT_NUMBER_2 = 80;
  private static final int AT_ID_OUT = 88;
  private static final int AT_ID_IN = 104;
  private static final int AT_DATA = 128;
  private static final ThreadLocal<Frame> OF_THREAD = ThreadLocal.withInitial(Frame::new);
  private static final byte[] ZEROS = new byte[ROOM];

  private final Machine machine = Library.machine();
  final Calls calls = machine.calls;
  private final Machine.Area room = machine.area(ROOM);
  private final ByteBuffer bytes = room.bytes().order(ByteOrder.nativeOrder());
  private final List<Machine.Area> further = new ArrayList<>();
  private boolean taken;
  private int used = AT_DATA;
  /** Of the session that calls, if one does. */
  long context;
  long session;

  static Frame take() {
    Frame out = OF_THREAD.get();
    if (out.taken) out = new Frame();
    out.taken = true;
    return out;
  }

  @Override
  public void close() {
    bytes.put(AT_NUMBER, ZEROS, 0, used - AT_NUMBER);
    for (Machine.Area one : further) wipe(one.bytes());
    if (!further.isEmpty()) further.clear();
    used = AT_DATA;
    context = 0;
    session = 0;
    taken = false;
  }

  private static void wipe(ByteBuffer of) {
    of.clear();
    while (of.hasRemaining()) of.put(ZEROS, 0, Math.min(ZEROS.length, of.remaining()));
  }

  // --- where things are ---------------------------------------------------------------------------

  long error() {
    return room.address() + AT_ERROR;
  }

  long out() {
    return room.address() + AT_BYTES;
  }

  long more() {
    return room.address() + AT_MORE;
  }

  long number() {
    return room.address() + AT_NUMBER;
  }

  long secondNumber() {
    return room.address() + AT_NUMBER_2;
  }

  long idOut() {
    return room.address() + AT_ID_OUT;
  }

  // --- what goes in -------------------------------------------------------------------------------

  /** A customer's id; one at a time. */
  long id(CustomerId customer) {
    if (customer == null) throw ClientbookException.refused(Code.INVALID_ARGUMENT, "a customer is needed");
    bytes.order(ByteOrder.BIG_ENDIAN).putLong(AT_ID_IN, customer.high()).putLong(AT_ID_IN + 8, customer.low());
    bytes.order(ByteOrder.nativeOrder());
    return room.address() + AT_ID_IN;
  }

  /** Bytes; their size is the caller's to tell. Null: 0. */
  long data(byte[] of) {
    if (of == null) return 0;
    int begin = (used + 7) & ~7;
    if (of.length < ROOM - begin) {
      bytes.put(begin, of);
      used = begin + of.length;
      return room.address() + begin;
    }
    Machine.Area area = machine.area(of.length + 1);
    area.bytes().put(0, of);
    further.add(area);
    return area.address();
  }

  static long size(byte[] of) {
    return of == null ? 0 : of.length;
  }

  /** A struct of options, of which only the size is set; its members are set at these offsets. */
  Struct struct(int size) {
    int begin = (used + 7) & ~7;
    if (size > ROOM - begin) { // what went in before has filled the room
      Machine.Area area = machine.area(size);
      further.add(area);
      return new Struct(area.bytes().order(ByteOrder.nativeOrder()), 0, area.address(), size);
    }
    used = begin + size;
    return new Struct(bytes, begin, room.address() + begin, size);
  }

  final class Struct {
    private final ByteBuffer in;
    private final int begin;
    private final long address;

    private Struct(ByteBuffer in, int begin, long address, int size) {
      this.in = in;
      this.begin = begin;
      this.address = address;
      in.put(begin, ZEROS, 0, size);
      in.putLong(begin, size);
    }

    Struct put(int at, long value) {
      in.putLong(begin + at, value);
      return this;
    }

    /** Of a member without a sign. */
    Struct put(int at, int value) {
      Unsigned.check(value);
      in.putInt(begin + at, value);
      return this;
    }

    Struct put(int at, byte value) {
      in.put(begin + at, value);
      return this;
    }

    /** An address and a size. */
    Struct put(int at, byte[] data) {
      return data == null ? this : put(at, data(data)).put(at + 8, (long) data.length);
    }

    long address() {
      return address;
    }
  }

  // --- what comes out -----------------------------------------------------------------------------

  private byte[] take(int at) {
    long size = bytes.getLong(at + 8);
    long address = room.address() + at;
    try {
      if (size > Integer.MAX_VALUE - 16) throw ClientbookException.refused(Code.LIMIT_EXCEEDED, "too large for Java");
      byte[] out = new byte[(int) size];
      machine.copy(bytes.getLong(at), out);
      return out;
    } finally {
      calls.bytes_free(address);
    }
  }

  byte[] bytes() {
    return take(AT_BYTES);
  }

  String text() {
    return Texts.of(take(AT_BYTES));
  }

  byte[] moreBytes() {
    return take(AT_MORE);
  }

  Told told() {
    return (Told) Json.parse(text());
  }

  @SuppressWarnings("unchecked")
  List<String> texts() {
    return (List<String>) Json.parse(text());
  }

  @SuppressWarnings("unchecked")
  List<Told> rows() {
    return (List<Told>) Json.parse(text());
  }

  long numberOut() {
    return bytes.getLong(AT_NUMBER);
  }

  int smallOut() {
    return bytes.getInt(AT_NUMBER);
  }

  int secondSmallOut() {
    return bytes.getInt(AT_NUMBER_2);
  }

  int byteOut() {
    return bytes.get(AT_NUMBER) & 0xff;
  }

  long secondOut() {
    return bytes.getLong(AT_NUMBER_2);
  }

  CustomerId customerOut() {
    byte[] out = new byte[16];
    bytes.get(AT_ID_OUT, out);
    return CustomerId.of(out, 0);
  }

  // --- what went wrong ----------------------------------------------------------------------------

  private static boolean isAboutInput(Code code) {
    return switch (code) {
      case INVALID_ENCODING, UNKNOWN_FIELD, INVALID_VALUE, MISSING_FIELD, WRONG_TYPE, ALREADY_EXISTS, UNKNOWN_NOTICE, LIMIT_EXCEEDED -> true;
      default -> false;
    };
  }

  /** What the last call has refused. */
  ClientbookException refused(int status) {
    Code code = Code.of(status);
    String text = machine.text(bytes.getLong(AT_ERROR + 8));
    long at = bytes.getLong(AT_ERROR + 16);
    String where = "";
    if (session != 0 && isAboutInput(code) && calls.session_where(context, session, more(), 0) == 0) {
      where = Texts.of(take(AT_MORE));
    }
    return new ClientbookException(code, text, at, where);
  }

  /** The same of a call that tells where itself, in `more`. */
  ClientbookException refusedWithWhere(int status) {
    ClientbookException out = refused(status);
    return new ClientbookException(out.code(), machine.text(bytes.getLong(AT_ERROR + 8)), out.at(), Texts.of(take(AT_MORE)));
  }

  void check(int status) {
    if (status != 0) throw refused(status);
  }
}
