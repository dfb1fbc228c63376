package clientbook;

import java.nio.charset.StandardCharsets;

/** Texts on their way in: UTF-8, and half of a surrogate pair is refused, not replaced. */
final class Texts {
  private Texts() {}

  static byte[] utf8(String text) {
    if (text == null) throw ClientbookException.refused(Code.INVALID_ARGUMENT, "a text is needed");
    for (int i = 0; i < text.length(); ++i) {
      if (!Character.isSurrogate(text.charAt(i))) continue;
      if (i + 1 == text.length() || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
        throw new ClientbookException(Code.INVALID_ENCODING, "half of a surrogate pair", i, "");
      }
      ++i;
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String of(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
