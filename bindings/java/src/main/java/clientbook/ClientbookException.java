package clientbook;

/** Something that the library refused or could not do. No text of it quotes a value. */
public final class ClientbookException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Code code;
  private final long at;
  private final String where;

  ClientbookException(Code code, String text, long at, String where) {
    super(code.name().toLowerCase(java.util.Locale.ROOT) + ": " + text + place(at, where));
    this.code = code;
    this.at = at;
    this.where = where;
  }

  /** One that this package itself finds out. */
  static ClientbookException refused(Code code, String text) {
    return new ClientbookException(code, text, 0, "");
  }

  /** What a call cannot do without. */
  static <T> T needed(T given, String what) {
    if (given == null) throw refused(Code.INVALID_ARGUMENT, what);
    return given;
  }

  private static String place(long at, String where) {
    if (!where.isEmpty()) return " (" + where + ")";
    return at != 0 ? " (at " + Long.toUnsignedString(at) + ")" : "";
  }

  public Code code() {
    return code;
  }

  /** The number of a field, a byte, a line: what the call documents. 0: nowhere in particular. */
  public long at() {
    return at;
  }

  /** A JSON pointer into what was given, or "". */
  public String where() {
    return where;
  }
}
