package clientbook;

import com.sun.jna.Callback;
import com.sun.jna.CallbackReference;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.Arrays;

/** By JNA, with direct mapping. */
final class JnaMachine extends Machine {
  JnaMachine(Path library) {
    super(registered(library));
  }

  private static Calls registered(Path library) {
    NativeLibrary opened;
    try {
      opened = NativeLibrary.getInstance(library.toString());
    } catch (UnsatisfiedLinkError problem) {
      throw Library.none();
    }
    try {
      Native.register(JnaCalls.class, opened);
    } catch (UnsatisfiedLinkError problem) {
      throw Library.lacks(missing(opened));
    }
    return new JnaCalls();
  }

  /** The first function, by name, that the library has not. */
  private static String missing(NativeLibrary in) {
    for (String name : Arrays.stream(JnaCalls.class.getDeclaredMethods()).filter(one -> Modifier.isNative(one.getModifiers())).map(Method::getName).sorted().toList()) {
      try {
        in.getFunction(name);
      } catch (UnsatisfiedLinkError problem) {
        return name;
      }
    }
    return "function that can be called";
  }

  @Override
  Area area(int size) {
    Memory memory = new Memory(size);
    memory.clear();
    return new Area(Pointer.nativeValue(memory), memory.getByteBuffer(0, size), memory);
  }

  @Override
  void copy(long from, byte[] to) {
    if (to.length > 0) new Pointer(from).read(0, to, 0, to.length);
  }

  @Override
  String text(long address) {
    return new Pointer(address).getString(0, "UTF-8");
  }

  private static Upcall upcall(Callback function) {
    return new Upcall(Pointer.nativeValue(CallbackReference.getFunctionPointer(function)), function);
  }

  @Override
  Upcall clock(Clock function) {
    return upcall((JnaClock) function::now);
  }

  @Override
  Upcall progress(Progress function) {
    return upcall((JnaProgress) function::done);
  }

  @Override
  Upcall write(Write function) {
    return upcall((JnaWrite) function::write);
  }

  @Override
  Upcall finish(Finish function) {
    return upcall((JnaFinish) function::finish);
  }

  /** For JNA, which finds the one method of each. */
  interface JnaClock extends Callback {
    long callback(long context);
  }

  /** The same. */
  interface JnaProgress extends Callback {
    void callback(long context, long done);
  }

  /** The same. */
  interface JnaWrite extends Callback {
    long callback(long context, long file, long fileSize, long bytes, long size);
  }

  /** The same. */
  interface JnaFinish extends Callback {
    int callback(long context);
  }
}
