// What the commands share: options of a book, how it is opened, how an answer and a failure are
// printed.
#include "program.hpp"

#include <clientbook/adapters/file_root_cell.hpp>
#include <clientbook/adapters/lmdb_backend.hpp>
#include <clientbook/open/backup.hpp>
#include <clientbook/open/credentials.hpp>
#include <clientbook/open/open.hpp>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "destination.hpp"
#include "spare_room.hpp"
#include "standard_files.hpp"
#include "terminal.hpp"

namespace clientbook::cli {

bool is_committed(const error& what) noexcept {
  return std::string_view(what.text.c_str()).starts_with("committed, but");
}

void fail(const error& what, std::string about) {
  // Of what is done nobody says that nothing was.
  if (is_committed(what)) {
    about.erase(std::min(about.find("; nothing"), about.size()));
  }
  throw failure{what, std::move(about)};
}

void program::takes_book(command to) {
  if (shell != nullptr) return;
  to.add_option("book", book_path, "Folder of the book").required();
  takes_key(to).required();
}

option program::takes_key(command to) {
  auto key = to.add_option("-k,--key", key_path,
                           "File with the root key; not in or beside the book's folder")
                 .environment("CLIENTBOOK_KEY");
  to.add_option("--passphrase-file", passphrase_file,
                "File of one line that opens a sealed root key; - or /dev/fd/3: as a pipe")
      .environment("CLIENTBOOK_PASSPHRASE_FILE");
  to.add_option("--key-identity", identity_file,
                "Key file that opens a sealed root key, a file of age's identities, or a key in a "
                "token (pkcs11:...)")
      .environment("CLIENTBOOK_KEY_IDENTITY");
  // A command that has this looks at the environment by itself, when it is the one that is called.
  // Else those of all commands, which share the variable, would follow and overwrite what was said.
  to.environment_when_called();
  to.add_option("--wait", wait_seconds,
                "Seconds to wait for another program that writes the book, 0: none; default: "
                "until it is done");
  to.add_option("--actor", actor_number, "Number of who acts, for the ledger").show_default();
  to.add_option("--credential-file", credential_file,
                "Key file that shows who acts, or a file of age's identities")
      .environment("CLIENTBOOK_CREDENTIAL_FILE");
  to.add_option("--credential-passphrase-file", credential_passphrase_file,
                "File of one line that shows who acts; - or /dev/fd/3: as a pipe")
      .environment("CLIENTBOOK_CREDENTIAL_PASSPHRASE_FILE");
  to.add_flag("--prove", asks_credential, "Ask for the passphrase that shows who acts");
  to.add_option("--role", role,
                "associate, manager, marketing, service, privacy_officer, security_officer, "
                "auditor or owner: `clientbook roles`")
      .show_default();
  return key;
}

namespace {

// What a signal's handler needs, which may allocate nothing: what to say and how long to wait.
struct waiting {
  std::string said;
  std::string given_up;
  int file = STDERR_FILENO;
  int limit = -1;
  volatile std::sig_atomic_t seconds = 0;
};
waiting& who_waits() {
  static waiting one;
  return one;
}

void set_alarm(int seconds, int microseconds) {
  itimerval when{};
  when.it_value = {.tv_sec = seconds, .tv_usec = microseconds};
  if (seconds != 0) when.it_interval = {.tv_sec = 1, .tv_usec = 0};
  ::setitimer(ITIMER_REAL, &when, nullptr);
}

// Nothing of a change is begun while its turn is waited for, so the program may just end.
void tick(int /*signal*/) {
  waiting& here = who_waits();
  if (here.limit >= 0 && here.seconds >= here.limit - 1) {
    static_cast<void>(!::write(here.file, here.given_up.data(), here.given_up.size()));
    destination::abandon();
    ::_exit(static_cast<int>(errc::locked));
  }
  if (here.seconds == 0) {
    static_cast<void>(!::write(STDERR_FILENO, here.said.data(), here.said.size()));
  }
  here.seconds = here.seconds + 1;
}

// What does not fit has the room that was kept for saying so.
class roomy_transaction final : public write_transaction {
 public:
  explicit roomy_transaction(std::unique_ptr<write_transaction> change)
      : change_(std::move(change)) {}

  std::uint64_t snapshot() const noexcept override { return change_->snapshot(); }
  result<byte_view> get(byte_view key) noexcept override { return change_->get(key); }
  result<void> walk(byte_view prefix, byte_view from,
                    callback_ref<bool(byte_view key, byte_view value)> visit) override {
    return change_->walk(prefix, from, visit);
  }
  result<void> renew() noexcept override { return change_->renew(); }
  result<void> put(byte_view key, byte_view value) noexcept override {
    return roomy(change_->put(key, value));
  }
  result<byte_span> reserve(byte_view key, std::size_t size) noexcept override {
    return roomy(change_->reserve(key, size));
  }
  result<void> erase(byte_view key) noexcept override { return roomy(change_->erase(key)); }
  result<void> commit() noexcept override { return roomy(change_->commit()); }

 private:
  template <class T>
  static result<T> roomy(result<T> done) noexcept {
    if (!done && done.error().code == errc::disk_full) give_room_back();
    return done;
  }

  std::unique_ptr<write_transaction> change_;
};

// A store whose changes say that they wait for another program's. Where that is asked the first one
// gives up: once it has had its turn a command ends what it has begun, marks in the ledger
// included.
class patient_backend final : public backend {
 public:
  explicit patient_backend(std::shared_ptr<backend> store) : store_(std::move(store)) {}

  result<std::unique_ptr<read_transaction>> begin_read() noexcept override {
    return store_->begin_read();
  }
  result<std::unique_ptr<write_transaction>> begin_write() noexcept override {
    who_waits().seconds = 0;
    if (who_waits().limit == 0) {
      set_alarm(0, 50'000);
    } else {
      set_alarm(1, 0);
    }
    auto begun = store_->begin_write();
    set_alarm(0, 0);
    if (!begun) return begun;
    who_waits().limit = -1;
    return std::make_unique<roomy_transaction>(std::move(*begun));
  }
  result<backend_figures> figures() noexcept override { return store_->figures(); }

 private:
  std::shared_ptr<backend> store_;
};

// The same for the cell of the root key, which may be held by a program that is past its commit.
// What follows a commit is not ended in the middle: the cell itself gives up, with an error.
class patient_cell final : public root_cell {
 public:
  patient_cell(file_root_cell cell, int wait_ms) : cell_(std::move(cell)), wait_ms_(wait_ms) {}

  result<content> load() noexcept override { return cell_.load(); }
  result<void> stage(const root_key& next) noexcept override {
    return patiently([&] { return cell_.stage(next); });
  }
  result<void> promote(std::uint64_t epoch) noexcept override {
    return patiently([&] { return cell_.promote(epoch); });
  }
  result<void> drop(std::uint64_t epoch) noexcept override {
    return patiently([&] { return cell_.drop(epoch); });
  }

 private:
  template <class Work>
  result<void> patiently(Work work) noexcept {
    constexpr int until_said = 1000;
    const bool longer = wait_ms_ < 0 || wait_ms_ > until_said;
    cell_.wait_at_most(longer ? until_said : wait_ms_);
    auto done = work();
    if (done || done.error().code != errc::locked || !longer) return done;
    const std::string& said = who_waits().said;
    static_cast<void>(!::write(STDERR_FILENO, said.data(), said.size()));
    cell_.wait_at_most(wait_ms_ < 0 ? -1 : wait_ms_ - until_said);
    return work();
  }

  file_root_cell cell_;
  int wait_ms_;
};

void prepare_to_wait(const program& in) {
  waiting& here = who_waits();
  const char* const why = "another program writes this book, and did not end in time: try again";
  const boost::json::object machine{
      {"error", static_cast<int>(errc::locked)}, {"text", why}, {"about", "waiting (--wait)"}};
  here.limit = in.wait_seconds;
  here.file = in.json ? STDOUT_FILENO : STDERR_FILENO;
  here.given_up = in.json ? boost::json::serialize(machine) + "\n"
                          : "clientbook: waiting (--wait): " + std::string(why) + " [85]\n";
  here.said = in.quiet || in.json
                  ? ""
                  : "clientbook: another program writes this book: waiting until it is done\n";
  struct sigaction act {};
  act.sa_handler = tick;
  act.sa_flags = SA_RESTART;
  ::sigaction(SIGALRM, &act, nullptr);
}

}  // namespace

int program::wait_ms() const noexcept {
  constexpr int as_good_as_none = 50;
  constexpr int longest = 24 * 3600;
  if (wait_seconds < 0) return -1;
  return wait_seconds == 0 ? as_good_as_none : std::min(wait_seconds, longest) * 1000;
}

book program::open() const { return open(nullptr); }

book program::open(const file_root_cell* opened_cell) const {
  constexpr const char* doing = "opening the book";
  constexpr int of_mirrors = 10'000;
  prepare_to_wait(*this);
  if (shell != nullptr) return shell->opened;
  const int wait = wait_ms();
  lmdb_options how;
  if (wait >= 0) how.open_wait_ms = static_cast<std::uint32_t>(wait);
  std::shared_ptr<backend> store = need(open_lmdb_backend(book_path, how), doing);
  auto cell = opened_cell != nullptr ? opened_cell->same() : open_cell();
  // A mirror whose disk or user has stopped keeps nobody from saying no: it is told of instead.
  return need(
      book::open(std::make_shared<patient_backend>(std::move(store)),
                 std::make_shared<patient_cell>(std::move(cell), wait),
                 {.mirrors = mirror_folders(book_path, key_path, wait < 0 ? of_mirrors : wait),
                  .pin = pin_beside(key_path, wait)}),
      doing);
}

session program::begin(const book& opened) const {
  constexpr const char* doing = "beginning a session";
  if (shell != nullptr) return need(opened.begin_session_like(shell->first), doing);
  const bool named =
      asks_credential || !credential_file.empty() || !credential_passphrase_file.empty();
  if (!named) {
    auto begun = opened.begin_session(who());
    if (begun) return std::move(*begun);
    if (begun.error().code != errc::credential_required || !can_ask(*this)) {
      fail(begun.error(), doing);
    }
  }
  return need(opened.begin_session(who(), credential_of(proof())), doing);
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

namespace {

std::optional<customer_id> public_id_in(std::string_view text) {
  customer_id id;
  if (text.size() != 32 || !parse_hex(text, id.bytes)) return std::nullopt;
  return id;
}

}  // namespace

bool is_public_id(std::string_view typed) {
  return public_id_in(without_blanks(typed)).has_value();
}

// A system may have a colon in its name, and so may an id: each place may be meant, the first
// first.
std::vector<std::pair<std::string_view, std::string_view>> external_ids_in(std::string_view typed) {
  const std::string_view whole = without_blanks(typed);
  std::vector<std::pair<std::string_view, std::string_view>> out;
  for (std::size_t at = whole.find(':'); at != whole.npos; at = whole.find(':', at + 1)) {
    out.emplace_back(whole.substr(0, at), without_blanks(whole.substr(at + 1)));
  }
  return out;
}

result<customer_id> program::find_customer(session& in, const std::string& typed) {
  if (const auto id = public_id_in(without_blanks(typed))) return *id;
  const auto ids = external_ids_in(typed);
  if (ids.empty()) {
    fail({errc::invalid_argument, "want 32 hexadecimal digits or SYSTEM:VALUE"},
         "naming a customer");
  }
  for (const auto& [system, value] : ids) {
    const auto found = in.find(system, value);
    if (found || found.error().code != errc::not_found) return found;
  }
  return error{errc::not_found, "no customer has this external id"};
}

customer_id program::customer(session& in, const std::string& typed) {
  return need(find_customer(in, typed), "looking for a customer");
}

namespace {

constexpr error unwritten{errc::io_error, "the answer could not be written; what was done is done"};

}  // namespace

std::string captured(const std::function<void()>& print) {
  std::cout.flush();
  std::fflush(stdout);
  const int memory = ::memfd_create("answer", MFD_CLOEXEC);
  const int out = memory < 0 ? -1 : ::dup(STDOUT_FILENO);
  if (out < 0) {
    if (memory >= 0) ::close(memory);
    throw failure{unwritten, "answering", true};
  }
  // Where it cannot be kept, nothing is printed: it would get out as it is.
  if (std::ferror(stdout) != 0 || ::dup2(memory, STDOUT_FILENO) < 0) {
    ::close(memory);
    ::close(out);
    throw failure{unwritten, "answering", true};
  }
  // A limit of the size of files counts for memory too: told, and no end.
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  print();
  std::cout.flush();
  const bool whole = std::fflush(stdout) == 0 && std::cout.good() && std::ferror(stdout) == 0;
  if (whole) wipe_output_buffer();
  ::dup2(out, STDOUT_FILENO);
  ::close(out);
  std::signal(SIGXFSZ, before);
  const off_t end = ::lseek(memory, 0, SEEK_END);
  std::string text(end < 0 ? 0 : static_cast<std::size_t>(end), '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const auto more =
        ::pread(memory, text.data() + size, text.size() - size, static_cast<off_t>(size));
    if (more <= 0) break;
    size += static_cast<std::size_t>(more);
  }
  ::close(memory);
  if (whole && end >= 0 && size == text.size()) return text;
  std::clearerr(stdout);
  throw failure{unwritten, "answering", true};
}

namespace {

// 0: nobody looks, and lines stay whole for whoever reads them.
std::size_t columns() {
  if (const char* said = std::getenv("COLUMNS")) {
    const long width = std::strtol(said, nullptr, 10);
    return width < 20 ? 0 : static_cast<std::size_t>(width);
  }
  winsize window{};
  const bool terminal = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0;
  return !terminal || window.ws_col < 20 ? 0 : window.ws_col;
}

// Where a line of at most `width` characters of UTF-8 ends: behind a blank if there is one.
std::size_t end_of_line(std::string_view line, std::size_t indent, std::size_t width) {
  std::size_t count = 0;
  std::size_t blank = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if ((static_cast<unsigned char>(line[i]) & 0xC0U) == 0x80U) continue;
    if (line[i] == ' ' && i > indent) blank = i;
    if (++count > width && blank != 0) return blank;
  }
  return line.size();
}

// What a terminal obeys: C0 but for ends of lines and tabs, DEL, C1 as UTF-8 writes it.
std::size_t control_at_front(std::string_view text) {
  const auto c = static_cast<unsigned char>(text.front());
  if (c == '\n' || c == '\t') return 0;
  if (c < 0x20 || c == 0x7F) return 1;
  if (c != 0xC2 || text.size() < 2) return 0;
  return (static_cast<unsigned char>(text[1]) & 0xE0U) == 0x80U ? 2 : 0;
}

// Names of files may hold any byte: what would move the cursor or colour the line is written out,
// as JSON has it, since JSON may be what is printed.
std::string without_controls(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t size = control_at_front(text);
    if (size == 0) {
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    const auto code = static_cast<unsigned char>(text[size - 1]);
    out.append("\\u00").append(1, digits[code >> 4U]).append(1, digits[code & 0xFU]);
    text.remove_prefix(size);
  }
  return out;
}

void append_fitted(std::string_view line, std::size_t width, std::string& to) {
  const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
  std::string further(std::min(indent + 2, width / 2), ' ');
  for (bool first = true;; first = false) {
    const std::size_t room = first ? width : width - further.size();
    const std::size_t end = end_of_line(line, first ? indent : 0, room);
    if (!first) to += further;
    to.append(line.substr(0, end)).append(1, '\n');
    line.remove_prefix(end);
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    if (line.empty()) return;
  }
}

}  // namespace

std::string fitted(std::string_view given) {
  const std::size_t width = columns();
  const std::string shown = without_controls(given);
  if (width == 0) return shown;
  std::string_view text = shown;
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    append_fitted(text.substr(0, end), width, out);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::size_t write_out(int file, std::string_view text, bool (*ended)()) {
  std::size_t out = 0;
  while (out < text.size() && (ended == nullptr || !ended())) {
    const auto more = ::write(file, text.data() + out, text.size() - out);
    if (more < 0 && errno == EINTR) continue;
    if (more <= 0) break;
    out += static_cast<std::size_t>(more);
  }
  return out;
}

void program::answer(const boost::json::object& machine, const std::function<void()>& human) const {
  if (!json && quiet) return;
  put(json ? boost::json::serialize(machine) + "\n" : fitted(captured(human)));
}

void program::fail_having_done(const error& what, std::string about, boost::json::object machine,
                               const std::function<void()>& human) const {
  // What failed first is what is told, also where the rest cannot be written.
  try {
    if (!json) answer({}, human);
  } catch (const failure&) {
    fail(what, std::move(about));
  }
  try {
    fail(what, std::move(about));
  } catch (failure& told) {
    told.done = std::move(machine);
    throw;
  }
}

timestamp program::end_from(const std::string& text, const char* option) {
  const timestamp out = need(parse_timestamp(text), option);
  if (out == timestamp{}) fail({errc::invalid_value, "an end lies in the future"}, option);
  return out;
}

void program::put(std::string_view text) const {
  const std::size_t out = write_out(STDOUT_FILENO, text);
  answered = out != 0;
  if (out != text.size()) throw failure{unwritten, "answering", out == 0};
}

void program::finish() const {
  std::cout.flush();
  const bool out = std::fflush(stdout) == 0 && std::cout.good() && std::ferror(stdout) == 0;
  if (!out) throw failure{unwritten, "answering"};
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

std::string place_in(const std::string& file, const error& what) {
  return what.at == 0 ? file : file + ", line " + std::to_string(what.at);
}

namespace {

class open_input {
 public:
  explicit open_input(const std::string& path)
      : number_(path == "-" ? STDIN_FILENO
                            : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~open_input() {
    if (number_ > STDIN_FILENO) ::close(number_);
  }
  open_input(const open_input&) = delete;
  open_input& operator=(const open_input&) = delete;

  bool is(mode_t type) const {
    struct stat what {};
    return number_ >= 0 && ::fstat(number_, &what) == 0 && (what.st_mode & S_IFMT) == type;
  }
  /// As read(). Who is there and writes nothing yet is waited for.
  ssize_t read_some(std::span<char> to) {
    for (;;) {
      const ssize_t more = ::read(number_, to.data(), to.size());
      if (more >= 0 || (errno != EAGAIN && errno != EINTR)) return more;
      pollfd there{.fd = number_, .events = POLLIN, .revents = 0};
      ::poll(&there, 1, -1);
    }
  }

 private:
  int number_;
};

}  // namespace

std::string content_of(const std::string& path, const char* about) {
  constexpr std::size_t most = 64 * 1024 * 1024;
  constexpr useconds_t a_moment = 20'000;
  constexpr int ten_seconds = 500;
  open_input file(path);
  // Whoever writes into a named pipe may come a little later.
  int waits = file.is(S_IFIFO) && path != "-" ? ten_seconds : 0;
  std::string text;
  std::vector<char> room(64 * 1024);
  for (;;) {
    const ssize_t more = file.read_some(room);
    if (more < 0) fail({errc::not_found, "the file cannot be read"}, about);
    if (more == 0 && (!text.empty() || waits == 0)) break;
    if (more == 0) {
      --waits;
      ::usleep(a_moment);
      continue;
    }
    text.append(room.data(), static_cast<std::size_t>(more));
    if (text.size() > most) fail({errc::limit_exceeded, "it has more than 64 MiB"}, about);
  }
  wipe(std::as_writable_bytes(std::span(room)));
  return text;
}

void write_new_file(const std::string& path, std::string_view text, const char* about) {
  if (path == "-") {
    fail({errc::invalid_argument, "standard output has the answer: name a file"}, about);
  }
  destination to(path, false);
  if (to.write({}, text) == text.size() && (!to.in_one_piece() || to.finish())) return;
  fail({errc::io_error, "not all of it could be written"}, about);
}

std::string text(timestamp instant) {
  char out[20];
  write_timestamp(instant, out);
  return {out, 20};
}

}  // namespace clientbook::cli
