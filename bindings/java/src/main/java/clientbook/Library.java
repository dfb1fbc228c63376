package clientbook;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where libclientbook.so is: what the property clientbook.native names, or the one in the jar, which is copied to where only this user can write. */
final class Library {
  private static final Machine MACHINE;
  private static final ClientbookException PROBLEM;

  static {
    Machine made = null;
    ClientbookException problem = null;
    try {
      made = Machines.make();
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

  static Path path() {
    String given = System.getProperty("clientbook.native");
    if (given != null) return Path.of(given).toAbsolutePath();
    String name = "/clientbook/native/" + System.getProperty("os.name").toLowerCase(java.util.Locale.ROOT) + "-" + System.getProperty("os.arch") + "/libclientbook.so";
    try (InputStream from = Library.class.getResourceAsStream(name)) {
      if (from == null) {
        throw ClientbookException.refused(Code.UNSUPPORTED, "no library for this machine: the property clientbook.native names one");
      }
      Path folder = Files.createTempDirectory("clientbook-");
      Path file = folder.resolve("libclientbook.so");
      Files.copy(from, file);
      file.toFile().deleteOnExit();
      folder.toFile().deleteOnExit();
      return file;
    } catch (IOException problem) {
      throw ClientbookException.refused(Code.IO_ERROR, "the library cannot be copied out of the jar");
    }
  }

  /** Of a library that has not all functions. */
  static ClientbookException another() {
    return ClientbookException.refused(Code.UNSUPPORTED, "the library cannot be loaded, or is of another version");
  }
}
