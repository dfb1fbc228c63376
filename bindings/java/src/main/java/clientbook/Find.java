package clientbook;

/** What names somebody in a text: from {@code begin} up to {@code end}, indices of the String; {@code score} in percent. */
public record Find(int begin, int end, String type, String rule, int score, boolean goesOn) {}
