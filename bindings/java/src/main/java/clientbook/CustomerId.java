package clientbook;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** The public id of a customer: shows nothing of them. */
public record CustomerId(long high, long low) {
  static CustomerId of(byte[] bytes, int at) {
    ByteBuffer from = ByteBuffer.wrap(bytes);
    return new CustomerId(from.getLong(at), from.getLong(at + 8));
  }

  /** Of 32 hexadecimal digits. */
  public static CustomerId of(String text) {
    if (text == null || !text.matches("[0-9a-fA-F]{32}")) {
      throw ClientbookException.refused(Code.INVALID_ARGUMENT, "an id has 32 hexadecimal digits");
    }
    return of(HexFormat.of().parseHex(text), 0);
  }

  byte[] bytes() {
    return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
  }

  /** 32 hexadecimal digits. */
  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }
}
