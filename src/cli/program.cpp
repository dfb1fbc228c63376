// What the commands share: options of a book, how it is opened, how an answer and a failure are
// printed.
#include "program.hpp"

#include <clientbook/open/open.hpp>

#include <boost/json/serialize.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <utility>

#include <unistd.h>

namespace clientbook::cli {

void fail(const error& what, std::string about) { throw failure{what, std::move(about)}; }

void program::takes_book(CLI::App& command) {
  command.add_option("book", book_path, "Folder of the book")->required();
  command
      .add_option("-k,--key", key_path,
                  "File with the root key; not in or beside the book's folder")
      ->envname("CLIENTBOOK_KEY")
      ->required();
  // A command that has this looks at the environment by itself, when it is the one that is called.
  // Else those of all commands, which share the variable, would follow and overwrite what was said.
  command.parse_complete_callback([] {});
  command.add_option("--actor", actor_number, "Number of who acts, for the ledger")
      ->capture_default_str();
  command
      .add_option("--role", role,
                  "associate, manager, marketing, service, privacy_officer, security_officer, "
                  "auditor or owner: `clientbook roles`")
      ->capture_default_str();
}

book program::open() const { return need(open_book(book_path, key_path), "opening the book"); }

session program::begin(const book& opened) const {
  return need(opened.begin_session(who()), "beginning a session");
}

std::string list_of_roles() {
  std::string out = "Roles (--role):";
  for (const actor_role one : all_roles()) {
    out.append(out.ends_with(':') ? " " : ", ").append(name_of(one));
  }
  return out + ".\n`clientbook roles` says what each may do; consent is asked on top.";
}

actor program::who() const {
  const auto known = find_role(role);
  if (!known) fail({errc::invalid_argument, "no such role: see `clientbook roles`"}, "--role");
  return {.id = actor_id(actor_number), .role = *known};
}

namespace {

// Ids are kept without blanks around them; who pastes one has them.
std::string_view without_blanks(std::string_view text) noexcept {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
}

}  // namespace

customer_id program::customer(session& in, const std::string& text) {
  customer_id id;
  if (text.size() == 32 && parse_hex(text, id.bytes)) return id;
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) {
    fail({errc::invalid_argument, "want 32 hexadecimal digits or SYSTEM:VALUE"},
         "naming a customer");
  }
  // A system may have a colon in its name, and so may an id: each place is tried, the first first.
  const std::string_view whole = text;
  for (std::size_t at = colon; at != std::string::npos; at = whole.find(':', at + 1)) {
    const auto found = in.find(whole.substr(0, at), without_blanks(whole.substr(at + 1)));
    if (found || found.error().code != errc::not_found)
      return need(found, "looking for a customer");
  }
  fail({errc::not_found, "no customer has this external id"}, "looking for a customer");
}

void program::answer(const boost::json::object& machine, const std::function<void()>& human) const {
  if (json) {
    std::printf("%s\n", boost::json::serialize(machine).c_str());
  } else if (!quiet) {
    human();
  }
}

progress_bar::progress_bar(const program& in, std::string label, std::uint64_t total)
    : shown_(!in.quiet && !in.json && ::isatty(STDERR_FILENO) != 0),
      label_(std::move(label)),
      total_(total == 0 ? 1 : total) {}

progress_bar::~progress_bar() {
  if (shown_ && last_ != ~0U) std::fputs("\r\x1b[K", stderr);
}

void progress_bar::at(std::uint64_t done) {
  if (!shown_) return;
  const auto percent = static_cast<unsigned>(done * 100 / total_);
  if (percent == last_) return;
  last_ = percent;
  const std::string bar(percent / 4, '#');
  std::fprintf(stderr, "\r%s [%-25s] %3u %%", label_.c_str(), bar.c_str(), percent);
}

std::uint64_t compile_consents(const program& in, session& writer) {
  const std::uint64_t all = need(writer.figures(), "reading the book").consents_outdated;
  std::uint64_t compiled = 0;
  progress_bar bar(in, "compiling consents", all);
  for (std::uint64_t left = all; left != 0;) {
    const compile_progress done = need(writer.compile_consents(), "compiling consents");
    compiled += done.compiled;
    left = done.left;
    bar.at(all - std::min(all, left));
  }
  return compiled;
}

std::string content_of(const std::string& path, const char* about) {
  if (path == "-") return {std::istreambuf_iterator<char>(std::cin), {}};
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file.is_open() || file.bad()) {
    fail({errc::not_found, "the file cannot be read"}, about);
  }
  return text;
}

std::string text(timestamp instant) {
  char out[20];
  write_timestamp(instant, out);
  return {out, 20};
}

}  // namespace clientbook::cli
