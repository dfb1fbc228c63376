// Standard input, output and error are open before anything else is: a file that is opened while
// one of them is not gets its number, and what the program says would be written into a book.
#ifndef CLIENTBOOK_CLI_STANDARD_FILES_HPP
#define CLIENTBOOK_CLI_STANDARD_FILES_HPP

namespace clientbook::cli {

/// One that is closed is opened such that reading it, or writing to it, is an error, as it is of
/// one that is closed: never as if something had got out. False: the system gives none.
bool open_standard_files() noexcept;

/// What is printed lies on its way out in memory of this program's own. Before anything is.
void own_output_buffer() noexcept;
/// What was printed last is there no more. Nothing waits to be written: flush before.
void wipe_output_buffer() noexcept;

}  // namespace clientbook::cli

#endif
