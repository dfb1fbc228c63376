package clientbook;

import java.time.Instant;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.temporal.TemporalAccessor;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the library tells as JSON: a map of String, Long, Double, Boolean, lists and maps of these. Its toString() names the members and shows no value; its typed readers give null where a member is
 * not there.
 */
public final class Told extends AbstractMap<String, Object> {
  private final Map<String, Object> members = new LinkedHashMap<>();

  void set(String key, Object value) {
    members.put(key, value);
  }

  @Override
  public Set<Map.Entry<String, Object>> entrySet() {
    return java.util.Collections.unmodifiableMap(members).entrySet();
  }

  @Override
  public Object get(Object key) {
    return members.get(key);
  }

  public String text(String key) {
    return (String) members.get(key);
  }

  public Long integer(String key) {
    return (Long) members.get(key);
  }

  public Boolean truth(String key) {
    return (Boolean) members.get(key);
  }

  public Told told(String key) {
    return (Told) members.get(key);
  }

  @SuppressWarnings("unchecked")
  public <T> List<T> list(String key) {
    return (List<T>) members.get(key);
  }

  Instant instant(String key) {
    return members.get(key) == null ? null : Instant.parse(text(key));
  }

  TemporalAccessor day(String key) {
    return members.get(key) == null ? null : dayOf(text(key));
  }

  CustomerId customer(String key) {
    return members.get(key) == null ? null : CustomerId.of(text(key));
  }

  List<PurchaseLine> lines(String key) {
    List<Told> rows = list(key);
    return rows == null ? null : rows.stream().map(PurchaseLine::of).toList();
  }

  static TemporalAccessor dayOf(String text) {
    return text.startsWith("--") ? MonthDay.parse(text) : LocalDate.parse(text);
  }

  @Override
  public String toString() {
    return "Told" + members.keySet();
  }

  /** A list that does not print what is in it. */
  static final class Row<T> extends AbstractList<T> {
    private final List<T> items;

    Row(List<T> items) {
      this.items = List.copyOf(items);
    }

    @Override
    public T get(int index) {
      return items.get(index);
    }

    @Override
    public int size() {
      return items.size();
    }

    @Override
    public String toString() {
      return "[" + items.size() + " items]";
    }
  }
}
