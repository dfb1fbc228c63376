package clientbook;

import java.lang.ref.Cleaner;
import java.nio.file.Path;

/** A store of customers, open in this process; threads may share it, each with a session of its own. */
public final class Book implements AutoCloseable {
  static final Cleaner CLEANER = Cleaner.create();

  private final Context context;
  private final long handle;

  Book(Context context, long handle) {
    this.context = context;
    this.handle = handle;
    CLEANER.register(this, context);
  }

  Context context() {
    return context;
  }

  /** The book, opened by an actor that the host has authenticated; {@code actor} is not 0. */
  public Session session(int actor, Role role) {
    ClientbookException.needed(role, "a role is needed");
    return context.opening(() -> {
      try (Frame f = Frame.take()) {
        f.check(f.calls.session_begin(context.address(), handle, actor, role.number(), f.number(), f.error()));
        return new Session(this, context.gate(f.numberOut()));
      }
    });
  }

  /** The same by whoever shows with their key file that they are that actor. */
  public Session session(int actor, Role role, Path identity) {
    ClientbookException.needed(role, "a role is needed");
    byte[] place = Texts.utf8(ClientbookException.needed(identity, "a path is needed").toString());
    return context.opening(() -> {
      try (Frame f = Frame.take()) {
        long shown = f.struct(Structs.CREDENTIAL_SIZE).put(Structs.CREDENTIAL_IDENTITY_FILE, place).address();
        f.check(f.calls.session_begin_as(context.address(), handle, actor, role.number(), shown, f.number(), f.error()));
        return new Session(this, context.gate(f.numberOut()));
      }
    });
  }

  public boolean isClosed() {
    return context.isClosed();
  }

  /** Closes the book with its sessions. Throws INVALID_STATE while another thread is in one. */
  @Override
  public void close() {
    context.close();
  }

  @Override
  public String toString() {
    return isClosed() ? "Book[closed]" : "Book[open]";
  }
}
