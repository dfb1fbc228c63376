// export: what a purpose permits to pass on, of everybody, as files; the ledger first
#include <clientbook/transfer/export_customers.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "program.hpp"
#include "terms.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

struct export_options_given {
  std::string purpose, to, country, form = "csv", out = "-";
  std::vector<std::string> fields;
};

bool ends_with(const std::string& text, std::string_view end) {
  return text.size() > end.size() && text.ends_with(end);
}

[[noreturn]] void fail_to_write(const std::string& path) {
  const errc code = errno == EEXIST   ? errc::already_exists
                    : errno == EACCES ? errc::permission_denied
                    : errno == ENOENT ? errc::not_found
                    : errno == ENOSPC ? errc::disk_full
                                      : errc::io_error;
  fail({code, code == errc::already_exists ? literal("it is there already: name another")
                                           : literal("it cannot be written there")},
       path);
}

// Who ends the program ends the writing: what was begun is taken away, and the ledger told.
volatile std::sig_atomic_t interrupted = 0;
void interrupt(int /*signal*/) { interrupted = 1; }

// Where an export goes: as it is written (standard output, a device), or in one piece, put in its
// place only when all of it is on the disk.
class destination {
 public:
  destination(std::string path, bool folder) : path_(std::move(path)), folder_(folder) {
    struct stat there {};
    const bool leads = path_ != "-" && ::stat(path_.c_str(), &there) == 0;
    stream_ = path_ == "-" || (leads && !S_ISREG(there.st_mode) && !S_ISDIR(there.st_mode));
    // A link that leads nowhere is in the way too.
    const bool exists = leads || (path_ != "-" && ::lstat(path_.c_str(), &there) == 0);
    if (stream_) {
      file_ = path_ == "-" ? STDOUT_FILENO : ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
      if (file_ < 0) fail_to_write(path_);
      return;
    }
    errno = EEXIST;
    if (exists) fail_to_write(path_);
    while (path_.size() > 1 && path_.back() == '/') path_.pop_back();
    part_ = path_ + ".part-" + std::to_string(::getpid());
    if (folder_ && ::mkdir(part_.c_str(), 0700) != 0) fail_to_write(path_);
    if (!folder_ && !begin(part_)) fail_to_write(path_);
  }
  ~destination() {
    if (stream_ || placed_) return;
    close();
    for (const std::string& name : written_) ::unlink((part_ + "/" + name).c_str());
    if (folder_) {
      ::rmdir(part_.c_str());
    } else {
      ::unlink(part_.c_str());
    }
  }
  destination(const destination&) = delete;
  destination& operator=(const destination&) = delete;

  bool in_one_piece() const { return !stream_; }

  /// Nothing is thrown from here on: the export has to tell the ledger what did not get out.
  std::size_t write(std::string_view file, std::string_view text) {
    if (interrupted != 0) return 0;
    if (folder_ && (written_.empty() || written_.back() != file)) {
      if (!close()) return 0;
      written_.emplace_back(file);
      if (!begin(part_ + "/" + written_.back())) return 0;
    }
    return write_out(file_, text);
  }

  bool finish() {
    if (!close() || interrupted != 0) return false;
    // Never over what somebody has put there meanwhile.
    const bool moved = folder_ ? ::rename(part_.c_str(), path_.c_str()) == 0
                               : ::link(part_.c_str(), path_.c_str()) == 0;
    if (!moved) return false;
    if (!folder_) ::unlink(part_.c_str());
    placed_ = true;
    const std::size_t slash = path_.rfind('/');
    const std::string above = slash == std::string::npos ? "." : path_.substr(0, slash + 1);
    const int folder = ::open(above.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
      ::fsync(folder);
      ::close(folder);
    }
    return true;
  }

 private:
  bool begin(const std::string& path) {
    file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    return file_ >= 0;
  }
  bool close() {
    if (stream_ || file_ < 0) return true;
    const bool durable = ::fsync(file_) == 0;
    const bool closed = ::close(file_) == 0;
    file_ = -1;
    return durable && closed;
  }

  std::string path_, part_;
  bool folder_ = false, stream_ = false, placed_ = false;
  int file_ = -1;
  std::vector<std::string> written_;
};

std::size_t take(void* context, std::string_view file, std::string_view text) {
  return static_cast<destination*>(context)->write(file, text);
}
bool put_in_place(void* context) { return static_cast<destination*>(context)->finish(); }

export_form form_of(const export_options_given& what) {
  if (what.form == "jsonl") return export_form::json_lines;
  if (what.form == "vcard") return export_form::vcards;
  const bool one = what.out == "-" || ends_with(what.out, ".csv") || what.out.starts_with("/dev/");
  return one ? export_form::one_csv : export_form::csv;
}

json::object told(const customer_export_counts& counts, const schema& fields) {
  json::object by_field;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const field_definition field = fields.at(i);
    const std::uint64_t count = counts.fields[field.number.value];
    if (count != 0) by_field[field.key] = count;
  }
  return {{"customers", counts.customers},
          {"exported", counts.exported},
          {"receipts", counts.receipts},
          {"notes", counts.notes},
          {"fields", by_field},
          {"not_delivered", counts.not_delivered}};
}

void print(const customer_export_counts& counts, const json::object& machine,
           const export_options_given& what) {
  std::printf("of %llu customers %llu went to %s, for %s; each has an entry in the ledger\n",
              static_cast<unsigned long long>(counts.customers),
              static_cast<unsigned long long>(counts.exported), what.to.c_str(),
              what.purpose.c_str());
  for (const auto& field : machine.at("fields").as_object()) {
    std::printf("  %-14s of %llu\n", std::string(field.key()).c_str(),
                static_cast<unsigned long long>(field.value().to_number<std::uint64_t>()));
  }
}

// Where the data itself goes to standard output, what is said of it goes to standard error.
void answer(const program& in, const json::object& machine, const std::function<void()>& human,
            bool data_on_output) {
  if (!data_on_output) return in.answer(machine, human);
  if (in.quiet && !in.json) return;
  const std::string text = in.json ? json::serialize(machine) + "\n" : captured(human);
  write_out(STDERR_FILENO, text);
}

void export_all(program& in, const export_options_given& what) {
  std::signal(SIGPIPE, SIG_IGN);
  for (const int each : {SIGINT, SIGTERM, SIGHUP}) std::signal(each, interrupt);
  const book opened = in.open();
  session from = in.begin(opened);
  const recipient_registry registry = *need(from.recipients(), "reading the registry");
  customer_export_options options{.request = {.purpose = purpose_from(what.purpose),
                                              .recipient = recipient_from(what.to, registry)},
                                  .form = form_of(what)};
  if (!what.country.empty()) options.request.country = country_from(what.country);
  if (!what.fields.empty()) options.request.fields = fields_from(what.fields, from.fields());
  destination to(what.out, options.form == export_form::csv);
  customer_export_counts counts;
  const export_sink sink{
      .context = &to, .write = take, .finish = to.in_one_piece() ? put_in_place : nullptr};
  const auto done = export_customers(from, options, sink, counts);
  if (!done && counts.exported == 0) fail(done.error(), "exporting; nothing has left");
  if (!done) {
    fail(done.error(), "exporting; of " + std::to_string(counts.exported) + " customers " +
                           std::to_string(counts.not_delivered) + " did not get out");
  }
  const json::object machine = told(counts, from.fields());
  answer(
      in, machine, [&] { print(counts, machine, what); }, what.out == "-");
}

}  // namespace

void add_export_command(CLI::App& app, program& in) {
  auto* command = app.add_subcommand(
      "export", "Pass on what of everybody a purpose permits: the ledger first, then files");
  in.takes_book(*command);
  auto what = std::make_shared<export_options_given>();
  command->add_option("-p,--purpose", what->purpose, "Why")->required();
  command->add_option("--to", what->to, "Party of the registry")->required();
  command->add_option("--as", what->form, "csv, jsonl or vcard")
      ->capture_default_str()
      ->check(CLI::IsMember({"csv", "jsonl", "vcard"}));
  command
      ->add_option("-o,--out", what->out,
                   "A new file, or for csv a new folder with tables and the map that imports them; "
                   "-: standard output (csv: the customers alone)")
      ->capture_default_str();
  command->add_option("--fields", what->fields, "At most these; default: what is permitted")
      ->delimiter(',');
  command->add_option("--country", what->country, "Where it goes, if not where the party is");
  command->callback([&in, what] { export_all(in, *what); });
}

}  // namespace clientbook::cli
