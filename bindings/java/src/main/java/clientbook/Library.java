package clientbook;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Where libclientbook.so is: what the property clientbook.native names, or the one in the jar, which is copied to where only this user can write. The copy is gone as soon as it is loaded: nothing of it
 * stays behind, however the program ends.
 */
final class Library {
  private static final Machine MACHINE;
  private static final ClientbookException PROBLEM;

  static {
    Machine made = null;
    ClientbookException problem = null;
    try {
      made = loaded();
    } catch (ClientbookException why) {
      problem = why;
    }
    MACHINE = made;
    PROBLEM = problem;
  }

  private Library() {}

  /** Throws UNSUPPORTED, at every use, where there is none that this package can call. */
  static Machine machine() {
    if (MACHINE == null) throw PROBLEM;
    return MACHINE;
  }

  private static Machine loaded() {
    String given = System.getProperty("clientbook.native");
    if (given != null) return loaded(named(given));
    Path copy = copy();
    try {
      return loaded(copy);
    } finally {
      forget(copy);
    }
  }

  private static Path named(String given) {
    try {
      Path out = Path.of(given).toAbsolutePath();
      if (Files.isRegularFile(out)) return out;
    } catch (InvalidPathException problem) {
      // The same as none.
    }
    throw ClientbookException.refused(Code.UNSUPPORTED, "there is no file where the property clientbook.native says that the library is");
  }

  private static Machine loaded(Path file) {
    try {
      return Machines.make(file);
    } catch (NoClassDefFoundError problem) {
      throw ClientbookException.refused(Code.UNSUPPORTED, "JNA is not in the class path: net.java.dev.jna:jna is needed");
    }
  }

  private static Path copy() {
    String name = "/clientbook/native/" + System.getProperty("os.name").toLowerCase(java.util.Locale.ROOT) + "-" + System.getProperty("os.arch") + "/libclientbook.so";
    Path file = null;
    try (InputStream from = Library.class.getResourceAsStream(name)) {
      if (from == null) {
        throw ClientbookException.refused(Code.UNSUPPORTED, "no library for this machine: the property clientbook.native names one");
      }
      file = Files.createTempDirectory("clientbook-").resolve("libclientbook.so");
      Files.copy(from, file);
      return file;
    } catch (IOException problem) {
      if (file != null) forget(file);
      throw ClientbookException.refused(Code.IO_ERROR, "the library cannot be copied out of the jar");
    }
  }

  private static void forget(Path file) {
    try {
      Files.deleteIfExists(file);
      Files.deleteIfExists(file.getParent());
    } catch (IOException problem) {
      // It stays: no reason to do without a library that works.
    }
  }

  /** Of a file that is no library of this machine. */
  static ClientbookException none() {
    return ClientbookException.refused(Code.UNSUPPORTED, "the library cannot be loaded: it is of another machine, or damaged, or needs another library that is missing");
  }

  /** Of a library that has not all functions. */
  static ClientbookException lacks(String function) {
    return ClientbookException.refused(Code.UNSUPPORTED, "the library has no " + function + ": it is of another version");
  }
}
