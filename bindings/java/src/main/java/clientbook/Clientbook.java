package clientbook;

import static clientbook.ClientbookException.needed;
import static clientbook.Frame.size;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A retailer's client book, kept so that the customer decides: where it begins. docs/java.md is the guide. */
public final class Clientbook {
  private Clientbook() {}

  /** Of the library that is called. */
  public static String version() {
    return Library.machine().text(Library.machine().calls.version());
  }

  // --- books ------------------------------------------------------------------------------------------

  private interface Opening {
    int of(Frame f, Context context);
  }

  private static Book opened(Opening call) {
    Context context = new Context();
    try (Frame f = Frame.take()) {
      f.check(call.of(f, context));
      return new Book(context, f.numberOut());
    } catch (Throwable problem) {
      context.close();
      throw problem;
    }
  }

  private static long how(Frame f, Context context, Clock clock) {
    return how(f, context, clock, null);
  }

  private static long how(Frame f, Context context, Clock clock, Path identity) {
    if (clock == null && identity == null) return 0;
    Frame.Struct out = f.struct(Structs.BOOK_OPTIONS_SIZE);
    if (clock != null) out.put(Structs.BOOK_OPTIONS_NOW, context.clock(clock));
    if (identity != null) out.put(Structs.BOOK_OPTIONS_IDENTITY_FILE, place(identity));
    return out.address();
  }

  private static long what(Frame f, NewBook of) {
    List<Purpose> given = needed(needed(of, "what a new book is made of is needed").purposes(), "purposes are needed, or an empty list");
    byte[] purposes = new byte[given.size()];
    for (int i = 0; i < purposes.length; ++i) purposes[i] = needed(given.get(i), "a purpose is needed").number();
    Frame.Struct out = f.struct(Structs.NEW_BOOK_SIZE);
    if (of.profile() != null) out.put(Structs.NEW_BOOK_PROFILE, Texts.utf8(of.profile()));
    if (purposes.length > 0) out.put(Structs.NEW_BOOK_PURPOSES, purposes);
    if (!needed(of.furtherProfiles(), "further profiles are needed, or an empty list").isEmpty()) out.put(Structs.NEW_BOOK_FURTHER_PROFILES, Texts.utf8(String.join(",", of.furtherProfiles())));
    return out.address();
  }

  private static byte[] place(Path of) {
    return Texts.utf8(needed(of, "a path is needed").toString());
  }

  /** Opens the book in the folder {@code path}, whose root key is in the file {@code key}. */
  public static Book open(Path path, Path key) {
    return open(path, key, null);
  }

  /** The same with a clock of the host's. */
  public static Book open(Path path, Path key, Clock clock) {
    return open(path, key, clock, null);
  }

  /** The same with the file that opens a sealed root key: a key file, or age's identities. */
  public static Book open(Path path, Path key, Clock clock, Path identity) {
    byte[] where = place(path);
    byte[] root = place(key);
    return opened((f, context) -> f.calls.book_open(context.address(), f.data(where), where.length, f.data(root), root.length, how(f, context, clock, identity), f.number(), f.error()));
  }

  /** Makes a book, and its root key in a file that may not lie beside it. */
  public static Book create(Path path, Path key, NewBook what) {
    return create(path, key, what, null);
  }

  public static Book create(Path path, Path key, NewBook what, Clock clock) {
    return create(path, key, what, clock, null);
  }

  /** The same with a root key that the file {@code identity}, which is there already, seals. */
  public static Book create(Path path, Path key, NewBook what, Clock clock, Path identity) {
    byte[] where = place(path);
    byte[] root = place(key);
    return opened((f, context) -> f.calls.book_create(context.address(), f.data(where), where.length, f.data(root), root.length, what(f, what), how(f, context, clock, identity), f.number(), f.error()));
  }

  /** A book that lives as long as this object: for tests and short-lived work. */
  public static Book inMemory(NewBook what) {
    return inMemory(what, null);
  }

  public static Book inMemory(NewBook what, Clock clock) {
    return opened((f, context) -> f.calls.book_create_in_memory(context.address(), what(f, what), how(f, context, clock), f.number(), f.error()));
  }

  /** Writes a book of an older format in the newest one: its formats before and after. */
  public static int[] upgrade(Path path, Path key) {
    byte[] where = place(path);
    byte[] root = place(key);
    Context context = new Context();
    try (Frame f = Frame.take()) {
      f.check(f.calls.book_upgrade(context.address(), f.data(where), where.length, f.data(root), root.length, 0, f.number(), f.secondNumber(), f.error()));
      return new int[] {f.smallOut(), f.secondSmallOut()};
    } finally {
      context.close();
    }
  }

  /** Takes an older copy of a book that was put there on purpose; what was done since is lost. */
  public static void acceptPin(Path path, Path key, int actor, Role role) {
    byte[] where = place(path);
    byte[] root = place(key);
    needed(role, "a role is needed");
    try (Frame f = Frame.take()) {
      f.check(f.calls.book_accept_pin(f.data(where), where.length, f.data(root), root.length, actor, role.number(), f.error()));
    }
  }

  private static String absolute(Path of) {
    return needed(of, "a path is needed").toAbsolutePath().toString();
  }

  private static Map<String, Object> sources(Path mirror, List<Path> backups, List<String> shares) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("mirror", absolute(mirror));
    out.put("backups", needed(backups, "backups are needed").stream().map(Clientbook::absolute).toList());
    out.put("shares", needed(shares, "shares are needed"));
    out.put("actor", 1);
    out.put("role", Role.OWNER);
    return out;
  }

  /** Makes a lost book anew, from a keyring mirror, one or two backups and shares of the recovery key: the counts, and {@code verified}, to be looked at: problems of what was restored are no error. On an error there is no book. */
  public static Told restore(Path path, Path key, Path mirror, List<Path> backups, List<String> shares) {
    Map<String, Object> what = sources(mirror, backups, shares);
    what.put("book", absolute(path));
    what.put("key", absolute(key));
    byte[] content = Json.of(what);
    return call(f -> f.calls.book_restore(f.data(content), content.length, f.out(), f.error()), Frame::told);
  }

  /** Tries that out in a folder, and leaves nothing of it; also {@code verified}. */
  public static Told drill(Path scratch, Path mirror, List<Path> backups, List<String> shares) {
    Map<String, Object> what = sources(mirror, backups, shares);
    what.put("scratch", absolute(scratch));
    byte[] content = Json.of(what);
    return call(f -> f.calls.book_drill(f.data(content), content.length, f.out(), f.error()), Frame::told);
  }

  // --- without a book -----------------------------------------------------------------------------------

  private interface Call {
    int of(Frame f);
  }

  private static <T> T call(Call what, Function<Frame, T> answer) {
    try (Frame f = Frame.take()) {
      f.check(what.of(f));
      return answer.apply(f);
    }
  }

  /** Of a call that tells where itself. */
  private static <T> T callWithWhere(Call what, Function<Frame, T> answer) {
    try (Frame f = Frame.take()) {
      int status = what.of(f);
      if (status != 0) throw f.refusedWithWhere(status);
      return answer.apply(f);
    }
  }

  static long options(Frame f, TextOptions how) {
    TextOptions of = needed(how, "options are needed");
    Frame.Struct out = f.struct(Structs.TEXT_OPTIONS_SIZE).put(Structs.TEXT_OPTIONS_MARK, needed(of.mark(), "a mark is needed").ordinal());
    if (!needed(of.regions(), "regions are needed, or an empty list").isEmpty()) out.put(Structs.TEXT_OPTIONS_REGIONS, Texts.utf8(String.join(",", of.regions())));
    for (TextOptions.Look one : needed(of.looks(), "looks are needed, or an empty list")) {
      out.put(switch (needed(one, "a look is needed")) {
        case CARDS -> Structs.TEXT_OPTIONS_CARDS;
        case DATES -> Structs.TEXT_OPTIONS_DATES;
        case EMAILS -> Structs.TEXT_OPTIONS_EMAILS;
        case URLS -> Structs.TEXT_OPTIONS_URLS;
      }, 1);
    }
    return out.address();
  }

  /** Digits behind the point of a currency's minor unit: 2 of EUR. Throws UNKNOWN_FIELD. */
  public static int minorUnits(String currency) {
    byte[] content = Texts.utf8(currency);
    return call(f -> f.calls.minor_units(f.data(content), content.length, f.number(), f.error()), Frame::smallOut);
  }

  /** What names somebody in a text. */
  public static List<Find> scan(String text, TextOptions how) {
    byte[] content = Texts.utf8(text);
    return finds(content, call(f -> f.calls.scan_text(f.data(content), content.length, options(f, how), f.out(), f.error()), Frame::rows));
  }

  /** The text without it. */
  public static Redacted redact(String text, TextOptions how) {
    byte[] content = Texts.utf8(text);
    return call(f -> f.calls.redact_text(f.data(content), content.length, options(f, how), f.out(), f.more(), f.error()), Clientbook::redacted);
  }

  /** The same of data that has a form. */
  public static List<Find> scanForm(String text, TextOptions how) {
    byte[] content = Texts.utf8(text);
    byte[] form = needed(how, "options are needed").form() == null ? null : Texts.utf8(how.form());
    return finds(content, call(f -> f.calls.scan_form(f.data(content), content.length, f.data(form), size(form), options(f, how), f.out(), f.error()), Frame::rows));
  }

  public static Redacted redactForm(String text, TextOptions how) {
    byte[] content = Texts.utf8(text);
    byte[] form = needed(how, "options are needed").form() == null ? null : Texts.utf8(how.form());
    return call(f -> f.calls.redact_form(f.data(content), content.length, f.data(form), size(form), options(f, how), f.out(), f.more(), f.error()), Clientbook::redacted);
  }

  private static Redacted redacted(Frame f) {
    return new Redacted(f.text(), (Told) Json.parse(Texts.of(f.moreBytes())));
  }

  /** Places in bytes become those of the String. */
  private static List<Find> finds(byte[] content, List<Told> rows) {
    List<Find> out = new ArrayList<>();
    int[] at = new int[2]; // a byte, and the unit there
    for (Told row : rows) {
      int begin = unit(content, at, row.integer("begin").intValue());
      int end = unit(content, at, row.integer("end").intValue());
      out.add(new Find(begin, end, row.text("type"), row.text("rule"), row.integer("score").intValue(), Boolean.TRUE.equals(row.truth("goes_on"))));
    }
    return out;
  }

  private static int unit(byte[] content, int[] at, int wanted) {
    if (wanted < at[0]) {
      at[0] = 0;
      at[1] = 0;
    }
    at[1] += new String(content, at[0], wanted - at[0], StandardCharsets.UTF_8).length();
    at[0] = wanted;
    return at[1];
  }

  /** A whole case, every decision: docs/evaluate.md. */
  public static Told evaluate(Map<String, ?> document) {
    return (Told) Json.parse(evaluateJson(Texts.of(Json.of(needed(document, "a map is needed")))));
  }

  /** The same as texts. */
  public static String evaluateJson(String document) {
    byte[] content = Texts.utf8(document);
    return callWithWhere(f -> f.calls.evaluate(f.data(content), content.length, f.out(), f.more(), f.error()), Frame::text);
  }

  /** What a proof shows. Throws INVALID_ENCODING, SIGNATURE_INVALID, PROOF_INVALID. */
  public static Told checkProof(String proof, String logIdentity) {
    byte[] content = Texts.utf8(proof);
    byte[] log = Texts.utf8(logIdentity);
    return call(f -> f.calls.check_proof(f.data(content), content.length, f.data(log), log.length, f.out(), f.error()), Frame::told);
  }

  /** What the seals of a ledger's epochs show; {@code known}: the key of an epoch that was written down when it was new, empty: nobody has one. */
  public static Told checkSeals(String seals, String logIdentity, String known) {
    byte[] content = Texts.utf8(seals);
    byte[] log = Texts.utf8(logIdentity);
    byte[] key = Texts.utf8(known);
    return call(f -> f.calls.check_seals(f.data(content), content.length, f.data(log), log.length, f.data(key), key.length, f.out(), f.error()), Frame::told);
  }

  public static Told checkEvidence(String evidence, String logIdentity) {
    byte[] content = Texts.utf8(evidence);
    byte[] log = Texts.utf8(logIdentity);
    return call(f -> f.calls.check_evidence(f.data(content), content.length, f.data(log), log.length, f.out(), f.error()), Frame::told);
  }

  /** What a partner has answered, an acJWT to that rqJWT, under its key of 32 bytes. */
  public static Told deletionAnswer(String answer, String request, byte[] key) {
    byte[] said = Texts.utf8(answer);
    byte[] asked = Texts.utf8(request);
    byte[] with = needed(key, "a key is needed");
    return call(f -> f.calls.deletion_answer(f.data(said), said.length, f.data(asked), asked.length, f.data(with), with.length, f.out(), f.error()), Frame::told);
  }

  /** Sealed to a key {@code age1...} (X25519): a file that age and other programs of its format open. */
  public static byte[] seal(byte[] data, String key) {
    byte[] to = Texts.utf8(key);
    byte[] plain = needed(data, "bytes are needed");
    return call(f -> f.calls.seal(f.data(to), to.length, f.data(plain), plain.length, f.out(), f.error()), Frame::bytes);
  }

  /** The same under a policy: of {@code witnesses} (keys) {@code required} (else all) must have cosigned the ledger. */
  public static Told checkEvidence(String evidence, String logIdentity, Map<String, ?> policy) {
    byte[] content = Texts.utf8(evidence);
    byte[] log = Texts.utf8(logIdentity);
    byte[] said = Json.of(needed(policy, "a policy is needed"));
    return call(f -> f.calls.check_evidence_witnessed(f.data(content), content.length, f.data(log), log.length, f.data(said), said.length, f.out(), f.error()), Frame::told);
  }

  /** Proposes a column map for a shop's CSV files: {@code files}, {@code system}, {@code region}, {@code year}. */
  public static Told proposeColumnMap(Map<String, ?> request) {
    byte[] content = Json.of(needed(request, "a map is needed"));
    return callWithWhere(f -> f.calls.propose_column_map(f.data(content), content.length, f.out(), f.more(), f.error()), Frame::told);
  }

  /** What each role may do: docs/actors.md. */
  public static Object roles() {
    return Json.parse(call(f -> f.calls.roles(f.out(), f.error()), Frame::text));
  }

  /** The number of a word or of its term ("cb:BirthdayGreeting") of a kind: 1 purposes, 2 recipients, 3 categories, 4 operations. Throws UNKNOWN_FIELD. */
  public static int term(int kind, String word) {
    byte[] content = Texts.utf8(word);
    return call(f -> f.calls.term_find(kind, f.data(content), content.length, f.number(), f.error()), Frame::byteOut);
  }

  /** All words of a kind, as they are told to people: 1 purposes, 2 recipients, 3 categories, 4 operations. */
  public static List<Told> terms(int kind) {
    return call(f -> f.calls.terms(kind, f.out(), f.error()), Frame::rows);
  }
}
