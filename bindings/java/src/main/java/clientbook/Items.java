package clientbook;

import java.util.List;

/** Purchases or notes as a reader gets to see them, oldest first. */
public record Items<T>(State state, List<T> items) {
  @Override
  public String toString() {
    return "Items[" + items.size() + ", " + state + "]";
  }
}
