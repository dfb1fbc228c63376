// Sheets of shares as HTML: the groups in a grid with numbers, so that a slip that `restore` names
// is found, in characters that are told apart.
#include "recovery_sheet.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "program.hpp"

namespace clientbook::cli {
namespace {

constexpr std::size_t signs_of_share = 18 * 5;

std::string page(const figures_of_sheet& facts, std::size_t number, std::string_view share) {
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<title>Share " +
      std::to_string(number) +
      "</title>\n<style>body{font-family:sans-serif;margin:3em;max-width:42em}"
      "td{padding:.4em .9em;border:1px solid #888}code{font-size:150%}small{color:#555}</style>\n"
      "</head><body>\n<h1>Share " +
      std::to_string(number) + " of " + std::to_string(facts.shares) + "</h1>\n<p>Recovery key " +
      facts.key_number + " of the client book " + facts.book + ". Any " +
      std::to_string(facts.needed) + " of the " + std::to_string(facts.shares) +
      " shares, with a keyring mirror and a backup, bring the book back. This one alone tells "
      "nothing. Keep it where nobody but you gets at it.</p>\n<table>\n";
  for (std::size_t group = 0; group * 6 < share.size(); ++group) {
    if (group % 3 == 0) out += "<tr>";
    out += "<td><small>" + std::to_string(group + 1) + "</small> <code>";
    out += share.substr(group * 6, 5);
    out += "</code></td>";
    if (group % 3 == 2) out += "</tr>\n";
  }
  out +=
      "</table>\n<p>Digits and capital letters without I, L, O and U. The last sign of each group "
      "checks it: a slip is named by the number of its group.</p>\n"
      "<p><code>clientbook restore BOOK --key KEY --mirror FOLDER --backup FILE --shares -</code>"
      "</p>\n</body></html>\n";
  return out;
}

}  // namespace

bool whole_share(std::string_view typed) noexcept {
  std::size_t signs = 0;
  for (const char sign : typed) signs += sign != ' ' && sign != '-' && sign != '\t' && sign != '\r';
  return signs >= signs_of_share;
}

sheet_folder::sheet_folder(std::string path) : path_(std::move(path)) {
  if (path_.empty() || ::mkdir(path_.c_str(), 0700) == 0) return;
  if (errno == EEXIST) {
    fail({errc::already_exists, "something is there: name a folder that is not"}, "--sheets");
  }
  fail({errc::permission_denied, "the folder cannot be made"}, "--sheets");
}

// Sheets of a key that was never in force would pass for those that open the book.
sheet_folder::~sheet_folder() {
  if (path_.empty() || kept_) return;
  for (std::size_t i = 1; i <= written_; ++i) ::unlink(name_of(i).c_str());
  ::rmdir(path_.c_str());
}

std::string sheet_folder::name_of(std::size_t number) const {
  return path_ + "/share-" + std::to_string(number) + ".html";
}

constexpr error not_written{errc::io_error,
                            "the sheets cannot be written: the new key is not in force; the former "
                            "shares, if there are any, are as good as they were"};

void sheet_folder::write(const figures_of_sheet& facts, std::size_t number,
                         std::string_view share) {
  if (path_.empty()) return;
  const int file = ::open(name_of(number).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file >= 0) written_ = number;
  std::string text = page(facts, number, share);
  bool written = file >= 0 && write_out(file, text) == text.size() && ::fsync(file) == 0;
  wipe(std::as_writable_bytes(std::span(text)));
  if (file >= 0) written = ::close(file) == 0 && written;
  if (!written) fail(not_written, "--sheets");
}

void sheet_folder::keep() {
  if (path_.empty()) return;
  const int folder = ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const int above = ::open((path_ + "/..").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool durable = folder >= 0 && above >= 0 && ::fsync(folder) == 0 && ::fsync(above) == 0;
  if (folder >= 0) ::close(folder);
  if (above >= 0) ::close(above);
  if (!durable) fail(not_written, "--sheets");
  kept_ = true;
}

}  // namespace clientbook::cli
