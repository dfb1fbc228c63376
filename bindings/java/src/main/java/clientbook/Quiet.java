package clientbook;

import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A map that cannot be changed from outside and prints its keys alone; nor do its entries and collections print a value. */
class Quiet<K> extends AbstractMap<K, Object> {
  private final Map<K, Object> members = new LinkedHashMap<>();

  final void set(K key, Object value) {
    members.put(key, value);
  }

  @Override
  public final Object get(Object key) {
    return members.get(key);
  }

  @Override
  public final boolean containsKey(Object key) {
    return members.containsKey(key);
  }

  @Override
  public final Set<K> keySet() {
    return Collections.unmodifiableSet(members.keySet());
  }

  @Override
  public final Collection<Object> values() {
    return new Row<>(new ArrayList<>(members.values()));
  }

  @Override
  public final Set<Map.Entry<K, Object>> entrySet() {
    return new Entries<>(members);
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + members.keySet();
  }

  private static final class Entries<K> extends AbstractSet<Map.Entry<K, Object>> {
    private final Map<K, Object> of;

    Entries(Map<K, Object> of) {
      this.of = of;
    }

    @Override
    public Iterator<Map.Entry<K, Object>> iterator() {
      Iterator<Map.Entry<K, Object>> all = of.entrySet().iterator();
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return all.hasNext();
        }

        @Override
        public Map.Entry<K, Object> next() {
          return new One<>(all.next());
        }
      };
    }

    @Override
    public int size() {
      return of.size();
    }

    @Override
    public String toString() {
      return of.keySet().toString();
    }
  }

  private static final class One<K> extends AbstractMap.SimpleImmutableEntry<K, Object> {
    private static final long serialVersionUID = 1;

    One(Map.Entry<K, Object> of) {
      super(of);
    }

    @Override
    public String toString() {
      return String.valueOf(getKey());
    }
  }

  /** A list that cannot be changed and does not print what is in it; null in it is what JSON calls so. */
  static final class Row<T> extends AbstractList<T> {
    private final List<T> items;

    /** Takes the list over. */
    Row(List<T> items) {
      this.items = items;
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
    public List<T> subList(int from, int to) {
      return new Row<>(items.subList(from, to));
    }

    /** As every list has it from Java 21 on. */
    public List<T> reversed() {
      List<T> out = new ArrayList<>(items);
      Collections.reverse(out);
      return new Row<>(out);
    }

    @Override
    public String toString() {
      return "[" + items.size() + " items]";
    }
  }
}
