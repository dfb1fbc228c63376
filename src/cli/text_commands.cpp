// scan | redact
#include <clientbook/exchange/text_json.hpp>
#include <clientbook/forms/form_redactor.hpp>
#include <clientbook/model/validate.hpp>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "program.hpp"

namespace clientbook::cli {
namespace {

// A longer line is refused before it is read: nobody wrote a note of that size.
constexpr std::size_t most_line = std::size_t{16} << 20U;

constexpr error not_written{errc::io_error, "the answer cannot be written"};

struct text_arguments {
  std::string file = "-";
  std::vector<std::string> regions, types;
  bool cautious = false;
  bool obfuscated = false;
  bool plain = false;
  std::string form, delimiter, charset;
  std::string dates = "birth", urls = "whole", mark = "label", receipt;
};

template <class Value>
Value one_of(const std::string& given, std::initializer_list<std::pair<const char*, Value>> names,
             const char* option) {
  for (const auto& [name, value] : names) {
    if (given == name) return value;
  }
  fail({errc::invalid_argument, "no such value: see --help"}, option);
}

// The options in force; lives as long as what they point to.
struct text_policy {
  std::vector<std::string_view> regions;
  text_redaction_options options;

  explicit text_policy(const text_arguments& given)
      : regions(given.regions.begin(), given.regions.end()) {
    for (const std::string_view one : regions) need(validate_country(one), "--regions");
    if (regions.size() > max_scan_regions) {
      fail({errc::limit_exceeded, "too many regions", max_scan_regions}, "--regions");
    }
    scan_options& what = options.scan;
    what.regions = regions;
    if (!given.types.empty()) what.types = {};
    for (const std::string& one : given.types) {
      const auto type = entity_type_of(one);
      if (!type) fail({errc::unknown_field, "no such type: see docs/text.md"}, "--types");
      what.types.add(*type);
    }
    if (given.cautious) what.cards = card_reading::cautious;
    if (given.obfuscated) what.emails = email_reading::obfuscated;
    what.dates = one_of<date_reading>(
        given.dates, {{"birth", date_reading::birth}, {"all", date_reading::all}}, "--dates");
    what.urls = one_of<url_reading>(
        given.urls,
        {{"whole", url_reading::whole}, {"path_and_query", url_reading::path_and_query}}, "--urls");
    options.mark = one_of<text_mark>(given.mark,
                                     {{"label", text_mark::label},
                                      {"numbered", text_mark::numbered_label},
                                      {"blocks", text_mark::blocks}},
                                     "--mark");
  }
  text_policy(const text_policy&) = delete;
  text_policy& operator=(const text_policy&) = delete;
};

void put(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) {
    fail(not_written, "standard output");
  }
}

void flush() {
  if (std::fflush(stdout) != 0) {
    fail(not_written, "standard output");
  }
}

// Reads as the bytes come, so that a caller at the other end of a pipe gets answers at once.
class input {
 public:
  explicit input(const std::string& path)
      : file_(path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (file_ < 0) fail({errc::not_found, "the file cannot be read"}, "the input");
  }
  ~input() {
    if (file_ != STDIN_FILENO) ::close(file_);
  }
  input(const input&) = delete;
  input& operator=(const input&) = delete;

  /// The next bytes, nothing at the end. What was answered so far is written before.
  std::string_view read() {
    flush();
    for (;;) {
      const ssize_t count = ::read(file_, block_.data(), block_.size());
      if (count >= 0) return {block_.data(), static_cast<std::size_t>(count)};
      if (errno != EINTR) fail({errc::io_error, "the file cannot be read"}, "the input");
    }
  }

  /// The next line without its end; false at the end of the input.
  bool read_line(std::string& line) {
    line.clear();
    ++lines_;
    for (;;) {
      if (rest_.empty()) rest_ = read();
      if (rest_.empty()) return !line.empty();
      const std::size_t end = rest_.find('\n');
      const std::string_view part = rest_.substr(0, end);
      if (line.size() + part.size() > most_line) {
        fail({errc::limit_exceeded, "the line is too long", most_line}, line_name());
      }
      line += part;
      rest_.remove_prefix(end == rest_.npos ? rest_.size() : end + 1);
      if (end != rest_.npos) return true;
    }
  }
  std::string line_name() const { return "line " + std::to_string(lines_) + " of the input"; }

 private:
  int file_;
  std::array<char, 65536> block_;
  std::string_view rest_;
  std::uint64_t lines_ = 0;
};

// One answer a line; stops at the first line that is wrong.
template <class Answer>
void each_line(const std::string& file, Answer&& answer) {
  input in(file);
  std::string line;
  while (in.read_line(line)) {
    if (line.find_first_not_of(" \t\r") == line.npos) continue;
    std::string where;
    const result<std::string> said = answer(line, where);
    if (!said) {
      fail(said.error(), in.line_name() + (where.empty() ? "" : ", " + where));
    }
    put(*said);
    put("\n");
  }
  flush();
}

void write_receipt(const program& in, const std::string& path, const std::string& receipt) {
  if (path.empty()) {
    if (in.quiet) return;
    // A receipt that nobody gets is none: a full disk must not look like success.
    if (std::fprintf(stderr, "%s\n", receipt.c_str()) < 0 || std::fflush(stderr) != 0) {
      fail({errc::io_error, "the receipt cannot be written: use --receipt FILE or --quiet"},
           "standard error");
    }
    return;
  }
  std::FILE* file = std::fopen(path.c_str(), "w");
  const bool written = file != nullptr && std::fprintf(file, "%s\n", receipt.c_str()) > 0;
  if (file == nullptr || std::fclose(file) != 0 || !written) {
    fail({errc::io_error, "the file cannot be written"}, "--receipt");
  }
}

// How the input is written down, as --form, --delimiter and --charset say it.
form_options form_of(const text_arguments& given, const text_policy& policy) {
  form_options out;
  out.text = policy.options;
  if (!given.form.empty()) {
    const auto form = text_form_of(given.form);
    if (!form) fail({errc::invalid_argument, "no such form: see docs/text.md"}, "--form");
    out.form = *form;
  }
  if (!given.charset.empty()) {
    const auto charset = text_charset_of(given.charset);
    if (!charset) {
      fail({errc::invalid_argument, "no such character set: see --help"}, "--charset");
    }
    out.charset = *charset;
  }
  if (given.delimiter == "tab" || given.delimiter == "\\t") {
    out.delimiter = '\t';
  } else if (given.delimiter.size() == 1) {
    out.delimiter = given.delimiter[0];
  } else if (!given.delimiter.empty()) {
    fail({errc::invalid_argument, "a delimiter is one sign, or tab"}, "--delimiter");
  }
  return out;
}

// Whether the input is one text, not a line of JSON for each.
bool is_file(const text_arguments& given) {
  return given.plain || !given.form.empty() || !given.delimiter.empty() || !given.charset.empty();
}

// A file of any size and form.
redaction_receipt pass_through(const std::string& file, form_redactor& redactor, text_sink sink,
                               const bool& lost) {
  input in(file);
  for (std::string_view part = in.read(); !part.empty() && !lost; part = in.read()) {
    need(redactor.write(part, sink), "the input");
  }
  const redaction_receipt receipt = need(redactor.finish(sink), "the input");
  if (lost) fail(not_written, "standard output");
  flush();
  return receipt;
}

void redact_file(const program& program, const text_arguments& given) {
  const text_policy policy(given);
  const form_options how = form_of(given, policy);
  bool lost = false;  // The library's calls must not be left by an exception.
  const text_sink sink{[](void* failed, std::string_view part) {
                         if (std::fwrite(part.data(), 1, part.size(), stdout) != part.size()) {
                           *static_cast<bool*>(failed) = true;
                         }
                       },
                       &lost};
  form_redactor redactor(how);
  const redaction_receipt receipt = pass_through(given.file, redactor, sink, lost);
  write_receipt(program, given.receipt, receipt_json(receipt, policy.options));
}

void scan_file(const text_arguments& given) {
  const text_policy policy(given);
  const form_options how = form_of(given, policy);
  bool lost = false;
  const find_sink finds{[](void* failed, const form_find& found) {
                          const std::string line = find_json(found) + "\n";
                          if (std::fwrite(line.data(), 1, line.size(), stdout) != line.size()) {
                            *static_cast<bool*>(failed) = true;
                          }
                        },
                        &lost};
  form_redactor redactor(how, finds);
  pass_through(given.file, redactor, {}, lost);
}

void takes_text(command to, text_arguments& given) {
  to.add_option("file", given.file, "What to read; - is standard input").show_default();
  to.add_option("--regions", given.regions, "Countries (ISO 3166-1) of phones and ids: IT,DE")
      .delimiter(',')
      .one_value_each();
  to.add_option("--types", given.types, "Only these types: payment_card,iban")
      .delimiter(',')
      .one_value_each();
  to.add_flag("--plain", given.plain, "The input is one text, of any size and form");
  to.add_option(
        "--form", given.form,
        "The input is one text of this form: plain, log, csv, json, jsonl, html, xml, mail; "
        "sniffed: what its first bytes show")
      .type_name("FORM");
  to.add_option("--delimiter", given.delimiter, "Of CSV: one sign, or tab; sniffed without it");
  to.add_option("--charset", given.charset,
                "Of a file: utf-8, utf-16le, utf-16be, iso-8859-1, windows-1252; without it UTF-8, "
                "and UTF-16 with its byte order mark");
  to.add_flag("--cautious", given.cautious, "Also cards with a typing slip");
  to.add_option("--dates", given.dates, "birth: beside a word of birth; all").show_default();
  to.add_flag("--obfuscated", given.obfuscated, "Also `name at firm dot com`");
  to.add_option("--urls", given.urls, "whole, or path_and_query: the host stays").show_default();
}

}  // namespace

void add_text_commands(command app, program& in) {
  {
    auto command = app.add_command(
        "scan", "Find personal data in texts: JSON lines, or a file with --form (docs/text.md)");
    auto given = std::make_shared<text_arguments>();
    takes_text(command, *given);
    command.callback([given] {
      if (is_file(*given)) return scan_file(*given);
      const text_policy policy(*given);
      each_line(given->file, [&](std::string_view line, std::string& where) {
        return scan_json(line, policy.options.scan, where);
      });
    });
  }
  auto command = app.add_command("redact",
                                 "Hide personal data in texts, with a receipt: JSON lines, or "
                                 "a file with --form (docs/text.md)");
  auto given = std::make_shared<text_arguments>();
  takes_text(command, *given);
  command.add_option("--mark", given->mark, "What stands for a find: label, numbered or blocks")
      .show_default();
  command.add_option("--receipt", given->receipt,
                     "With --plain or --form: file for the receipt; standard error without it");
  command.callback([given, &in] {
    if (is_file(*given)) return redact_file(in, *given);
    const text_policy policy(*given);
    each_line(given->file, [&](std::string_view line, std::string& where) {
      return redact_json(line, policy.options, where);
    });
  });
}

}  // namespace clientbook::cli
