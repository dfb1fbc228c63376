package clientbook;

import java.time.Instant;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.temporal.TemporalAccessor;
import java.util.List;

/**
 * What the library tells as JSON: a map of String, Long, Double, Boolean, lists and maps of these. Its toString() names the members and shows no value; its typed readers give null where a member is
 * not there.
 */
public final class Told extends Quiet<String> {
  public String text(String key) {
    return (String) get(key);
  }

  public Long integer(String key) {
    return (Long) get(key);
  }

  public Boolean truth(String key) {
    return (Boolean) get(key);
  }

  public Told told(String key) {
    return (Told) get(key);
  }

  @SuppressWarnings("unchecked")
  public <T> List<T> list(String key) {
    return (List<T>) get(key);
  }

  Instant instant(String key) {
    return get(key) == null ? null : Instant.parse(text(key));
  }

  TemporalAccessor day(String key) {
    return get(key) == null ? null : dayOf(text(key));
  }

  CustomerId customer(String key) {
    return get(key) == null ? null : CustomerId.of(text(key));
  }

  List<PurchaseLine> lines(String key) {
    List<Told> rows = list(key);
    return rows == null ? null : rows.stream().map(PurchaseLine::of).toList();
  }

  static TemporalAccessor dayOf(String text) {
    return text.startsWith("--") ? MonthDay.parse(text) : LocalDate.parse(text);
  }
}
