package clientbook;

import java.util.Map;

/** A value with members, by their names in JSON (docs/transfer.md). */
public interface Value {
  /** Those that are known. */
  Map<String, Object> members();
}
