package clientbook;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.BiFunction;

/** By java.lang.foreign. */
final class FfmMachine extends Machine {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final BiFunction<Path, Arena, SymbolLookup> LOADER = SymbolLookup::libraryLookup;
  private static SymbolLookup library;

  private FfmMachine(Calls calls) {
    super(calls);
  }

  static Machine make(Path file) {
    try {
      library = LOADER.apply(file, Arena.global());
    } catch (IllegalArgumentException problem) {
      throw Library.none();
    }
    try {
      return new FfmMachine(new FfmCalls());
    } catch (ExceptionInInitializerError problem) {
      if (problem.getCause() instanceof ClientbookException why) throw why;
      throw problem;
    }
  }

  private static FunctionDescriptor descriptor(Class<?> result, Class<?>... parameters) {
    MemoryLayout[] layouts = Arrays.stream(parameters).map(FfmMachine::layout).toArray(MemoryLayout[]::new);
    return result == void.class ? FunctionDescriptor.ofVoid(layouts) : FunctionDescriptor.of(layout(result), layouts);
  }

  private static MemoryLayout layout(Class<?> of) {
    if (of == byte.class) return ValueLayout.JAVA_BYTE;
    return of == int.class ? ValueLayout.JAVA_INT : ValueLayout.JAVA_LONG;
  }

  /** A function of the library. */
  static MethodHandle handle(String name, Class<?> result, Class<?>... parameters) {
    MemorySegment where = library.find(name).orElseThrow(() -> Library.lacks(name));
    return LINKER.downcallHandle(where, descriptor(result, parameters));
  }

  static AssertionError impossible(Throwable problem) {
    if (problem instanceof Error error) throw error;
    return new AssertionError(problem);
  }

  @Override
  Area area(int size) {
    MemorySegment memory = Arena.ofAuto().allocate(size, 16);
    return new Area(memory.address(), memory.asByteBuffer(), memory);
  }

  @Override
  void copy(long from, byte[] to) {
    if (to.length == 0) return;
    MemorySegment.copy(MemorySegment.ofAddress(from).reinterpret(to.length), ValueLayout.JAVA_BYTE, 0, to, 0, to.length);
  }

  @Override
  String text(long address) {
    return MemorySegment.ofAddress(address).reinterpret(Long.MAX_VALUE).getString(0);
  }

  private static Upcall upcall(Class<?> type, Object function, String method, Class<?> result, Class<?>... parameters) {
    try {
      MethodHandle handle = MethodHandles.lookup().findVirtual(type, method, MethodType.methodType(result, parameters)).bindTo(function);
      MemorySegment made = LINKER.upcallStub(handle, descriptor(result, parameters), Arena.ofAuto());
      return new Upcall(made.address(), made);
    } catch (ReflectiveOperationException problem) {
      throw new AssertionError(problem);
    }
  }

  @Override
  Upcall clock(Clock function) {
    return upcall(Clock.class, function, "now", long.class, long.class);
  }

  @Override
  Upcall progress(Progress function) {
    return upcall(Progress.class, function, "done", void.class, long.class, long.class);
  }

  @Override
  Upcall write(Write function) {
    return upcall(Write.class, function, "write", long.class, long.class, long.class, long.class, long.class, long.class);
  }

  @Override
  Upcall finish(Finish function) {
    return upcall(Finish.class, function, "finish", int.class, long.class);
  }
}
