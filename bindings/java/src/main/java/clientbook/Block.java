package clientbook;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.temporal.TemporalAccessor;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The bytes of a view, docs/format/flat_view.md: read in place. */
final class Block {
  private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes;
  private final int begin;
  private final int size;

  Block(byte[] bytes, int begin, int size) {
    this.bytes = bytes;
    this.begin = begin;
    this.size = size;
  }

  private byte[] open() {
    byte[] out = bytes;
    if (out == null) throw ClientbookException.refused(Code.INVALID_STATE, "the view is closed");
    return out;
  }

  void wipe() {
    if (bytes != null) Arrays.fill(bytes, begin, begin + size, (byte) 0);
    bytes = null;
  }

  boolean closed() {
    return bytes == null;
  }

  byte[] copy() {
    return Arrays.copyOfRange(open(), begin, begin + size);
  }

  CustomerId customer() {
    return CustomerId.of(open(), begin + 16);
  }

  long validUntil() {
    return (long) LONG.get(open(), begin + 32);
  }

  /** Where the entry of a field is, or -1. */
  int field(int number) {
    byte[] all = open();
    int entries = (short) SHORT.get(all, begin + 6);
    for (int i = 0, at = begin + 40; i < entries; ++i, at += 16) {
      if ((short) SHORT.get(all, at) == number) return at;
    }
    return -1;
  }

  int number(int entry) {
    return (short) SHORT.get(open(), entry) & 0xffff;
  }

  int state(int entry) {
    return open()[entry + 2];
  }

  int type(int entry) {
    return open()[entry + 3] & 0xff;
  }

  int reason(int entry) {
    return (short) SHORT.get(open(), entry + 4) & 0xffff;
  }

  int form(int entry) {
    return open()[entry + 7] & 0xff;
  }

  private int kind(int entry) {
    return open()[entry + 6];
  }

  private int at(int entry) {
    return begin + (int) INT.get(open(), entry + 8);
  }

  private int length(int entry) {
    return (int) INT.get(open(), entry + 12);
  }

  /** The value of an entry of that type of field; null: none. */
  Object value(int entry, int type) {
    int at = at(entry);
    return switch (kind(entry)) {
      case 1 -> text(entry);
      case 2 -> (long) LONG.get(bytes, at);
      case 3 -> bytes[at] != 0;
      case 4 -> dayAt(at);
      case 5 -> Instant.ofEpochSecond((long) LONG.get(bytes, at));
      case 6 -> HexFormat.of().formatHex(bytes, at, at + length(entry));
      case 7 -> list(at, length(entry) / 16, type);
      case 8 -> Shapes.read(this, type, at, length(entry) / 16);
      case 9 -> Arrays.copyOfRange(bytes, at, at + length(entry));
      default -> null;
    };
  }

  private List<Object> list(int table, int entries, int type) {
    Object[] out = new Object[entries];
    for (int i = 0; i < entries; ++i) {
      out[i] = value(table + 16 * i, type);
      if (out[i] == null) throw ClientbookException.refused(Code.UNSUPPORTED, "an element of a list is of a kind that this version does not know");
    }
    return new Quiet.Row<>(Arrays.asList(out));
  }

  // Members of structs: null where one came out in another form than its type.

  String text(int entry) {
    return kind(entry) == 1 ? new String(bytes, at(entry), length(entry), StandardCharsets.UTF_8) : null;
  }

  Long integer(int entry) {
    return kind(entry) == 2 ? (Long) (long) LONG.get(bytes, at(entry)) : null;
  }

  Boolean truth(int entry) {
    return kind(entry) == 3 ? (Boolean) (bytes[at(entry)] != 0) : null;
  }

  TemporalAccessor day(int entry) {
    return kind(entry) == 4 ? dayAt(at(entry)) : null;
  }

  Instant instant(int entry) {
    return kind(entry) == 5 ? Instant.ofEpochSecond((long) LONG.get(bytes, at(entry))) : null;
  }

  CustomerId customer(int entry) {
    return kind(entry) == 6 && length(entry) == 16 ? CustomerId.of(bytes, at(entry)) : null;
  }

  private TemporalAccessor dayAt(int at) {
    int year = (short) SHORT.get(bytes, at);
    return year == 0 ? MonthDay.of(bytes[at + 2], bytes[at + 3]) : LocalDate.of(year, bytes[at + 2], bytes[at + 3]);
  }

  /** Of a type that this version does not know: members by number. */
  Map<Integer, Object> members(int table, int entries) {
    Quiet<Integer> out = new Quiet<>();
    for (int i = 0, entry = table; i < entries; ++i, entry += 16) out.set(number(entry), value(entry, 0));
    return out;
  }
}
