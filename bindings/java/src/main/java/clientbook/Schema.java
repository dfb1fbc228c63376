package clientbook;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The fields of a book. */
public final class Schema {
  private final List<Field> all;
  private final Map<String, Field> byKey = new HashMap<>();

  Schema(List<Told> rows) {
    all = rows.stream().map(row -> new Field(row.integer("number").intValue(), row.text("key"), row.text("type"), row.truth("list"))).toList();
    for (Field one : all) byKey.put(one.key(), one);
  }

  public List<Field> all() {
    return all;
  }

  /** Throws UNKNOWN_FIELD. */
  public int number(String key) {
    Field found = byKey.get(key);
    if (found == null) throw ClientbookException.refused(Code.UNKNOWN_FIELD, "the book has no such field");
    return found.number();
  }

  /** Or -1. */
  int find(String key) {
    Field found = byKey.get(key);
    return found == null ? -1 : found.number();
  }

  /** Bit n for field n; of null 0, which calls take as all. */
  long mask(Collection<String> keys) {
    if (keys == null) return 0;
    if (keys.isEmpty()) throw ClientbookException.refused(Code.INVALID_ARGUMENT, "no field is asked for");
    long out = 0;
    for (String key : keys) out |= 1L << number(key);
    return out;
  }

  List<String> keys(long mask) {
    List<String> out = new ArrayList<>();
    for (Field one : all) {
      if ((mask >>> one.number() & 1) != 0) out.add(one.key());
    }
    return out;
  }
}
