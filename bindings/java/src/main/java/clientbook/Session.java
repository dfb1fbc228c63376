package clientbook;

import static clientbook.ClientbookException.needed;
import static clientbook.Frame.size;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * A book opened by an actor. Everything that reads says for which purpose. It belongs to one thread at a time: a second one gets INVALID_STATE at once. Every call can throw ROLE_DENIED, NOT_FOUND (no
 * such customer), KEY_ERASED, INVALID_STATE and what the storage says.
 *
 * <p>Records, directives, notices and parties are maps in the forms of JSON (docs/transfer.md, docs/c_abi.md), of {@link Value}s, words, texts, numbers, {@code java.time}, lists and maps. What
 * something is kept for are {@code purposes}, of which one must permit it; none: those that the shop keeps data for.
 */
public final class Session implements AutoCloseable {
  private static final int JSON = 1;
  private static final int CBOR = 2;
  private static final int FLAT = 3;
  private static final int COMPLETE = 0;
  private static final int RENEW = 1;

  private final Book book;
  private final Context context;
  private final Context.Gate gate;
  private Schema schema;

  Session(Book book, Context.Gate gate) {
    this.book = book;
    this.context = book.context();
    this.gate = gate;
    Context of = context;
    Book.CLEANER.register(this, () -> of.close(gate));
  }

  // --- how calls are made ---------------------------------------------------------------------------

  private interface Call {
    int of(Frame f, long context, long session);
  }

  private <T> T call(Call what, Function<Frame, T> answer) {
    gate.enter();
    try (Frame f = Frame.take()) {
      context.checkNotAsked();
      f.context = context.address();
      f.session = gate.handle;
      f.check(what.of(f, f.context, f.session));
      return answer.apply(f);
    } finally {
      gate.leave();
      Reference.reachabilityFence(this);
    }
  }

  private void run(Call what) {
    call(what, f -> null);
  }

  private static byte[] purposes(Purpose... purposes) {
    if (needed(purposes, "purposes are needed, or none").length == 0) return null;
    byte[] out = new byte[purposes.length];
    for (int i = 0; i < out.length; ++i) out[i] = number(purposes[i]);
    return out;
  }

  private static byte[] ids(Collection<?> customers) {
    ByteBuffer out = ByteBuffer.allocate(16 * customers.size());
    for (Object one : customers) { // languages without Java's types may bring others
      if (!(one instanceof CustomerId id)) throw ClientbookException.refused(Code.INVALID_ARGUMENT, "a customer is needed");
      out.putLong(id.high()).putLong(id.low());
    }
    return out.array();
  }

  private static byte[] listOf(Collection<?> directives) {
    return directives == null || directives.isEmpty() ? null : Json.of(directives);
  }

  private static byte[] need(String text) {
    return Texts.utf8(text);
  }

  private static byte[] maybe(String text) {
    return text == null ? null : Texts.utf8(text);
  }

  private static byte[] need(Map<String, ?> members) {
    return Json.of(needed(members, "a map is needed"));
  }

  private static byte number(Purpose purpose) {
    return needed(purpose, "a purpose is needed").number();
  }

  /** The fields of the book. */
  public Schema schema() {
    if (schema == null) schema = new Schema(rows((f, c, s) -> f.calls.session_fields(c, s, f.out(), f.error())));
    return schema;
  }

  private Told told(Call what) {
    return call(what, Frame::told);
  }

  private List<Told> rows(Call what) {
    return call(what, Frame::rows);
  }

  private String text(Call what) {
    return call(what, Frame::text);
  }

  private long request(Frame f, Purpose purpose, int recipient, Request of, boolean used) {
    Frame.Struct out = f.struct(Structs.REQUEST_SIZE).put(Structs.REQUEST_FIELDS, schema().mask(of.fields())).put(Structs.REQUEST_PURPOSE, number(purpose))
        .put(Structs.REQUEST_RECIPIENT, (byte) recipient);
    if (used) {
      Operation operation = of.operation() == null ? Operation.USE : of.operation();
      out.put(Structs.REQUEST_OPERATION, operation.number()).put(Structs.REQUEST_HAS_OPERATION, (byte) 1);
    }
    if (of.country() != null) {
      byte[] letters = Texts.utf8(of.country());
      if (letters.length != 2) throw ClientbookException.refused(Code.INVALID_ARGUMENT, "a country has two letters");
      out.put(Structs.REQUEST_COUNTRY, letters[0]).put(Structs.REQUEST_COUNTRY + 1, letters[1]);
    }
    return out.address();
  }

  /** The number of a party of the book, or of a class. */
  private int recipient(String to) {
    if (to == null) return Recipient.SELF.number();
    for (Told party : recipients()) {
      if (to.equals(party.text("name"))) return party.integer("number").intValue();
    }
    for (Recipient one : Recipient.values()) {
      if (one.word().equals(to)) return one.number();
    }
    throw ClientbookException.refused(Code.UNKNOWN_FIELD, "neither a party of the book nor a class of recipients");
  }

  // --- transactions -----------------------------------------------------------------------------------

  /** All calls within are one: an exception undoes them. In a virtual thread, which may go on in another thread of the operating system, INVALID_STATE. */
  public <T> T transaction(Function<Session, T> work) {
    needed(work, "a transaction needs a function");
    if (Threads.isVirtual()) throw ClientbookException.refused(Code.INVALID_STATE, "a transaction stays with its thread: it needs a platform thread");
    Thread before = gate.transaction;
    run((f, c, s) -> {
      int status = f.calls.session_begin_transaction(c, s, f.error());
      gate.transaction = status == 0 ? Thread.currentThread() : before;
      return status;
    });
    T out;
    try {
      out = work.apply(this);
    } catch (Throwable problem) {
      gate.transaction = null;
      if (!gate.isShut()) undo();
      throw problem;
    }
    gate.transaction = null;
    run((f, c, s) -> f.calls.session_commit(c, s, f.error()));
    return out;
  }

  private void undo() {
    try {
      run((f, c, s) -> f.calls.session_rollback(c, s, f.error()));
    } catch (ClientbookException undone) {
      // It is undone already: the first problem is what the caller has to know.
    }
  }

  // --- keeping ----------------------------------------------------------------------------------------

  /** What the shop keeps data for where a call names no purpose. */
  public List<Purpose> purposes() {
    byte[] numbers = call((f, c, s) -> f.calls.session_purposes(c, s, f.out(), f.error()), Frame::bytes);
    List<Purpose> out = new ArrayList<>();
    for (byte number : numbers) {
      for (Purpose one : Purpose.values()) {
        if (one.number() == number) out.add(one);
      }
    }
    return out;
  }

  /** Adds a customer. Throws NO_BASIS (at: the field), ALREADY_EXISTS (an external id of another customer). */
  public CustomerId put(Map<String, ?> record, Purpose... purposes) {
    return put(record, List.of(), purposes);
  }

  /** The same, with what the customer has just decided. */
  public CustomerId put(Map<String, ?> record, Collection<? extends Map<String, ?>> directives, Purpose... purposes) {
    return put(JSON, need(record), directives, false, purposes).customer();
  }

  /** The same, and fields without a basis are left out and named, instead of refusing the record. */
  public Kept putWhatMayBeKept(Map<String, ?> record, Collection<? extends Map<String, ?>> directives, Purpose... purposes) {
    return put(JSON, need(record), directives, true, purposes);
  }

  /** A record as CBOR: docs/format/record.md. */
  public CustomerId putCbor(byte[] record, Collection<? extends Map<String, ?>> directives, Purpose... purposes) {
    return put(CBOR, record, directives, false, purposes).customer();
  }

  private Kept put(int form, byte[] content, Collection<?> directives, boolean leaveOut, Purpose... purposes) {
    byte[] why = purposes(purposes);
    byte[] said = listOf(directives);
    Schema fields = schema();
    return call((f, c, s) -> f.calls.session_put(c, s, form, f.data(content), size(content), f.data(why), size(why), f.data(said), size(said),
        leaveOut ? f.number() : 0, f.idOut(), f.error()), f -> new Kept(f.customerOut(), leaveOut ? fields.keys(f.numberOut()) : List.of()));
  }

  /** What a file says of a customer whom the book has: what it lacks is added, what it has stays. Keys of fields, and counts of directives. */
  public Told merge(CustomerId customer, Map<String, ?> record, Collection<? extends Map<String, ?>> directives, Purpose... purposes) {
    return merge(customer, record, directives, COMPLETE, purposes);
  }

  /** The same, and what a file brought is replaced; no consent is widened. */
  public Told renew(CustomerId customer, Map<String, ?> record, Collection<? extends Map<String, ?>> directives, Purpose... purposes) {
    return merge(customer, record, directives, RENEW, purposes);
  }

  private Told merge(CustomerId customer, Map<String, ?> record, Collection<?> directives, int rule, Purpose... purposes) {
    byte[] content = need(record);
    byte[] why = purposes(purposes);
    byte[] said = listOf(directives);
    return told((f, c, s) -> f.calls.session_merge(c, s, f.id(customer), JSON, f.data(content), size(content), f.data(why), size(why), f.data(said), size(said), rule, f.out(), f.error()));
  }

  /** Code of the decision by which a field would not be kept now; 0: it would. */
  public int whyNotKept(CustomerId customer, String field, Purpose... purposes) {
    byte[] why = purposes(purposes);
    byte number = (byte) schema().number(field);
    return call((f, c, s) -> f.calls.session_why_not_kept(c, s, f.id(customer), number, f.data(why), size(why), f.number(), f.error()), Frame::smallOut);
  }

  public Told keptFor(CustomerId customer) {
    return told((f, c, s) -> f.calls.session_kept_for(c, s, f.id(customer), f.out(), f.error()));
  }

  public List<Told> due() {
    return rows((f, c, s) -> f.calls.session_due(c, s, f.out(), f.error()));
  }

  /** Keys of the fields that put() would keep of somebody born then; null: nobody has said when. */
  public List<String> mayCollect(LocalDate born, Collection<? extends Map<String, ?>> directives, Purpose... purposes) {
    byte[] why = purposes(purposes);
    byte[] said = listOf(directives);
    int day = born == null ? 0 : born.getYear() * 10000 + born.getMonthValue() * 100 + born.getDayOfMonth();
    long mask = call((f, c, s) -> f.calls.session_may_collect_born(c, s, day, f.data(why), size(why), f.data(said), size(said), f.number(), f.error()), Frame::numberOut);
    return schema().keys(mask);
  }

  /** Somebody said when the customer was born, and the record does not get it: the latest counts for what a consent is worth. */
  public void noteBirthDate(CustomerId customer, LocalDate told) {
    needed(told, "say which day");
    int day = told.getYear() * 10000 + told.getMonthValue() * 100 + told.getDayOfMonth();
    run((f, c, s) -> f.calls.session_note_birth_date(c, s, f.id(customer), day, f.error()));
  }

  /** Replaces these fields, keeps all others. */
  public void update(CustomerId customer, Map<String, ?> record, Purpose... purposes) {
    byte[] content = need(record);
    byte[] why = purposes(purposes);
    run((f, c, s) -> f.calls.session_update(c, s, f.id(customer), JSON, f.data(content), content.length, f.data(why), size(why), f.error()));
  }

  /** {@code add}, {@code drop}, {@code change}, {@code set}, {@code remove}, {@code make_room}, docs/c_abi.md; keys of what changed. */
  public List<String> edit(CustomerId customer, Map<String, ?> edit, Purpose... purposes) {
    byte[] content = need(edit);
    byte[] why = purposes(purposes);
    long changed = call((f, c, s) -> f.calls.session_edit(c, s, f.id(customer), f.data(content), content.length, f.data(why), size(why), f.number(), f.error()), Frame::numberOut);
    return schema().keys(changed);
  }

  public void remove(CustomerId customer, String field, Purpose... purposes) {
    byte[] why = purposes(purposes);
    byte number = (byte) schema().number(field);
    run((f, c, s) -> f.calls.session_remove(c, s, f.id(customer), number, f.data(why), size(why), f.error()));
  }

  /** A note warns whoever serves the customer, or no longer; {@code place} is its place in all of {@code notes()}, from 1. */
  public void pinNote(CustomerId customer, int place, boolean pinned, Purpose... purposes) {
    byte[] why = purposes(purposes);
    run((f, c, s) -> f.calls.session_pin_note(c, s, f.id(customer), place, (byte) (pinned ? 1 : 0), f.data(why), size(why), f.error()));
  }

  /** Appends a receipt; its number, from 1. */
  public int appendPurchase(CustomerId customer, Purchase purchase, Purpose... purposes) {
    return appendPurchase(customer, needed(purchase, "a purchase is needed").members(), purposes);
  }

  public int appendPurchase(CustomerId customer, Map<String, ?> purchase, Purpose... purposes) {
    byte[] content = need(purchase);
    byte[] why = purposes(purposes);
    return call((f, c, s) -> f.calls.session_append_purchase(c, s, f.id(customer), JSON, f.data(content), content.length, f.data(why), size(why), f.number(), f.error()), Frame::smallOut);
  }

  /** Appends a note; its number, from 1. A card or identity number in it is refused. */
  public int appendNote(CustomerId customer, Note note, Purpose... purposes) {
    return appendNote(customer, needed(note, "a note is needed").members(), NumberInNote.REFUSED, NumberInNote.REFUSED, purposes);
  }

  public int appendNote(CustomerId customer, Map<String, ?> note, NumberInNote cards, NumberInNote identityNumbers, Purpose... purposes) {
    byte[] content = need(note);
    needed(cards, "say what becomes of card numbers");
    needed(identityNumbers, "say what becomes of identity numbers");
    byte[] why = purposes(purposes);
    return call((f, c, s) -> f.calls.session_append_note(c, s, f.id(customer), JSON, f.data(content), content.length, f.data(why), size(why),
        f.struct(Structs.NOTE_POLICY_SIZE).put(Structs.NOTE_POLICY_CARDS, cards.ordinal()).put(Structs.NOTE_POLICY_IDENTITY_NUMBERS, identityNumbers.ordinal()).address(),
        f.number(), f.error()), Frame::smallOut);
  }

  // --- reading ----------------------------------------------------------------------------------------

  /** What the purpose shows of a customer, all fields. */
  public View read(CustomerId customer, Purpose purpose) {
    return read(customer, purpose, null);
  }

  public View read(CustomerId customer, Purpose purpose, Collection<String> fields) {
    Schema known = schema();
    long mask = known.mask(fields);
    byte why = number(purpose);
    gate.enter();
    try (Frame f = Frame.take()) {
      context.checkNotAsked();
      f.context = context.address();
      f.session = gate.handle;
      int status = f.calls.session_read(f.context, f.session, f.id(customer), why, mask, FLAT, f.out(), f.error());
      if (status != 0) throw f.refused(status);
      return viewOf(known, f.bytes());
    } finally {
      gate.leave();
      Reference.reachabilityFence(this);
    }
  }

  private static View viewOf(Schema schema, byte[] bytes) {
    return new View(schema, new Block(bytes, 0, bytes.length));
  }

  /** As another recipient would be shown it; nothing leaves and nothing is logged. */
  public View preview(CustomerId customer, Purpose purpose, Request request) {
    int to = recipient(needed(request, "a request is needed").to());
    Schema known = schema();
    return viewOf(known, call((f, c, s) -> f.calls.session_preview(c, s, f.id(customer), request(f, purpose, to, request, true), FLAT, f.out(), f.error()), Frame::bytes));
  }

  /** The newest {@code most} receipts (0: all), oldest first. */
  public Items<Purchase> purchases(CustomerId customer, Purpose purpose, long most) {
    return items(told((f, c, s) -> f.calls.session_purchases(c, s, f.id(customer), number(purpose), notNegative(most), f.out(), f.error())), Purchase::of);
  }

  /** What the purchases that the purpose shows add up to; amounts in minor units. Throws DENIED where they are not shown as they are. */
  public Told figuresOf(CustomerId customer, Purpose purpose) {
    return told((f, c, s) -> f.calls.session_figures_of(c, s, f.id(customer), number(purpose), f.out(), f.error()));
  }

  /** Without what names these customers too: a copy for the customer themselves. */
  public Items<Note> notesWithout(CustomerId customer, Purpose purpose, Collection<CustomerId> hidden, long most) {
    byte[] ids = ids(needed(hidden, "customers are needed, or an empty list"));
    return items(told((f, c, s) -> f.calls.session_notes_without(c, s, f.id(customer), number(purpose), f.data(ids), ids.length, notNegative(most), f.out(), f.error())), Note::of);
  }

  /** Countries of the shop whose phone and identity numbers are looked for in texts of this session. */
  public void setTextRegions(Collection<String> regions) {
    byte[] said = need(String.join(",", needed(regions, "regions are needed, or an empty list")));
    run((f, c, s) -> f.calls.session_set_text_regions(c, s, f.data(said), said.length, f.error()));
  }

  /** The pinned ones of the notes: what warns at the till. */
  public Items<Note> pinnedNotes(CustomerId customer, Purpose purpose) {
    return items(told((f, c, s) -> f.calls.session_pinned_notes(c, s, f.id(customer), number(purpose), f.out(), f.error())), Note::of);
  }

  /** Those that the actor sees: of a note that is not for all its author, or who belongs to its store. */
  public Items<Note> notes(CustomerId customer, Purpose purpose, long most) {
    return items(told((f, c, s) -> f.calls.session_notes(c, s, f.id(customer), number(purpose), notNegative(most), f.out(), f.error())), Note::of);
  }

  private static <T> Items<T> items(Told told, Function<Told, T> of) {
    List<Told> rows = told.list("value");
    return new Items<>(State.of(told.text("state")), rows == null ? List.of() : rows.stream().map(of).toList());
  }

  private static long seconds(Instant of) {
    return needed(of, "an instant is needed").getEpochSecond();
  }

  private static long notNegative(long number) {
    if (number < 0) throw ClientbookException.refused(Code.INVALID_ARGUMENT, "a number that is negative");
    return number;
  }

  /** Every customer, as the purpose shows them: whoever is in the book now and is not erased before their turn. Close it. */
  public Walk scan(Purpose purpose, Collection<String> fields) {
    long mask = schema().mask(fields);
    long cursor = call((f, c, s) -> f.calls.session_scan(c, s, number(purpose), mask, f.number(), f.error()), Frame::numberOut);
    return new Walk(cursor);
  }

  /** A walk over customers; it is closed when it has come to its end, or before. */
  public final class Walk implements Iterator<View>, AutoCloseable {
    private static final int BATCH = 256;

    private long cursor;
    private byte[] block;
    private int count;
    private int next;

    private Walk(long cursor) {
      this.cursor = cursor;
    }

    @Override
    public boolean hasNext() {
      if (next == count && cursor != 0) fetch();
      return next < count;
    }

    private void fetch() {
      long of = cursor;
      block = call((f, c, s) -> {
        int status = f.calls.cursor_next(c, of, BATCH, f.out(), f.secondNumber(), f.error());
        count = status == 0 ? f.secondSmallOut() : 0;
        return status;
      }, Frame::bytes);
      next = 0;
      if (count == 0) close();
    }

    private int place(int i) {
      return java.nio.ByteBuffer.wrap(block).order(java.nio.ByteOrder.LITTLE_ENDIAN).getInt(4 + 4 * i);
    }

    @Override
    public View next() {
      if (!hasNext()) throw new NoSuchElementException();
      int begin = place(next);
      return new View(schema(), new Block(block, begin, place(++next) - begin));
    }

    @Override
    public void close() {
      if (cursor == 0) return;
      long of = cursor;
      cursor = 0;
      if (!isClosed()) run((f, c, s) -> f.calls.close(c, of, f.error()));
    }
  }

  /** The customer with that external id. */
  public CustomerId find(String system, String value) {
    byte[] of = need(system);
    byte[] content = need(value);
    return call((f, c, s) -> f.calls.session_find(c, s, f.data(of), of.length, f.data(content), content.length, f.idOut(), f.error()), Frame::customerOut);
  }

  /** Whoever answers to what somebody typed, at most {@code most}; {@code fields} of each, null: the usual ones. */
  public Told search(String typed, Purpose purpose, int most, Collection<String> fields) {
    byte[] content = need(typed);
    long mask = schema().mask(fields);
    return told((f, c, s) -> f.calls.session_search(c, s, f.data(content), content.length, number(purpose),
        f.struct(Structs.SEARCH_OPTIONS_SIZE).put(Structs.SEARCH_OPTIONS_MOST, most).put(Structs.SEARCH_OPTIONS_FIELDS, mask).address(), f.out(), f.error()));
  }

  public List<CustomerId> findByEmail(String address, Purpose purpose) {
    return findExactly("emails", null, address, purpose);
  }

  public List<CustomerId> findByPhone(String number, Purpose purpose) {
    return findExactly("phones", null, number, purpose);
  }

  public List<CustomerId> findById(String system, String value, Purpose purpose) {
    return findExactly("external_ids", need(system), value, purpose);
  }

  private List<CustomerId> findExactly(String field, byte[] system, String value, Purpose purpose) {
    byte[] content = need(value);
    byte number = (byte) schema().number(field);
    byte[] ids = call((f, c, s) -> f.calls.session_find_exactly(c, s, number, f.data(system), size(system), f.data(content), content.length, number(purpose), f.out(), f.error()), Frame::bytes);
    List<CustomerId> out = new ArrayList<>();
    for (int at = 0; at < ids.length; at += 16) out.add(CustomerId.of(ids, at));
    return out;
  }

  /** Of whom all of this holds: docs/c_abi.md. */
  public Told listCustomers(Purpose purpose, Map<String, ?> asked, Collection<String> fields) {
    byte[] content = need(asked);
    long mask = schema().mask(fields);
    return told((f, c, s) -> f.calls.session_list_customers(c, s, f.data(content), content.length, number(purpose), mask, f.out(), f.error()));
  }

  /** Who may be in the book twice: {@code of} ids, {@code most}; an empty map: all pairs. docs/duplicates.md. */
  public Told duplicates(Purpose purpose, Map<String, ?> asked) {
    byte[] content = need(asked);
    return told((f, c, s) -> f.calls.session_duplicates(c, s, f.data(content), content.length, number(purpose), f.out(), f.error()));
  }

  /** These two are two people, and are told of no more. */
  public void noteNotSame(CustomerId one, CustomerId other) {
    byte[] second = needed(other, "a customer is needed").bytes();
    run((f, c, s) -> f.calls.session_note_not_same(c, s, f.id(one), f.data(second), f.error()));
  }

  public void forgetNotSame(CustomerId one, CustomerId other) {
    byte[] second = needed(other, "a customer is needed").bytes();
    run((f, c, s) -> f.calls.session_forget_not_same(c, s, f.id(one), f.data(second), f.error()));
  }

  /** Makes two customers one, or tells what would become of each field: {@code take} fields, {@code only_tell}. docs/duplicates.md. */
  public Told mergeCustomers(CustomerId stays, CustomerId goes, Map<String, ?> asked) {
    byte[] content = need(asked);
    byte[] second = needed(goes, "a customer is needed").bytes();
    return told((f, c, s) -> f.calls.session_merge_customers(c, s, f.id(stays), f.data(second), f.data(content), content.length, f.out(), f.error()));
  }

  /** Two again, by the id that the part had: within 30 days. */
  public Told unmerge(CustomerId part) {
    return told((f, c, s) -> f.calls.session_unmerge(c, s, f.id(part), f.out(), f.error()));
  }

  /** Whose id that is now, and who is a part of them. */
  public Told parts(CustomerId customer) {
    return told((f, c, s) -> f.calls.session_parts(c, s, f.id(customer), f.out(), f.error()));
  }

  /** How many customers may be reached: the field is permitted for that request. */
  public long countPermitted(Purpose purpose, String field, Request request) {
    int to = recipient(needed(request, "a request is needed").to());
    byte number = (byte) schema().number(field);
    return call((f, c, s) -> f.calls.session_count_permitted(c, s, request(f, purpose, to, request, true), number, f.number(), f.error()), Frame::numberOut);
  }

  // --- the customer decides -----------------------------------------------------------------------------

  /** Appends what the customer has decided; its number, from 1. */
  public int record(CustomerId customer, Map<String, ?> directive) {
    byte[] content = need(directive);
    return call((f, c, s) -> f.calls.session_record(c, s, f.id(customer), f.data(content), content.length, f.number(), f.error()), Frame::smallOut);
  }

  /**
   * What a customer said, in a form that others read: {@code format} (27560, receipt, kantara, gpp), {@code directive}, {@code controller}, {@code address}, {@code contact}, {@code notice_url}, ...: its
   * {@code text}, and of a receipt the {@code key} that checks it.
   */
  public Told exportConsent(CustomerId customer, Map<String, ?> how) {
    byte[] content = need(how);
    return told((f, c, s) -> f.calls.session_export_consent(c, s, f.id(customer), f.data(content), content.length, f.out(), f.error()));
  }

  /** The same, and what it opened and closed. */
  public Told recordAndTell(CustomerId customer, Map<String, ?> directive) {
    byte[] content = need(directive);
    return told((f, c, s) -> f.calls.session_record_and_tell(c, s, f.id(customer), f.data(content), content.length, f.out(), f.error()));
  }

  /** What of a customer's yes waits, since nobody but who noted it has said so: oldest first. */
  public List<Told> waiting(CustomerId customer) {
    return rows((f, c, s) -> f.calls.session_waiting(c, s, f.id(customer), f.out(), f.error()));
  }

  /** A second person has the document that shows it: the consent counts from now on. */
  public Told confirmConsent(CustomerId customer, int sequence, byte[] document, String reference) {
    needed(document, "a document is needed");
    byte[] where = maybe(reference);
    return told((f, c, s) -> f.calls.session_confirm_consent(c, s, f.id(customer), sequence, f.data(document), document.length, f.data(where), size(where), f.out(), f.error()));
  }

  /**
   * Somebody has a document before them that shows how old the customer is: noted, for a second person; its number.
   * "document", and "born" or "at_least"; perhaps "reference", "hash".
   */
  public int noteAgeProof(CustomerId customer, Map<String, ?> seen) {
    byte[] content = need(seen);
    return call((f, c, s) -> f.calls.session_note_age_proof(c, s, f.id(customer), f.data(content), content.length, f.number(), f.error()), Frame::smallOut);
  }

  /** Another person has it before them, and says what they see: counts for what is agreed to from then on. */
  public Told confirmAgeProof(CustomerId customer, int sequence, Map<String, ?> seen) {
    byte[] content = need(seen);
    return told((f, c, s) -> f.calls.session_confirm_age_proof(c, s, f.id(customer), sequence, f.data(content), content.length, f.out(), f.error()));
  }

  /** Proofs of age that wait for a second person, oldest first; without the day. */
  public List<Told> ageProofs(CustomerId customer) {
    return rows((f, c, s) -> f.calls.session_age_proofs(c, s, f.id(customer), f.out(), f.error()));
  }

  /** Double opt-in: "token", to be sent to the customer, and "until". Who has it speaks for them. */
  public Told askOptIn(CustomerId customer, int sequence) {
    return told((f, c, s) -> f.calls.session_ask_opt_in(c, s, f.id(customer), sequence, f.out(), f.error()));
  }

  /** The customer has brought it back: the consent counts from now on; its number. */
  public int bringOptIn(String token) {
    byte[] content = need(token);
    return call((f, c, s) -> f.calls.session_bring_opt_in(c, s, f.data(content), content.length, f.number(), f.error()), Frame::smallOut);
  }

  /** The same where a signal speaks of children of that age; 0: the customer is not known to be one. */
  public int recordAtAge(CustomerId customer, Map<String, ?> directive, int from, int below) {
    byte[] content = need(directive);
    return call((f, c, s) -> f.calls.session_record_at_age(c, s, f.id(customer), f.data(content), content.length, from, below, f.number(), f.error()), Frame::smallOut);
  }

  /** A plain no of whoever has this external id, whom find() does not lead to: nothing says whether there is such a customer. */
  public void recordNo(String system, String value, Map<String, ?> no) {
    byte[] whose = need(system);
    byte[] which = need(value);
    byte[] content = need(no);
    run((f, c, s) -> f.calls.session_record_no(c, s, f.data(whose), whose.length, f.data(which), which.length, f.data(content), content.length, f.error()));
  }

  /** The same of everybody who has one of the record's ids, e-mail addresses or phone numbers. */
  public void recordNoOf(Map<String, ?> record, Map<String, ?> no) {
    byte[] who = need(record);
    byte[] content = need(no);
    run((f, c, s) -> f.calls.session_record_no_of(c, s, JSON, f.data(who), who.length, f.data(content), content.length, f.error()));
  }

  /** Where a customer lives, in a book of several law profiles. */
  public int move(CustomerId customer, String law, KnownBy how, String evidence) {
    byte[] name = need(law);
    needed(how, "say how it is known");
    byte[] why = maybe(evidence);
    return call((f, c, s) -> f.calls.session_move(c, s, f.id(customer), f.data(name), name.length, how.number(), f.data(why), size(why), f.number(), f.error()), Frame::smallOut);
  }

  public Told jurisdiction(CustomerId customer) {
    return told((f, c, s) -> f.calls.session_jurisdiction(c, s, f.id(customer), f.out(), f.error()));
  }

  /** The same as importConsents() of what signals of whoever has this external id say no to. */
  public Told importNoes(String system, String value, Map<String, ?> said) {
    byte[] whose = need(system);
    byte[] which = need(value);
    byte[] content = need(said);
    return told((f, c, s) -> f.calls.session_import_noes(c, s, f.data(whose), whose.length, f.data(which), which.length, f.data(content), content.length, f.out(), f.error()));
  }

  public Told importConsents(CustomerId customer, Map<String, ?> said) {
    byte[] content = need(said);
    return told((f, c, s) -> f.calls.session_import_consents(c, s, f.id(customer), f.data(content), content.length, f.out(), f.error()));
  }

  public Told importCustomers(Map<String, ?> request) {
    byte[] content = need(request);
    return told((f, c, s) -> f.calls.session_import_customers(c, s, f.data(content), content.length, f.out(), f.error()));
  }

  public List<Told> directives(CustomerId customer) {
    return rows((f, c, s) -> f.calls.session_directives(c, s, f.id(customer), f.out(), f.error()));
  }

  /** Why a field is shown or not, in a sentence or two: en, de, fr, es, it. */
  public String explain(CustomerId customer, Purpose purpose, String field, Request request, String language) {
    int to = recipient(needed(request, "a request is needed").to());
    byte number = (byte) schema().number(field);
    byte[] tag = maybe(language);
    return text((f, c, s) -> f.calls.session_explain(c, s, f.id(customer), request(f, purpose, to, request, true), number, f.data(tag), size(tag), f.out(), f.error()));
  }

  /** The same of one e-mail address, phone number or address of that field. Counts as a look-up. */
  public String explainContact(CustomerId customer, Purpose purpose, String field, String contact, Request request, String language) {
    int to = recipient(needed(request, "a request is needed").to());
    byte number = (byte) schema().number(field);
    byte[] value = need(contact);
    byte[] tag = maybe(language);
    return text((f, c, s) -> f.calls.session_explain_contact(c, s, f.id(customer), request(f, purpose, to, request, true), number, f.data(value), value.length, f.data(tag), size(tag), f.out(), f.error()));
  }

  /** What a consent of this customer would open. */
  public Told previewGrant(CustomerId customer, Map<String, ?> grant) {
    byte[] content = need(grant);
    return told((f, c, s) -> f.calls.session_preview_grant(c, s, f.id(customer), f.data(content), content.length, f.out(), f.error()));
  }

  public Told previewNotice(Map<String, ?> notice) {
    byte[] content = need(notice);
    return told((f, c, s) -> f.calls.session_preview_notice(c, s, f.data(content), content.length, f.out(), f.error()));
  }

  /** Adds a notice, or the next version of one; as it is stored. */
  public Told addNotice(Map<String, ?> notice) {
    byte[] content = need(notice);
    return told((f, c, s) -> f.calls.session_add_notice_and_tell(c, s, f.data(content), content.length, f.out(), f.error()));
  }

  /** What was agreed to under it so far counts no more; the version that says so. */
  public Told withdrawNotice(int notice) {
    return told((f, c, s) -> f.calls.session_withdraw_notice(c, s, notice, f.out(), f.error()));
  }

  /** How many customers' consents rest on it, which a withdrawal would end: "customers", null of some that are fewer than 5. */
  public Told consentsUnder(int notice) {
    return told((f, c, s) -> f.calls.session_consents_under(c, s, notice, f.out(), f.error()));
  }

  public List<Told> notices() {
    return rows((f, c, s) -> f.calls.session_notices(c, s, f.out(), f.error()));
  }

  /** Adds a party; its number. */
  public int addRecipient(Map<String, ?> party) {
    byte[] content = need(party);
    return call((f, c, s) -> f.calls.session_add_recipient(c, s, f.data(content), content.length, f.number(), f.error()), Frame::byteOut);
  }

  public void editRecipient(int number, Map<String, ?> party) {
    byte[] content = need(party);
    run((f, c, s) -> f.calls.session_edit_recipient(c, s, small(number), f.data(content), content.length, f.error()));
  }

  /** {@code contact} and {@code acknowledgement_key}, in place of what was known. */
  public void setRecipientContact(int number, Map<String, ?> what) {
    byte[] content = need(what);
    run((f, c, s) -> f.calls.session_set_recipient_contact(c, s, small(number), f.data(content), content.length, f.error()));
  }

  public void retireRecipient(int number) {
    run((f, c, s) -> f.calls.session_retire_recipient(c, s, small(number), f.error()));
  }

  private static byte small(int number) {
    if (number < 0 || number > 255) throw ClientbookException.refused(Code.INVALID_ARGUMENT, "no number of a party");
    return (byte) number;
  }

  public List<Told> recipients() {
    return rows((f, c, s) -> f.calls.session_recipients(c, s, f.out(), f.error()));
  }

  /** Brings in the built-in fields that this version has and the book does not: their keys. Throws ALREADY_EXISTS (`at`: one whose key a field of the shop's own has). */
  public List<String> addBuiltInFields() {
    long added = call((f, c, s) -> f.calls.session_add_built_in_fields(c, s, f.number(), f.error()), Frame::numberOut);
    schema = null;
    return schema().keys(added);
  }

  /** Builds the index at rest; the customer numbers to go: call it from the background until that is 0. */
  public long buildIndex(int most) {
    return call((f, c, s) -> f.calls.session_build_index(c, s, most, f.number(), f.error()), Frame::numberOut);
  }

  /** Takes the index at rest out of the book. */
  public void dropIndex() {
    run((f, c, s) -> f.calls.session_drop_index(c, s, f.error()));
  }

  /** What lies at rest, and what each way to search tells who has the files or watches them. */
  public Told indexPlan() {
    return told((f, c, s) -> f.calls.session_index_plan(c, s, f.out(), f.error()));
  }

  /** The customers to go: call it from the background until that is 0. */
  public long compileConsents(int most) {
    return call((f, c, s) -> f.calls.session_compile_consents(c, s, most, f.number(), f.error()), Frame::numberOut);
  }

  // --- passing on and its evidence ------------------------------------------------------------------------

  /** Writes the ledger, then gives what left. Fields of the request: all of these or nothing. Throws DENIED. */
  public Disclosure disclose(CustomerId customer, Purpose purpose, Request request) {
    int to = recipient(needed(request, "a request is needed").to());
    Schema known = schema();
    return call((f, c, s) -> f.calls.session_disclose(c, s, f.id(customer), request(f, purpose, to, request, false), FLAT, f.out(), f.number(), f.idOut(), f.error()),
        f -> new Disclosure(viewOf(known, f.bytes()), f.numberOut(), f.customerOut()));
  }

  /** Of many at once what the purpose permits, purchases and notes too, in one commit: at most 1,000, and in their order. */
  public List<Told> discloseMany(Collection<CustomerId> customers, Purpose purpose, Request request) {
    int to = recipient(needed(request, "a request is needed").to());
    byte[] all = ids(needed(customers, "customers are needed"));
    return rows((f, c, s) -> f.calls.session_disclose_many(c, s, f.data(all), size(all), request(f, purpose, to, request, false), f.out(), f.error()));
  }

  public void notDelivered(CustomerId customer, long ledgerIndex) {
    run((f, c, s) -> f.calls.session_not_delivered(c, s, f.id(customer), ledgerIndex, f.error()));
  }

  /** Passes on what of everybody a purpose permits, the ledger first: {@code purpose}, {@code to}, {@code form}, {@code fields}, {@code country}. */
  public Told exportCustomers(Map<String, ?> request, Sink sink) {
    byte[] content = need(request);
    needed(sink, "a sink is needed");
    Borrowed borrowed = new Borrowed();
    Machine.Upcall write = Library.machine().write((context, file, fileSize, bytes, size) -> borrowed.number(() -> {
      byte[] name = new byte[(int) fileSize];
      byte[] out = new byte[(int) size];
      Library.machine().copy(file, name);
      Library.machine().copy(bytes, out);
      return Math.max(0, Math.min(out.length, sink.write(Texts.of(name), out)));
    }));
    Machine.Upcall finish = Library.machine().finish(context -> (int) borrowed.number(() -> sink.finish() ? 1 : 0));
    Told out = call((f, c, s) -> borrowed.status(f.calls.session_export_customers(c, s, f.data(content), content.length,
        f.struct(Structs.SINK_SIZE).put(Structs.SINK_WRITE, write.address()).put(Structs.SINK_FINISH, finish.address()).address(), f.out(), f.error())), Frame::told);
    Reference.reachabilityFence(write);
    Reference.reachabilityFence(finish);
    borrowed.raise();
    return out;
  }

  public List<Told> ledger(CustomerId customer) {
    return rows((f, c, s) -> f.calls.session_ledger(c, s, f.id(customer), f.out(), f.error()));
  }

  public String prove(long index) {
    return text((f, c, s) -> f.calls.session_prove(c, s, index, f.out(), f.error()));
  }

  public String checkpoint() {
    return text((f, c, s) -> f.calls.session_checkpoint(c, s, f.out(), f.error()));
  }

  public String logIdentity() {
    return text((f, c, s) -> f.calls.session_log_identity(c, s, f.out(), f.error()));
  }

  /** The state of a request as the Data Rights Protocol has it: {@code request_id}, {@code agent_request_id}. */
  public Told drpStatus(int number, Map<String, ?> how) {
    byte[] said = need(how);
    return told((f, c, s) -> f.calls.session_drp_status(c, s, number, f.data(said), said.length, f.out(), f.error()));
  }

  /** A signed rqJWT for a recipient on the list of a request of erasure: {@code domain}, {@code recipient}, {@code identifier}. */
  public String deletionRequest(int number, Map<String, ?> what) {
    byte[] said = need(what);
    return text((f, c, s) -> f.calls.session_deletion_request(c, s, number, f.data(said), said.length, f.out(), f.error()));
  }

  /** dsrdelete.json, with the key that signs these: {@code endpoint}. */
  public Told deletionResource(Map<String, ?> what) {
    byte[] said = need(what);
    return told((f, c, s) -> f.calls.session_deletion_resource(c, s, f.data(said), said.length, f.out(), f.error()));
  }

  /** A Bundle of FHIR AuditEvents (R4). */
  public Told ledgerFhir(CustomerId customer) {
    return told((f, c, s) -> f.calls.session_ledger_fhir(c, s, f.id(customer), f.out(), f.error()));
  }

  /** A file of the ledger as a log that others read (C2SP tlog-tiles): {@code checkpoint}, {@code tile/0/000.p/17}. */
  public byte[] ledgerFile(String path) {
    byte[] content = Texts.utf8(path);
    return call((f, c, s) -> f.calls.session_ledger_file(c, s, f.data(content), content.length, f.out(), f.error()), Frame::bytes);
  }

  /** How many entries the ledger had at a checkpoint that somebody kept, and that it goes on from there. */
  public long goesOnFrom(String checkpoint) {
    byte[] content = Texts.utf8(checkpoint);
    return call((f, c, s) -> f.calls.session_goes_on_from(c, s, f.data(content), content.length, f.number(), f.error()), Frame::numberOut);
  }

  /** Witnesses of the ledger, and what each has seen and cosigned last. */
  public List<Told> witnesses() {
    return rows((f, c, s) -> f.calls.session_witnesses(c, s, f.out(), f.error()));
  }

  /** A witness, by its key {@code <name>+<id>+<key>}. */
  public void addWitness(String key) {
    byte[] content = Texts.utf8(key);
    run((f, c, s) -> f.calls.session_add_witness(c, s, f.data(content), content.length, f.error()));
  }

  /** With what it has cosigned. */
  public void removeWitness(String name) {
    byte[] content = Texts.utf8(name);
    run((f, c, s) -> f.calls.session_remove_witness(c, s, f.data(content), content.length, f.error()));
  }

  /** What a witness is asked: post it to {@code <its address>/add-checkpoint}. */
  public String witnessRequest(String name) {
    byte[] content = Texts.utf8(name);
    return text((f, c, s) -> f.calls.session_witness_request(c, s, f.data(content), content.length, f.out(), f.error()));
  }

  /** What it has answered: {@code request}, {@code status}, {@code answer}; {@code cosigned} false: ask it again. */
  public Told takeWitnessAnswer(String name, Map<String, ?> answer) {
    byte[] content = Texts.utf8(name);
    byte[] said = need(answer);
    return told((f, c, s) -> f.calls.session_take_witness_answer(c, s, f.data(content), content.length, f.data(said), said.length, f.out(), f.error()));
  }

  /** Seals the ledger up to now with this epoch's key, which is destroyed, and begins the next one: {@code epoch}, {@code from}, {@code key}, which is to be written down outside the book. */
  public Told endEpoch() {
    return told((f, c, s) -> f.calls.session_end_epoch(c, s, f.out(), f.error()));
  }

  /** All seals with all it takes to check them without the book, for Clientbook.checkSeals(). */
  public String seals() {
    return text((f, c, s) -> f.calls.session_seals(c, s, f.out(), f.error()));
  }

  public String evidence(CustomerId customer) {
    return text((f, c, s) -> f.calls.session_evidence(c, s, f.id(customer), f.out(), f.error()));
  }

  /** "How far has my information gone?": {@code language}, {@code shop}, {@code contact}. */
  public CustomerPage customerPage(CustomerId customer, Map<String, ?> request) {
    byte[] content = need(request);
    return call((f, c, s) -> f.calls.session_customer_page(c, s, f.id(customer), f.data(content), content.length, f.number(), f.out(), f.error()),
        f -> new CustomerPage(f.text(), f.numberOut()));
  }

  public Told mentions(CustomerId customer, Purpose purpose, boolean replace) {
    return told((f, c, s) -> f.calls.session_mentions(c, s, f.id(customer), number(purpose), replace ? 1 : 0, f.out(), f.error()));
  }

  /** Destroys the customer's key; complete when it returns. The receipt. */
  public Told erase(CustomerId customer, ErasureReason reason, Mentions mentions, int rememberedMonths) {
    needed(reason, "a reason is needed");
    needed(mentions, "say what becomes of mentions");
    return told((f, c, s) -> f.calls.session_erase(c, s, f.id(customer), reason.number(), mentions.ordinal(), rememberedMonths, f.out(), f.error()));
  }

  /** {@code customers}, {@code reason}, {@code mentions}, {@code remembered_months}: several in one transaction, all of them or none. Their receipts. */
  public List<Told> eraseMany(Map<String, ?> what) {
    byte[] content = need(what);
    return rows((f, c, s) -> f.calls.session_erase_many(c, s, f.data(content), content.length, f.out(), f.error()));
  }

  /** {@code only_tell}, {@code most}, {@code from}, {@code remembered_months}: takes out what due() tells, in one transaction; {@code next} is where the next call goes on. */
  public Told runRetention(Map<String, ?> how) {
    byte[] content = need(how);
    return told((f, c, s) -> f.calls.session_run_retention(c, s, f.data(content), content.length, f.out(), f.error()));
  }

  /** {@code before}, {@code published}, {@code only_tell}: takes the oldest entries out of the ledger, in tiles of 256; later proofs stay. {@code kept} says what keeps the rest. */
  public Told pruneLedger(Map<String, ?> how) {
    byte[] content = need(how);
    return told((f, c, s) -> f.calls.session_prune_ledger(c, s, f.data(content), content.length, f.out(), f.error()));
  }

  /** So many of the customer's entries of the ledger were pruned: what they said nobody knows. */
  public long prunedOf(CustomerId customer) {
    return call((f, c, s) -> f.calls.session_pruned_of(c, s, f.id(customer), f.number(), f.error()), Frame::numberOut);
  }

  /** {@code reason}, {@code reference}, {@code until}: nothing takes the customer out while it is in force. Its number. */
  public int placeHold(CustomerId customer, Map<String, ?> what) {
    byte[] content = need(what);
    return call((f, c, s) -> f.calls.session_place_hold(c, s, f.id(customer), f.data(content), content.length, f.number(), f.error()), Frame::smallOut);
  }

  public void liftHold(CustomerId customer, int hold) {
    run((f, c, s) -> f.calls.session_lift_hold(c, s, f.id(customer), hold, f.error()));
  }

  /** What a law has the shop keep of people who were erased with {@code law_kept} {@code apart}, without values. */
  public List<Told> retained() {
    return rows((f, c, s) -> f.calls.session_retained(c, s, f.out(), f.error()));
  }

  /** One of them with its values, for what it is kept for, or for whom it is about; by a case that names its id. */
  public Told readRetained(CustomerId retained, Purpose purpose) {
    return told((f, c, s) -> f.calls.session_read_retained(c, s, f.id(retained), number(purpose), f.out(), f.error()));
  }

  public List<Told> holds() {
    return rows((f, c, s) -> f.calls.session_holds(c, s, f.out(), f.error()));
  }

  public Instant confirmClock() {
    return Instant.ofEpochSecond(call((f, c, s) -> f.calls.session_confirm_clock(c, s, f.number(), f.error()), Frame::numberOut));
  }

  // --- recovery -----------------------------------------------------------------------------------------

  /** As makeRecoveryKey(), but nothing of the key is in force until {@link #useRecoveryKey}: write or print the shares in between. */
  public Told drawRecoveryKey(int shares, int needed, boolean instead) {
    return told((f, c, s) -> f.calls.session_draw_recovery_key(c, s, shares, needed, instead ? 1 : 0, f.out(), f.error()));
  }

  public List<Told> useRecoveryKey() {
    return rows((f, c, s) -> f.calls.session_use_recovery_key(c, s, f.out(), f.error()));
  }

  /** What the mirrors said to the last withdrawal, denial, objection or restriction of this session. */
  public List<Told> mirrorsTold() {
    return rows((f, c, s) -> f.calls.session_mirrors_told(c, s, f.out(), f.error()));
  }

  /** {@code number}, {@code needed}, {@code shares}: the book keeps no copy of them. */
  public Told makeRecoveryKey(int shares, int needed, boolean instead) {
    return told((f, c, s) -> f.calls.session_make_recovery_key(c, s, shares, needed, instead ? 1 : 0, f.out(), f.error()));
  }

  private static byte[] place(Path folder) {
    return need(needed(folder, "a folder is needed").toAbsolutePath().toString());
  }

  public void addMirror(Path folder) {
    byte[] place = place(folder);
    run((f, c, s) -> f.calls.session_add_mirror(c, s, f.data(place), place.length, f.error()));
  }

  public void removeMirror(Path folder) {
    byte[] place = place(folder);
    run((f, c, s) -> f.calls.session_remove_mirror(c, s, f.data(place), place.length, f.error()));
  }

  public List<Told> refreshMirrors() {
    return rows((f, c, s) -> f.calls.session_refresh_mirrors(c, s, f.out(), f.error()));
  }

  public Told recovery() {
    return told((f, c, s) -> f.calls.session_recovery(c, s, Instant.now().getEpochSecond(), f.out(), f.error()));
  }

  public Told pin() {
    return told((f, c, s) -> f.calls.session_pin(c, s, f.out(), f.error()));
  }

  /** Writes a backup into a new file; {@code since} a full one: what differs from it; null: a full one. */
  public Told backUp(Path file, Path since) {
    byte[] place = need(needed(file, "a file is needed").toString());
    byte[] base = since == null ? null : need(since.toString());
    return told((f, c, s) -> f.calls.session_back_up(c, s, f.data(place), place.length, f.data(base), size(base), f.out(), f.error()));
  }

  // --- who looked, cases, refusals --------------------------------------------------------------------------

  public List<Told> whoLooked(CustomerId customer) {
    return rows((f, c, s) -> f.calls.session_who_looked(c, s, f.id(customer), f.out(), f.error()));
  }

  public Told seenBy(int actor, Instant since, Instant until) {
    return told((f, c, s) -> f.calls.session_seen_by(c, s, actor, seconds(since), seconds(until), f.out(), f.error()));
  }

  public Told budgetLeft() {
    return told((f, c, s) -> f.calls.session_budget_left(c, s, f.out(), f.error()));
  }

  public void raiseBudget(int actor, int customers) {
    run((f, c, s) -> f.calls.session_raise_budget(c, s, actor, customers, f.error()));
  }

  /** Whoever looks at one of these from now on raises an alarm. */
  public void setCanaries(List<CustomerId> customers) {
    byte[] content = need(Map.of("customers", needed(customers, "customers are needed, or an empty list")));
    run((f, c, s) -> f.calls.session_set_canaries(c, s, f.data(content), content.length, f.error()));
  }

  public List<CustomerId> canaries() {
    return call((f, c, s) -> f.calls.session_canaries(c, s, f.out(), f.error()), Frame::texts).stream().map(CustomerId::of).toList();
  }

  public List<Told> alarms() {
    return rows((f, c, s) -> f.calls.session_alarms(c, s, f.out(), f.error()));
  }

  /** From when on there is one: customers passed on to one recipient within an hour, quiet hours in UTC. */
  public Told alarmLimits() {
    return told((f, c, s) -> f.calls.session_alarm_limits(c, s, f.out(), f.error()));
  }

  /** Of these members those that are to change; a null for {@code quiet} ends quiet hours. */
  public void setAlarmLimits(Map<String, ?> changed) {
    byte[] content = need(changed);
    run((f, c, s) -> f.calls.session_set_alarm_limits(c, s, f.data(content), content.length, f.error()));
  }

  /** The table of roles that the book follows. */
  public Told roles() {
    return told((f, c, s) -> f.calls.session_roles(c, s, f.out(), f.error()));
  }

  /** Another one, whole; its number. Somebody else approves it. */
  public int proposeRoles(Map<String, ?> table) {
    byte[] content = need(table);
    return call((f, c, s) -> f.calls.session_propose_roles(c, s, f.data(content), content.length, f.number(), f.error()), Frame::smallOut);
  }

  /** What waits to be approved; empty if nothing does. */
  public Told proposedRoles() {
    return told((f, c, s) -> f.calls.session_proposed_roles(c, s, f.out(), f.error()));
  }

  /** The index of its entry in the ledger. */
  public long approveRoles(int number) {
    return call((f, c, s) -> f.calls.session_approve_roles(c, s, number, f.number(), f.error()), Frame::numberOut);
  }

  // --- values in tables of the host's own ---------------------------------------------------------------

  /** Stops the call that another thread, or a callback of the call itself, has under way with this session: it throws INVALID_STATE, and nothing of it remains but that somebody looked. */
  public void cancel() {
    context.opening(() -> {
      try (Frame f = Frame.take()) {
        f.check(f.calls.cancel(context.address(), gate.handle, f.error()));
        return null;
      }
    });
  }

  /** Seals a value of a field for a column of the host's own table: it opens by readColumns() of this book alone, and for as long as the customer is in it. */
  public byte[] sealColumn(CustomerId customer, String field, Object value, Purpose... purposes) {
    byte[] content = need(Map.of(needed(field, "a field is needed"), needed(value, "a value is needed")));
    byte[] why = purposes(purposes);
    return call((f, c, s) -> f.calls.session_seal_column(c, s, f.id(customer), JSON, f.data(content), content.length, f.data(why), size(why), f.out(), f.error()), Frame::bytes);
  }

  /** What the purpose shows of such cells, by field, as read() does of a record. */
  public View readColumns(CustomerId customer, Purpose purpose, Map<String, byte[]> columns) {
    byte[] cells = cells(columns);
    Schema fields = schema();
    return call((f, c, s) -> f.calls.session_read_columns(c, s, f.id(customer), number(purpose), f.data(cells), cells.length, FLAT, f.out(), f.error()), f -> viewOf(fields, f.bytes()));
  }

  /** As disclose(), of such cells: the ledger first. */
  public Disclosure discloseColumns(CustomerId customer, Purpose purpose, Map<String, byte[]> columns, Request request) {
    int to = recipient(needed(request, "a request is needed").to());
    byte[] cells = cells(columns);
    Schema known = schema();
    return call((f, c, s) -> f.calls.session_disclose_columns(c, s, f.id(customer), request(f, purpose, to, request, false), f.data(cells), cells.length, FLAT, f.out(), f.number(), f.idOut(), f.error()),
        f -> new Disclosure(viewOf(known, f.bytes()), f.numberOut(), f.customerOut()));
  }

  private byte[] cells(Map<String, byte[]> columns) {
    java.util.TreeMap<Integer, byte[]> ordered = new java.util.TreeMap<>();
    int all = 0;
    for (Map.Entry<?, ?> one : needed(columns, "columns are needed").entrySet()) { // raw maps hold anything
      if (!(one.getKey() instanceof String field) || !(one.getValue() instanceof byte[] content)) {
        throw ClientbookException.refused(Code.INVALID_ARGUMENT, "columns are bytes by the names of fields");
      }
      ordered.put(schema().number(field), content);
      all += 5 + content.length;
    }
    ByteBuffer out = ByteBuffer.allocate(all).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    ordered.forEach((number, content) -> out.put(number.byteValue()).putInt(content.length).put(content));
    return out.array();
  }

  // --- laws, fields, tables ---------------------------------------------------------------------------

  /** What is proposed: a law profile in place of the one of its name, a key that is trusted or no longer, a profile beside the others. */
  public enum PolicyKind {
    PROFILE, TRUST_KEY, DISTRUST_KEY, ADD_PROFILE;

    int number() {
      return 1 + ordinal();
    }
  }

  /** Which laws the book follows, whose signatures it trusts, what is proposed and what that would open and close. */
  public Told policy() {
    return told((f, c, s) -> f.calls.session_policy(c, s, f.out(), f.error()));
  }

  /** A signed profile as a file, or a key of 32 bytes; nothing follows it before somebody else approves it. Throws SIGNATURE_INVALID, ALREADY_EXISTS. */
  public int proposePolicy(PolicyKind kind, byte[] content) {
    int which = needed(kind, "a kind is needed").number();
    return call((f, c, s) -> f.calls.session_propose_policy(c, s, which, f.data(content), size(content), f.number(), f.error()), Frame::smallOut);
  }

  /** The same of one of the library's own profiles. */
  public int proposeProfile(PolicyKind kind, String name) {
    int which = needed(kind, "a kind is needed").number();
    byte[] said = need(name);
    return call((f, c, s) -> f.calls.session_propose_profile(c, s, which, f.data(said), said.length, f.number(), f.error()), Frame::smallOut);
  }

  public Told effectOf(PolicyKind kind, byte[] profile) {
    int which = needed(kind, "a kind is needed").number();
    return told((f, c, s) -> f.calls.session_effect_of(c, s, which, f.data(profile), size(profile), f.out(), f.error()));
  }

  /** Puts a proposal of somebody else in force; the index of its entry of the ledger. */
  public long approvePolicy(int number) {
    return call((f, c, s) -> f.calls.session_approve_policy(c, s, number, f.number(), f.error()), Frame::numberOut);
  }

  /** Fields of the shop's own: {@code number} (32 to 63), {@code key}, {@code type}, {@code list}, {@code redaction}, {@code categories}. */
  public void addFields(Collection<? extends Map<String, ?>> fields) {
    byte[] content = Json.of(needed(fields, "fields are needed"));
    run((f, c, s) -> f.calls.session_add_fields(c, s, f.data(content), content.length, f.error()));
    schema = null;
  }

  /** How many customers share each combination of values, with noise: {@code purpose}, {@code columns}, {@code k}, {@code small}, {@code noise_scale}. An entry of the ledger. */
  public Told tabulate(Map<String, ?> request) {
    byte[] content = need(request);
    return told((f, c, s) -> f.calls.session_tabulate(c, s, f.data(content), content.length, f.out(), f.error()));
  }

  /** Whose private key turns back the tokens that this session shows: the public one, 32 bytes. */
  public void setTokenReversal(byte[] publicKey) {
    run((f, c, s) -> f.calls.session_set_token_reversal(c, s, f.data(publicKey), size(publicKey), f.error()));
  }

  /** Tries every key that exists today on another store, such as a copy made before an erasure. */
  public Told carve(Path copy) {
    byte[] place = need(needed(copy, "a path is needed").toString());
    return told((f, c, s) -> f.calls.session_carve(c, s, f.data(place), place.length, f.out(), f.error()));
  }

  private static long shown(Frame f, byte[] identity) {
    return f.struct(Structs.CREDENTIAL_SIZE).put(Structs.CREDENTIAL_IDENTITY_FILE, identity).address();
  }

  /**
   * A credential for somebody, of a key file that is there: {@code actor}, {@code roles}, {@code name}, {@code days}; its
   * number. Somebody else confirms it, but for the first two people.
   */
  public int enrolCredential(Map<String, ?> what, Path identity) {
    byte[] content = need(what);
    byte[] file = place(identity);
    return call((f, c, s) -> f.calls.session_enrol_credential(c, s, f.data(content), content.length, shown(f, file), f.number(), f.error()), Frame::smallOut);
  }

  public void confirmCredential(int number) {
    run((f, c, s) -> f.calls.session_confirm_credential(c, s, number, f.error()));
  }

  /** It opens nothing from the next call of its sessions on, for good. */
  public void revokeCredential(int number) {
    run((f, c, s) -> f.calls.session_revoke_credential(c, s, number, f.error()));
  }

  /** Another lease of somebody else's; 0: without an end. */
  public void renewCredential(int number, int days) {
    run((f, c, s) -> f.calls.session_renew_credential(c, s, number, days, f.error()));
  }

  /** Another key file in place of the one that this session was begun with. */
  public void changeCredential(Path identity, Path next) {
    byte[] now = place(identity);
    byte[] then = place(next);
    run((f, c, s) -> f.calls.session_change_credential(c, s, shown(f, now), shown(f, then), f.error()));
  }

  /** Who has which, oldest first. */
  public List<Told> credentials() {
    return rows((f, c, s) -> f.calls.session_credentials(c, s, f.out(), f.error()));
  }

  /** What takes one, and what is proposed. */
  public Told credentialsTaken() {
    return told((f, c, s) -> f.calls.session_credentials_taken(c, s, f.out(), f.error()));
  }

  /** Nobody (0), second persons (1), everybody (2); its number. Somebody else approves it. */
  public int proposeCredentialUse(int use) {
    return call((f, c, s) -> f.calls.session_propose_credential_use(c, s, use, f.number(), f.error()), Frame::smallOut);
  }

  /** The index of its entry in the ledger. */
  public long approveCredentialUse(int number) {
    return call((f, c, s) -> f.calls.session_approve_credential_use(c, s, number, f.number(), f.error()), Frame::numberOut);
  }

  /** {@code customers}, {@code store}, {@code primary}, {@code further}: whose they are from now on. */
  public void assign(Map<String, ?> what) {
    byte[] content = need(what);
    run((f, c, s) -> f.calls.session_assign(c, s, f.data(content), content.length, f.error()));
  }

  /** Handover, at most 1,000 customers in a call: {@code moved}, {@code left}. */
  public Told reassign(int from, int to) {
    return told((f, c, s) -> f.calls.session_reassign(c, s, from, to, f.out(), f.error()));
  }

  public Told portfolioOf(CustomerId customer) {
    return told((f, c, s) -> f.calls.session_portfolio_of(c, s, f.id(customer), f.out(), f.error()));
  }

  public List<Told> customersOf(int actor) {
    return rows((f, c, s) -> f.calls.session_customers_of(c, s, actor, f.out(), f.error()));
  }

  public void setStores(int actor, List<Integer> stores) {
    byte[] content = need(Map.of("actor", actor, "stores", needed(stores, "stores are needed, or an empty list")));
    run((f, c, s) -> f.calls.session_set_stores(c, s, f.data(content), content.length, f.error()));
  }

  /** Whether portfolios are in force then: to end them takes somebody else's call too. */
  public boolean usePortfolios(boolean inForce) {
    return call((f, c, s) -> f.calls.session_use_portfolios(c, s, inForce ? 1 : 0, f.number(), f.error()), Frame::smallOut) == 1;
  }

  public Told portfolioSettings() {
    return told((f, c, s) -> f.calls.session_portfolio_settings(c, s, f.out(), f.error()));
  }

  /** {@code kind}, {@code customers}, {@code reference}, {@code evidence}, {@code until}; its number. */
  public int openCase(Map<String, ?> what) {
    byte[] content = need(what);
    return call((f, c, s) -> f.calls.session_open_case(c, s, f.data(content), content.length, f.number(), f.error()), Frame::smallOut);
  }

  public void confirmCase(int number) {
    run((f, c, s) -> f.calls.session_confirm_case(c, s, number, f.error()));
  }

  public void closeCase(int number) {
    run((f, c, s) -> f.calls.session_close_case(c, s, number, f.error()));
  }

  public List<Told> cases() {
    return rows((f, c, s) -> f.calls.session_cases(c, s, f.out(), f.error()));
  }

  /**
   * What a customer asks for by right: {@code kind}, {@code received}, {@code channel}, {@code reference},
   * {@code identity}, {@code next_working_day}; its number.
   */
  public int openRequest(CustomerId customer, Map<String, ?> what) {
    byte[] content = need(what);
    return call((f, c, s) -> f.calls.session_open_request(c, s, f.id(customer), f.data(content), content.length, f.number(), f.error()), Frame::smallOut);
  }

  /**
   * One step of a request: {@code identity}, {@code extend}, {@code refuse}, {@code withdraw}, {@code close}, {@code list},
   * or {@code tell} with {@code state}.
   */
  public void changeRequest(int number, Map<String, ?> step) {
    byte[] content = need(step);
    run((f, c, s) -> f.calls.session_change_request(c, s, number, f.data(content), content.length, f.error()));
  }

  /**
   * Does what a request asks for: {@code language}, {@code shop}, {@code contact}, {@code edit}, {@code corrected},
   * {@code purposes}, {@code law_kept}, {@code mentions} ({@code ignored}, {@code reported} or {@code replaced}: notes of others); what is of
   * another kind of request is refused. What it did, and the files for the customer.
   */
  public Told answerRequest(int number, Map<String, ?> how) {
    byte[] content = need(how);
    return told((f, c, s) -> f.calls.session_answer_request(c, s, number, f.data(content), content.length, f.out(), f.error()));
  }

  /** What a {@code recipient} on the list is sent and signs; {@code class}, {@code reference}. */
  public String recipientNotice(int number, Map<String, ?> who) {
    byte[] content = need(who);
    return text((f, c, s) -> f.calls.session_recipient_notice(c, s, number, f.data(content), content.length, f.out(), f.error()));
  }

  /** The text of a mail about a request: {@code language}, {@code kind}, {@code shop}, {@code contact}. */
  public String requestMail(int number, Map<String, ?> how) {
    byte[] content = need(how);
    return text((f, c, s) -> f.calls.session_request_mail(c, s, number, f.data(content), content.length, f.out(), f.error()));
  }

  public Told request(int number) {
    return told((f, c, s) -> f.calls.session_request(c, s, number, f.out(), f.error()));
  }

  public List<Told> requests() {
    return rows((f, c, s) -> f.calls.session_requests(c, s, f.out(), f.error()));
  }

  /**
   * Answers lists of hashes from outside, such as California's DROP: {@code lists} of {@code kind} and {@code text},
   * {@code work} ({@code look}, which changes nothing, {@code opt_out} or {@code erase}), {@code recipients_told},
   * {@code law_kept}.
   */
  public Told answerHashLists(Map<String, ?> what) {
    byte[] content = need(what);
    return told((f, c, s) -> f.calls.session_answer_hash_lists(c, s, f.data(content), content.length, f.out(), f.error()));
  }

  /** What recipients are to delete, and of which nobody has told them. */
  public List<Told> expired() {
    return rows((f, c, s) -> f.calls.session_expired(c, s, f.out(), f.error()));
  }

  /** A recipient was told to delete what has expired of a customer; of how many disclosures. */
  public int tellExpired(CustomerId customer, String recipient) {
    byte[] name = need(recipient);
    return call((f, c, s) -> f.calls.session_tell_expired(c, s, f.id(customer), f.data(name), name.length, f.number(), f.error()), Frame::smallOut);
  }

  /**
   * What a recipient says of whom it passed a customer's data on to: {@code from}, {@code to}, {@code class},
   * {@code contact}, {@code fields}, {@code on}. The index of its entry in the ledger.
   */
  public long reportOnward(CustomerId customer, Map<String, ?> what) {
    byte[] content = need(what);
    return call((f, c, s) -> f.calls.session_report_onward(c, s, f.id(customer), f.data(content), content.length, f.number(), f.error()), Frame::numberOut);
  }

  /**
   * Whom a breach concerns, who is to be told by when, and what nobody can know: {@code actor}, {@code recipient} or
   * {@code copy}, and {@code since}, {@code until}, {@code key_at}, {@code aware}, {@code case}, {@code letter}.
   */
  public Told breach(Map<String, ?> what) {
    byte[] content = need(what);
    return told((f, c, s) -> f.calls.session_breach(c, s, f.data(content), content.length, f.out(), f.error()));
  }

  public List<Told> remembered(Map<String, ?> record) {
    byte[] content = need(record);
    return rows((f, c, s) -> f.calls.session_remembered(c, s, JSON, f.data(content), content.length, f.out(), f.error()));
  }

  public void rememberUnsubscribed(Map<String, ?> record, Instant when) {
    byte[] content = need(record);
    run((f, c, s) -> f.calls.session_remember_unsubscribed(c, s, JSON, f.data(content), content.length, seconds(when), f.error()));
  }

  public void rememberNo(Map<String, ?> record, Map<String, ?> no) {
    byte[] who = need(record);
    byte[] content = need(no);
    run((f, c, s) -> f.calls.session_remember_no(c, s, JSON, f.data(who), who.length, f.data(content), content.length, f.error()));
  }

  /** {@code kind}: null (all), "erased" or "unsubscribed". Of how many values. */
  public int forgetRemembered(Map<String, ?> record, String kind) {
    byte[] content = need(record);
    int which = kind == null ? 0 : List.of("", "erased", "unsubscribed").indexOf(kind);
    if (kind != null && which < 1) throw ClientbookException.refused(Code.INVALID_ARGUMENT, "a kind is erased or unsubscribed");
    return call((f, c, s) -> f.calls.session_forget_remembered(c, s, JSON, f.data(content), content.length, which, f.number(), f.error()), Frame::smallOut);
  }

  public List<Told> refusalPeriods() {
    return rows((f, c, s) -> f.calls.session_refusal_periods(c, s, f.out(), f.error()));
  }

  public long dropRefusals(int period) {
    return call((f, c, s) -> f.calls.session_drop_refusals(c, s, period, f.number(), f.error()), Frame::numberOut);
  }

  // --- the book -------------------------------------------------------------------------------------------

  public Told figures() {
    return told((f, c, s) -> f.calls.session_figures(c, s, f.out(), f.error()));
  }

  public Told profile() {
    return told((f, c, s) -> f.calls.session_profile(c, s, f.out(), f.error()));
  }

  public List<Told> profiles() {
    return rows((f, c, s) -> f.calls.session_profiles(c, s, f.out(), f.error()));
  }

  /** Opens everything and holds it against the manifests and the ledger; {@code progress}, or null, is told how many customers are done. What it throws is thrown when the call ends. */
  public Told verify(LongConsumer progress) {
    Borrowed borrowed = new Borrowed();
    Machine.Upcall upcall = progress == null ? null : Library.machine().progress((context, done) -> borrowed.number(() -> {
      progress.accept(done);
      return 0;
    }));
    Told out = call((f, c, s) -> borrowed.status(f.calls.session_verify(c, s,
        upcall == null ? 0 : f.struct(Structs.PROGRESS_SIZE).put(Structs.PROGRESS_DONE, upcall.address()).address(), f.out(), f.error())), Frame::told);
    Reference.reachabilityFence(upcall);
    borrowed.raise();
    return out;
  }

  /** What a function that the library calls has thrown: kept until the call has ended, and nothing is called after it. */
  private static final class Borrowed {
    private Throwable thrown;

    long number(java.util.function.LongSupplier of) {
      if (thrown != null) return 0;
      try {
        return of.getAsLong();
      } catch (Throwable problem) {
        thrown = problem;
        return 0;
      }
    }

    int status(int of) {
      if (of != 0 && thrown != null) raise();
      return of;
    }

    /** Of a checked exception: languages without them let it come out of functions that declare none. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void raise(Throwable problem) throws T {
      throw (T) problem;
    }

    void raise() {
      if (thrown instanceof RuntimeException problem) throw problem;
      if (thrown instanceof Error problem) throw problem;
      if (thrown != null) Borrowed.<RuntimeException>raise(thrown);
    }
  }

  public boolean isClosed() {
    return gate.isShut() || book.isClosed();
  }

  /** Ends the session; an open transaction is undone. */
  @Override
  public void close() {
    context.checkNotAsked();
    context.close(gate);
  }

  @Override
  public String toString() {
    return isClosed() ? "Session[closed]" : "Session[open]";
  }
}
