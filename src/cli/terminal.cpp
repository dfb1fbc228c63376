// Questions go to stderr, so that a pipe behind the program gets the answer of the command alone.
#include "terminal.hpp"

#include <clientbook/base/secret.hpp>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <span>

#include <termios.h>
#include <unistd.h>

namespace clientbook::cli {

bool can_ask(const program& in) {
  return !in.json && !in.quiet && ::isatty(STDIN_FILENO) != 0 && ::isatty(STDERR_FILENO) != 0;
}

std::string ask(const std::string& what) {
  std::fprintf(stderr, "%s: ", what.c_str());
  std::string line;
  if (!std::getline(std::cin, line)) return {};
  const std::size_t begin = line.find_first_not_of(" \t\r");
  if (begin == line.npos) return {};
  return line.substr(begin, line.find_last_not_of(" \t\r") + 1 - begin);
}

namespace {

// For the handler, which has nothing else.
termios as_it_was{};

extern "C" void end_with_echo(int signal) {
  ::tcsetattr(STDIN_FILENO, TCSANOW, &as_it_was);
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

// No echo as long as it lives. Ctrl-C ends the line instead of the program, which would leave the
// terminal without one; whoever ends the program from elsewhere gets it back too.
class without_echo {
 public:
  without_echo() {
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
    is_terminal_ = true;
    as_it_was = before_;
    struct sigaction act {};
    act.sa_handler = end_with_echo;
    for (std::size_t i = 0; i < ends.size(); ++i) ::sigaction(ends[i], &act, &handlers_[i]);
    termios now = before_;
    now.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
    now.c_lflag |= ICANON | ECHONL;
    now.c_cc[VEOL] = interrupt;
    hidden_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &now) == 0;
  }
  ~without_echo() {
    if (hidden_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    if (!is_terminal_) return;
    for (std::size_t i = 0; i < ends.size(); ++i) ::sigaction(ends[i], &handlers_[i], nullptr);
  }
  without_echo(const without_echo&) = delete;
  without_echo& operator=(const without_echo&) = delete;
  bool hidden() const { return hidden_; }
  static constexpr char interrupt = 3;

 private:
  static constexpr std::array ends{SIGTERM, SIGHUP, SIGQUIT};
  termios before_{};
  std::array<struct sigaction, ends.size()> handlers_{};
  bool is_terminal_ = false;
  bool hidden_ = false;
};

}  // namespace

std::optional<std::string> ask_hidden(const std::string& what) {
  const without_echo quiet;
  if (!quiet.hidden()) return std::nullopt;  // Nothing secret is typed where it is shown.
  std::fprintf(stderr, "%s: ", what.c_str());
  secret<4096> line;
  const ssize_t size = line.fill_bytes([](byte_span to) {
    ssize_t got = 0;
    do {
      got = ::read(STDIN_FILENO, to.data(), to.size());
    } while (got < 0 && errno == EINTR);
    return got;
  });
  if (size <= 0) return std::nullopt;
  std::string out = line.with_bytes([&](byte_view bytes) {
    return std::string(as_text(bytes.first(static_cast<std::size_t>(size))));
  });
  if (out.find(without_echo::interrupt) == out.npos) return out;
  wipe(std::as_writable_bytes(std::span(out)));
  return std::nullopt;
}

bool agreed(const std::string& what) {
  const std::string said = ask(what + " [y/n]");
  return said == "y" || said == "Y" || said == "yes";
}

}  // namespace clientbook::cli
