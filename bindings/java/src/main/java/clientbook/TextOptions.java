package clientbook;

import java.util.List;

/** How texts are looked through. Regions: countries whose phone and identity numbers are looked for; form: csv, json, json lines, html, xml, mail, log, plain, null: what the first bytes show. */
public record TextOptions(List<String> regions, Mark mark, String form) {
  public TextOptions() {
    this(List.of(), Mark.LABEL, null);
  }

  public TextOptions regions(String... regions) {
    return new TextOptions(List.of(regions), mark, form);
  }

  public TextOptions mark(Mark mark) {
    return new TextOptions(regions, mark, form);
  }

  public TextOptions form(String form) {
    return new TextOptions(regions, mark, form);
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
}
