package clientbook;

import java.nio.ByteBuffer;

/** How the library is reached: its calls, memory beside Java's, and functions that it can call back. There are two: JNA, and java.lang.foreign where Java has it (Machines). */
abstract class Machine {
  final Calls calls;

  Machine(Calls calls) {
    this.calls = calls;
  }

  /** Memory that lives as long as what is returned. */
  abstract Area area(int size);

  /** Copies bytes that the library has handed out. */
  abstract void copy(long from, byte[] to);

  /** A static text of the library, which ends in a NUL. */
  abstract String text(long address);

  abstract Upcall clock(Clock function);

  abstract Upcall progress(Progress function);

  abstract Upcall write(Write function);

  abstract Upcall finish(Finish function);

  record Area(long address, ByteBuffer bytes, Object owner) {}

  /** The address of a function; it lives as long as this does. */
  record Upcall(long address, Object owner) {}

  // In C's types. None may throw: an exception must not leave them.

  interface Clock {
    long now(long context);
  }

  interface Progress {
    void done(long context, long done);
  }

  interface Write {
    long write(long context, long file, long fileSize, long bytes, long size);
  }

  interface Finish {
    int finish(long context);
  }
}
