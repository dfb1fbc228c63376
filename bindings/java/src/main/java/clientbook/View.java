package clientbook;

import java.time.Instant;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Map;

/**
 * What is shown of one customer. A value is made when it is asked for; null: absent or withheld, which {@link #state} tells apart. A redacted value may be of another type than the field's, which
 * {@link #get} has and the typed ones refuse (WRONG_TYPE).
 */
public final class View implements AutoCloseable {
  private final Schema schema;
  private final Block block;

  View(Schema schema, Block block) {
    this.schema = schema;
    this.block = block;
  }

  public CustomerId customer() {
    return block.customer();
  }

  /** When it must be decided anew; null: nothing that is known ends it. */
  public Instant validUntil() {
    long seconds = block.validUntil();
    return seconds >= 253402300800L ? null : Instant.ofEpochSecond(seconds);
  }

  private int entry(String key) {
    int number = schema.find(key);
    return number < 0 ? -1 : block.field(number);
  }

  public State state(String key) {
    int entry = entry(key);
    return entry < 0 ? State.NOT_ASKED : State.of(block.state(entry));
  }

  public Reason reason(String key) {
    int entry = entry(key);
    return entry < 0 ? Reason.NONE : Reason.of(block.reason(entry));
  }

  /** How many addresses or numbers of a shown field are not there, since the customer spoke of them alone. */
  public int leftOut(String key) {
    int entry = entry(key);
    return entry >= 0 && block.state(entry) == State.SHOWN.ordinal() ? block.form(entry) : 0;
  }

  /** Of the fields that were asked for. */
  public List<String> keys() {
    return schema.all().stream().filter(one -> block.field(one.number()) >= 0).map(Field::key).toList();
  }

  /** Any field by its key, also a shop's own. */
  public Object get(String key) {
    int entry = entry(key);
    return entry < 0 ? null : block.value(entry, block.type(entry));
  }

  public <T> T get(String key, Class<T> type) {
    ClientbookException.needed(type, "a type is needed");
    Object out = get(key);
    if (out != null && !type.isInstance(out)) throw another();
    return type.cast(out);
  }

  /** The elements of a field that is a list. */
  @SuppressWarnings("unchecked")
  public <T> List<T> list(String key, Class<T> type) {
    ClientbookException.needed(type, "a type is needed");
    List<?> out = get(key, List.class);
    if (out == null) return null;
    for (Object one : out) {
      if (!type.isInstance(one)) throw another();
    }
    return (List<T>) out;
  }

  private static ClientbookException another() {
    return ClientbookException.refused(Code.WRONG_TYPE, "the field came out in another form: get() has it");
  }

  public Name name() {
    return get("name", Name.class);
  }

  public List<Email> emails() {
    return list("emails", Email.class);
  }

  public List<Phone> phones() {
    return list("phones", Phone.class);
  }

  public List<Address> addresses() {
    return list("addresses", Address.class);
  }

  public TemporalAccessor birthDate() {
    return get("birth_date", TemporalAccessor.class);
  }

  public List<SpecialDay> specialDays() {
    return list("special_days", SpecialDay.class);
  }

  public List<Size> sizes() {
    return list("sizes", Size.class);
  }

  public List<String> likes() {
    return list("likes", String.class);
  }

  public List<String> dislikes() {
    return list("dislikes", String.class);
  }

  public List<Task> tasks() {
    return list("tasks", Task.class);
  }

  public List<Contact> contacts() {
    return list("contacts", Contact.class);
  }

  public List<String> tags() {
    return list("tags", String.class);
  }

  public List<Wish> wishes() {
    return list("wishes", Wish.class);
  }

  public List<ExternalId> externalIds() {
    return list("external_ids", ExternalId.class);
  }

  /** What is shown, for whoever may have it; the map prints its keys alone. */
  public Map<String, Object> values() {
    Quiet<String> out = new Quiet<>();
    for (String key : keys()) {
      Object value = get(key);
      if (value != null) out.set(key, value);
    }
    return out;
  }

  /** The block of docs/format/flat_view.md, a copy. */
  public byte[] block() {
    return block.copy();
  }

  /** Wipes the bytes now. */
  @Override
  public void close() {
    block.wipe();
  }

  public boolean isClosed() {
    return block.closed();
  }

  @Override
  public String toString() {
    return isClosed() ? "View[closed]" : "View" + keys().stream().map(key -> key + ": " + state(key)).toList();
  }
}
