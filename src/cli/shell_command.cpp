// shell: the book is opened once, and then lines are commands.
//
// Opening costs more than a look-up: the root key is unsealed, whoever acts is asked, and what
// finds somebody lies in memory from the first question on.
#include <clientbook/base/secret.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <memory>
#include <span>

#include <poll.h>
#include <sys/time.h>
#include <termios.h>
#include <unistd.h>

#include "call.hpp"
#include "command_tree.hpp"
#include "destination.hpp"
#include "program.hpp"
#include "terminal.hpp"
#include "typed_line.hpp"

namespace clientbook::cli {
namespace {

// What makes a book, or opens one by itself.
constexpr std::array outside{"init", "upgrade", "restore", "drill",     "key",
                             "pin",  "shell",   "manual",  "completion"};

struct shell_options {
  double idle_minutes = 15;
  bool keep_going = false;
};

// For the handler, which has nothing else.
termios at_the_prompt{};

// Nothing is under way at the prompt, so the program may just end.
extern "C" void leave_idle(int /*signal*/) {
  constexpr std::string_view said = "\nclientbook: nothing was typed for a while: left the shell\n";
  ::tcsetattr(STDIN_FILENO, TCSANOW, &at_the_prompt);
  static_cast<void>(!::write(STDERR_FILENO, said.data(), said.size()));
  ::_exit(0);
}

// Nobody finds the book open at an empty counter.
class idle_limit {
 public:
  explicit idle_limit(double minutes) {
    struct sigaction act {};
    act.sa_handler = leave_idle;
    ::tcgetattr(STDIN_FILENO, &at_the_prompt);
    ::sigaction(SIGALRM, &act, &before_);
    set(minutes * 60);
  }
  ~idle_limit() {
    set(0);
    ::sigaction(SIGALRM, &before_, nullptr);
  }
  idle_limit(const idle_limit&) = delete;
  idle_limit& operator=(const idle_limit&) = delete;

 private:
  static void set(double seconds) {
    itimerval when{};
    const auto whole = static_cast<std::time_t>(seconds);
    when.it_value.tv_sec = whole;
    when.it_value.tv_usec =
        static_cast<suseconds_t>((seconds - static_cast<double>(whole)) * 1'000'000);
    ::setitimer(ITIMER_REAL, &when, nullptr);
  }

  struct sigaction before_ {};
};

command_line commands_within(program& in) {
  command_line all = all_commands(in);
  for (const char* name : outside) all.remove_command(name);
  return all;
}

// Short words lie in the strings themselves, and those that are gone on the stack below.
[[gnu::noinline]] void wipe_stack_below() {
  std::array<std::byte, 262144> below;
  wipe(below);
}

// A line as a call of its own. Returns its exit code.
int call_of(const program& shared, const std::string& line) {
  // Words end there for everybody behind the shell.
  if (line.find('\0') != line.npos) {
    return report(shared, {{errc::invalid_argument, "it has a NUL in it"}, "the line"});
  }
  const auto words = words_in(line);
  if (!words) {
    return report(shared, {{errc::invalid_argument, "a quote is not closed"}, "the line"});
  }
  std::vector<std::string> all = *words;
  if (all.empty() || all.front() != "clientbook") all.insert(all.begin(), "clientbook");
  if (all.size() == 1) return 0;
  if (all[1] == "help") all[1] = "--help";
  for (const char* name : outside) {
    if (all[1] != name) continue;
    return report(shared, {{errc::invalid_argument, "not within the shell: leave it first"}, name});
  }
  std::vector<char*> arguments;
  for (std::string& word : all) arguments.push_back(word.data());
  program in = shared;
  command_line commands = commands_within(in);
  return call(commands, in, static_cast<int>(arguments.size()), arguments.data());
}

int run_line(const program& shared, const std::string& line) {
  const int code = call_of(shared, line);
  wipe_stack_below();
  return code;
}

bool leaves(const std::string& line) { return line == "exit" || line == "quit"; }

void at_a_terminal(const program& shared, double idle_minutes) {
  program described = shared;
  line_reader lines(command_tree(commands_within(described).top()),
                    "clientbook " + shared.role + " " + std::to_string(shared.actor_number) + "> ");
  if (!shared.quiet) {
    std::fputs("One command a line; `help` lists them, `exit` leaves.\n", stderr);
  }
  for (;;) {
    std::optional<std::string> line;
    {
      const idle_limit limit(idle_minutes);
      line = lines.next();
    }
    if (!line || leaves(*line)) return;
    run_line(shared, *line);
  }
}

// Whether a command would read the lines behind it as its own.
bool reads_input(const std::string& line) {
  const auto words = words_in(line);
  return words && std::any_of(words->begin(), words->end(), [](const std::string& word) {
           return word == "-" || word.ends_with("=-");
         });
}

// Standard input by lines. Whether it ended or could not be read is told apart.
class input_lines {
 public:
  /// False: there is none any more. What was there before is wiped, here and in the line.
  bool next(std::string& line) {
    wipe(std::as_writable_bytes(std::span(line)));
    line.clear();
    for (;;) {
      const auto from = room_.begin() + static_cast<std::ptrdiff_t>(at_);
      const auto to = room_.begin() + static_cast<std::ptrdiff_t>(end_);
      const auto found = std::find(from, to, '\n');
      line.append(from, found);
      wipe(std::as_writable_bytes(std::span(from, found)));
      at_ = static_cast<std::size_t>(found - room_.begin());
      if (found != to) {
        ++at_;
        return true;
      }
      if (!more()) return !line.empty() && !failed_;
    }
  }
  bool failed() const { return failed_; }

 private:
  bool more() {
    for (;;) {
      const ssize_t got = ::read(STDIN_FILENO, room_.data(), room_.size());
      at_ = 0;
      end_ = got > 0 ? static_cast<std::size_t>(got) : 0;
      if (got >= 0) return got > 0;
      if (errno == EINTR) continue;
      if (errno == EAGAIN) {
        pollfd there{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
        ::poll(&there, 1, -1);
        continue;
      }
      failed_ = true;
      return false;
    }
  }

  std::array<char, 4096> room_{};
  std::size_t at_ = 0, end_ = 0;
  bool failed_ = false;
};

// Beside what the line said itself: in JSON where that was asked for.
void tell_which_failed(const program& shared, std::size_t number, bool keep_going) {
  if (shared.json) {
    std::fprintf(stderr, "{\"line\":%zu,\"failed\":true,\"goes_on\":%s}\n", number,
                 keep_going ? "true" : "false");
    return;
  }
  std::fprintf(
      stderr, "clientbook: line %zu of the input failed; %s\n", number,
      keep_going ? "the next ones are tried" : "those before it are done, those after it are not");
}

// Lines of a file or another program: what fails is not passed over, unless that is asked for.
// Returns the exit code.
int from_input(const program& shared, bool keep_going) {
  int first_failure = 0;
  std::string line;
  input_lines input;
  for (std::size_t number = 1; input.next(line) && !leaves(line); ++number) {
    if (number == 1 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
    const int code =
        reads_input(line)
            ? report(shared,
                     {{errc::invalid_argument, "standard input has the shell's lines: name a file"},
                      "`-`"})
            : run_line(shared, line);
    if (code == 0) continue;
    tell_which_failed(shared, number, keep_going);
    if (first_failure == 0) first_failure = code;
    if (!keep_going) break;
  }
  if (!input.failed()) return first_failure;
  // What was not read might have been anything.
  const int unread =
      report(shared, {{errc::io_error, "what is behind it is not read and not done"}, "the input"});
  return first_failure == 0 ? unread : first_failure;
}

void shell(program& in, const shell_options& what) {
  program shared = in;
  {
    book opened = in.open();
    session first = in.begin(opened);
    shared.shell = std::make_shared<const open_shell>(
        open_shell{.opened = std::move(opened), .first = std::move(first)});
  }
  if (::isatty(STDIN_FILENO) != 0) return at_a_terminal(shared, what.idle_minutes);
  in.exit_code = from_input(shared, what.keep_going);
}

}  // namespace

void add_shell_command(command app, program& in) {
  auto command = app.add_command(
      "shell", "Open the book once and work with it: one command a line, without the book's name");
  in.takes_book(command);
  auto what = std::make_shared<shell_options>();
  command
      .add_option("--idle", what->idle_minutes,
                  "At a terminal, leave after so many minutes without a line; 0: never")
      .show_default()
      .in_range(0.0, 1440.0, "0 to 1440");
  command.add_flag("--keep-going", what->keep_going,
                   "Of lines from a file: go on behind one that fails");
  command.callback([&in, what] { shell(in, *what); });
}

}  // namespace clientbook::cli
