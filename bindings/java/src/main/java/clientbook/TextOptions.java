package clientbook;

import java.util.List;

/**
 * How texts are looked through. Regions: countries whose phone and identity numbers are looked for; form: csv, json, json lines, html, xml, mail, log, plain, null: what the first bytes show; looks: what
 * is looked for beside the usual.
 */
public record TextOptions(List<String> regions, Mark mark, String form, List<Look> looks) {
  public TextOptions() {
    this(List.of(), Mark.LABEL, null, List.of());
  }

  public TextOptions(List<String> regions, Mark mark, String form) {
    this(regions, mark, form, List.of());
  }

  public TextOptions regions(String... regions) {
    return new TextOptions(List.of(regions), mark, form, looks);
  }

  public TextOptions mark(Mark mark) {
    return new TextOptions(regions, mark, form, looks);
  }

  public TextOptions form(String form) {
    return new TextOptions(regions, mark, form, looks);
  }

  public TextOptions looks(Look... looks) {
    return new TextOptions(regions, mark, form, List.of(looks));
  }

  /** What stands in the place of a find. */
  public enum Mark {
    /** &lt;EMAIL_ADDRESS&gt; */
    LABEL,
    /** &lt;EMAIL_ADDRESS_1&gt;: the same value gets the same number within a text. */
    NUMBERED_LABEL,
    /** Four blocks, whatever the length. */
    BLOCKS
  }

  /** What is looked for beside the usual. */
  public enum Look {
    /** Card numbers with a typing slip too. */
    CARDS,
    /** Every day, not only those beside a word of birth. */
    DATES,
    /** "name at firm dot com" too. */
    EMAILS,
    /** Of a URL the path and query only. */
    URLS
  }
}
