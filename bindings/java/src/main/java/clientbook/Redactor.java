package clientbook;

import static clientbook.Frame.size;

import java.lang.ref.Reference;

/** Redaction of what comes in pieces, such as a file, in bounded memory. Of one thread at a time. */
public final class Redactor implements AutoCloseable {
  private final Context context = new Context();
  private final long handle;

  /** Throws INVALID_ARGUMENT (no such form). */
  public Redactor(TextOptions how) {
    byte[] form = ClientbookException.needed(how, "options are needed").form() == null ? null : Texts.utf8(how.form());
    try (Frame f = Frame.take()) {
      f.check(f.calls.redactor_create(context.address(), f.data(form), size(form), Clientbook.options(f, how), f.number(), f.error()));
      handle = f.numberOut();
    } catch (Throwable problem) {
      context.close();
      throw problem;
    }
    Book.CLEANER.register(this, context);
  }

  /** What has become certain, perhaps nothing. Throws INVALID_ENCODING (at: byte of the whole input); after an error INVALID_STATE. */
  public byte[] write(byte[] piece) {
    ClientbookException.needed(piece, "a piece is needed");
    try {
      return context.opening(() -> {
        try (Frame f = Frame.take()) {
          f.check(f.calls.redactor_write(context.address(), handle, f.data(piece), piece.length, f.out(), f.error()));
          return f.bytes();
        }
      });
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** The rest, and how much of what kind was hidden. It can then take the next input. */
  public Rest finish() {
    try {
      return context.opening(() -> {
        try (Frame f = Frame.take()) {
          f.check(f.calls.redactor_finish(context.address(), handle, f.out(), f.more(), f.error()));
          return new Rest(f.bytes(), (Told) Json.parse(Texts.of(f.moreBytes())));
        }
      });
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public void close() {
    context.close();
  }

  /** The end of an input. */
  public record Rest(byte[] bytes, Told receipt) {
    @Override
    public String toString() {
      return "Rest[]";
    }
  }
}
