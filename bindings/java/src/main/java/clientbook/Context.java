package clientbook;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * A context of the library with what was opened in it. It must not be destroyed while a thread is in a call: each session has a gate that one thread passes at a time. The end lets nobody pass any more,
 * waits a second for who is in a call, and is refused if that takes longer.
 */
final class Context implements Runnable {
  private static final long PATIENCE = 1_000_000_000L;

  private final long address;
  /** Callbacks, which the library has the addresses of. */
  private final List<Machine.Upcall> upcalls = new ArrayList<>();
  private final Set<Gate> gates = new HashSet<>();
  private boolean closed;
  /** Whether close() waits for who is in a call: who comes meanwhile waits for its outcome. */
  private volatile boolean closing;
  /** Set in a thread whose clock is asked just now: it may not call the book meanwhile, which is no concern of other threads. Null: the book has no clock of the host's. */
  private volatile ThreadLocal<Boolean> asked;

  Context() {
    try (Frame f = Frame.take()) {
      f.check(f.calls.context_create(Structs.ABI_VERSION, f.number(), f.error()));
      address = f.numberOut();
    }
  }

  long address() {
    return address;
  }

  /** The address of a clock; of whatever goes wrong the library is told 1970, and no permission with a time limit holds. */
  long clock(java.time.Clock of) {
    ThreadLocal<Boolean> within = new ThreadLocal<>();
    Machine.Upcall out = Library.machine().clock(unused -> {
      within.set(true);
      try {
        return Math.max(0, of.instant().getEpochSecond());
      } catch (Throwable problem) {
        return 0;
      } finally {
        within.remove();
      }
    });
    asked = within;
    upcalls.add(out);
    return out.address();
  }

  void checkNotAsked() {
    ThreadLocal<Boolean> within = asked;
    if (within != null && within.get() != null) throw ClientbookException.refused(Code.INVALID_STATE, "the clock of a book cannot use the book");
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /** Runs what opens something; nobody closes the context meanwhile. */
  synchronized <T> T opening(java.util.function.Supplier<T> call) {
    checkNotAsked();
    if (closed) throw ClientbookException.refused(Code.INVALID_STATE, "the book is closed");
    return call.get();
  }

  synchronized Gate gate(long handle) {
    Gate out = new Gate(this, handle);
    gates.add(out);
    return out;
  }

  /** Destroys it, unless a session is in a call, or in a transaction of another thread. */
  synchronized void close() {
    checkNotAsked();
    if (closed) return;
    List<Gate> shut = new ArrayList<>();
    long deadline = System.nanoTime() + PATIENCE;
    closing = true;
    try {
      for (Gate one : gates) {
        if (one.shutWhenItIsLeft(deadline)) {
          shut.add(one);
          continue;
        }
        shut.forEach(Gate::open);
        throw ClientbookException.refused(Code.INVALID_STATE, "a session of the book is in a call, or in a transaction of another thread");
      }
      end();
    } finally {
      closing = false;
    }
  }

  /** True: one was under way, and has had its outcome. */
  private boolean awaitClosing() {
    if (!closing) return false;
    while (closing) LockSupport.parkNanos(50_000);
    return true;
  }

  private void end() {
    closed = true;
    gates.clear();
    Library.machine().calls.context_destroy(address);
    upcalls.clear();
  }

  /** What the cleaner runs when nobody has the book or a session of it any more. */
  @Override
  public synchronized void run() {
    if (!closed) end();
  }

  /** What a session ends with; true if it was open. */
  synchronized boolean close(Gate gate) {
    if (closed || !gates.contains(gate)) return false;
    if (!gate.shut()) throw gate.refused();
    gates.remove(gate);
    try (Frame f = Frame.take()) {
      f.check(Library.machine().calls.close(address, gate.handle, f.error()));
    }
    return true;
  }

  static final class Gate {
    private static final VarHandle STATE;
    private static final int FREE = 0;
    private static final int BUSY = 1;
    /** Busy, and shut when it is left. */
    private static final int LAST = 2;
    private static final int SHUT = 3;

    static {
      try {
        STATE = MethodHandles.lookup().findVarHandle(Gate.class, "state", int.class);
      } catch (ReflectiveOperationException problem) {
        throw new ExceptionInInitializerError(problem);
      }
    }

    private final Context context;
    final long handle;
    @SuppressWarnings("unused") // by STATE
    private volatile int state;
    private Thread inside;
    /** Who has a transaction; null: nobody. */
    volatile Thread transaction;

    Gate(Context context, long handle) {
      this.context = context;
      this.handle = handle;
    }

    void enter() {
      while (!STATE.compareAndSet(this, FREE, BUSY)) {
        int now = (int) STATE.getVolatile(this);
        if (now == FREE) continue;
        // A closing that was refused meanwhile has opened it again.
        if (now != SHUT || (!context.awaitClosing() && isShut())) throw refused();
      }
      inside = Thread.currentThread();
    }

    void leave() {
      inside = null;
      if (!STATE.compareAndSet(this, BUSY, FREE)) STATE.setRelease(this, SHUT);
    }

    boolean shutWhenItIsLeft(long deadline) {
      if (shut()) return true;
      Thread whose = transaction;
      if (inside == Thread.currentThread() || (whose != null && whose != Thread.currentThread())) return false;
      while (!isShut() && !shut() && !STATE.compareAndSet(this, BUSY, LAST)) Thread.onSpinWait();
      while (!isShut() && System.nanoTime() < deadline) LockSupport.parkNanos(50_000);
      return isShut() || !STATE.compareAndSet(this, LAST, BUSY);
    }

    boolean shut() {
      Thread whose = transaction;
      return (whose == null || whose == Thread.currentThread()) && STATE.compareAndSet(this, FREE, SHUT);
    }

    void open() {
      STATE.setRelease(this, FREE);
    }

    boolean isShut() {
      return (int) STATE.getVolatile(this) == SHUT;
    }

    ClientbookException refused() {
      return ClientbookException.refused(Code.INVALID_STATE,
          isShut() ? "the session is closed" : "the session is in a call of another thread, or in one that calls back");
    }
  }
}
