package clientbook;

import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** JSON of maps, lists, values, words, numbers and dates, and back. Members that are null are left out. */
final class Json {
  private static final int DEEPEST = 64;

  private Json() {}

  static byte[] of(Object value) {
    StringBuilder out = new StringBuilder();
    write(out, value, 0);
    return Texts.utf8(out.toString());
  }

  private static void write(StringBuilder out, Object value, int depth) {
    if (depth > DEEPEST) throw invalid("nested too deep to be written as JSON");
    if (value == null) {
      out.append("null");
    } else if (value instanceof Value of) {
      members(out, of.members(), depth);
    } else if (value instanceof Map<?, ?> of) {
      members(out, of, depth);
    } else if (value instanceof Iterable<?> all) {
      elements(out, all, depth);
    } else if (value instanceof Boolean) {
      out.append(value);
    } else if (value instanceof Number number) {
      out.append(number(number));
    } else {
      text(out, word(value));
    }
  }

  private static void members(StringBuilder out, Map<?, ?> of, int depth) {
    char before = '{';
    for (Map.Entry<?, ?> one : of.entrySet()) {
      if (one.getValue() == null) continue;
      if (!(one.getKey() instanceof String key)) throw invalid("a member's name is a text");
      out.append(before);
      before = ',';
      text(out, key);
      out.append(':');
      write(out, one.getValue(), depth + 1);
    }
    out.append(before == '{' ? "{}" : "}");
  }

  private static void elements(StringBuilder out, Iterable<?> all, int depth) {
    out.append('[');
    boolean first = true;
    for (Object one : all) {
      if (!first) out.append(',');
      first = false;
      write(out, one, depth + 1);
    }
    out.append(']');
  }

  private static String number(Number number) {
    if (number instanceof Double || number instanceof Float) {
      double value = number.doubleValue();
      if (Double.isNaN(value) || Double.isInfinite(value)) throw invalid("not a finite number");
      return value == Math.rint(value) && Math.abs(value) < 1e15 ? Long.toString((long) value) : Double.toString(value);
    }
    return number.toString();
  }

  private static String word(Object value) {
    if (value instanceof CharSequence || value instanceof CustomerId || value instanceof LocalDate || value instanceof MonthDay) return value.toString();
    if (value instanceof Word one) return one.word();
    if (value instanceof Instant when) return when.truncatedTo(ChronoUnit.SECONDS).toString();
    if (value instanceof OffsetDateTime when) return word(when.toInstant());
    if (value instanceof ZonedDateTime when) return word(when.toInstant());
    if (value instanceof Enum<?> one) return one.name().toLowerCase(java.util.Locale.ROOT);
    throw invalid("of a type that cannot be written as JSON");
  }

  private static void text(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); ++i) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') out.append('\\');
      if (c < ' ') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  private static ClientbookException invalid(String text) {
    return ClientbookException.refused(Code.INVALID_VALUE, text);
  }

  /** Of what the library has written, which is JSON. */
  static Object parse(String text) {
    Reader reader = new Reader(text);
    Object out = reader.value();
    reader.blanks();
    if (reader.at != text.length()) throw new IllegalStateException("more than one JSON value");
    return out;
  }

  private static final class Reader {
    private final String text;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    void blanks() {
      while (at < text.length() && text.charAt(at) <= ' ') ++at;
    }

    private boolean comes(char wanted) {
      blanks();
      if (at == text.length() || text.charAt(at) != wanted) return false;
      ++at;
      return true;
    }

    Object value() {
      blanks();
      return switch (text.charAt(at)) {
        case '{' -> object();
        case '[' -> array();
        case '"' -> string();
        case 't' -> literal("true", true);
        case 'f' -> literal("false", false);
        case 'n' -> literal("null", null);
        default -> number();
      };
    }

    private Object literal(String word, Object value) {
      at += word.length();
      return value;
    }

    private Told object() {
      Told out = new Told();
      ++at;
      if (comes('}')) return out;
      do {
        blanks();
        String key = string();
        comes(':');
        out.set(key, value());
      } while (comes(','));
      comes('}');
      return out;
    }

    private List<Object> array() {
      List<Object> out = new ArrayList<>();
      ++at;
      if (comes(']')) return new Quiet.Row<>(out);
      do {
        out.add(value());
      } while (comes(','));
      comes(']');
      return new Quiet.Row<>(out);
    }

    private Object number() {
      int begin = at;
      while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) ++at;
      String digits = text.substring(begin, at);
      if (digits.matches("-?\\d{1,18}")) return Long.parseLong(digits);
      if (!digits.matches("-?\\d+")) return Double.parseDouble(digits);
      BigInteger large = new BigInteger(digits);
      return large.bitLength() < 64 ? (Object) large.longValue() : large;
    }

    private String string() {
      int begin = ++at;
      int end = text.indexOf('"', begin);
      int escape = text.indexOf('\\', begin);
      if (escape < 0 || escape > end) {
        at = end + 1;
        return text.substring(begin, end);
      }
      StringBuilder out = new StringBuilder();
      for (char c = text.charAt(at); c != '"'; c = text.charAt(at)) {
        ++at;
        out.append(c == '\\' ? escaped() : c);
      }
      ++at;
      return out.toString();
    }

    private char escaped() {
      char c = text.charAt(at++);
      switch (c) {
        case 'b': return '\b';
        case 'f': return '\f';
        case 'n': return '\n';
        case 'r': return '\r';
        case 't': return '\t';
        case 'u':
          at += 4;
          return (char) Integer.parseInt(text.substring(at - 4, at), 16);
        default: return c;
      }
    }
  }
}
