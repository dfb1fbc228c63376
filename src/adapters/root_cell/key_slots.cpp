// What opens a slot, as somebody typed it or as it lies in a file.
#include <clientbook/adapters/key_slots.hpp>
#include <clientbook/internal/adapters/posix_file.hpp>
#include <clientbook/internal/adapters/token_key.hpp>
#include <clientbook/internal/unicode/nfc.hpp>
#include <clientbook/internal/unicode/utf8.hpp>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>

#include "places.hpp"

namespace clientbook {
namespace {

constexpr std::size_t key_size = 32;
constexpr std::size_t most_read = 16 * 1024;  ///< Of a file of identities, with its comments.

constexpr posix::words said{
    .absent = "no key file there: check its path",
    .taken =
        "a file is there already: name another for the key; one that an interrupted call has "
        "made is named as the key file that is there (--key-identity)",
    .full = "no space left for the key file: make room",
    .refused = "the system refuses access to the key file",
    .linked = "a link lies in the key file's place, or links form a loop: name the file itself",
    .folder = "a key file is a file, and this is a folder",
    .scarce = "no memory or open files left for the key file",
    .failed = "the key file cannot be read or written: see the system's log",
};

error system_error(int number) noexcept { return posix::told(number, said); }

bool is_control(unsigned char c) noexcept { return c < 0x20 || c == 0x7F; }

// Those of one byte, and U+0080 to U+009F, which are two in UTF-8.
bool has_controls(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
    if (is_control(c) || (c == 0xC2 && next < 0xA0)) return true;
  }
  return false;
}

std::string_view without_line_end(std::string_view text) noexcept {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

// The first line that is neither empty nor a comment, as age-keygen writes its files.
std::string_view first_line(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    if (!line.empty() && line.front() != '#') return line;
  }
  return {};
}

std::size_t characters(byte_view text) noexcept {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](std::byte b) {
    return (b & std::byte{0xC0}) != std::byte{0x80};
  }));
}

std::size_t different_bytes(byte_view text) noexcept {
  std::array<bool, 256> seen{};
  for (const std::byte b : text) seen[std::to_integer<std::size_t>(b)] = true;
  return static_cast<std::size_t>(std::count(seen.begin(), seen.end(), true));
}

bool is_text(byte_view content) noexcept {
  const std::string_view text = as_text(content);
  return valid_utf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
           return is_control(static_cast<unsigned char>(c)) && c != '\n' && c != '\r' && c != '\t';
         });
}

}  // namespace

std::string_view name_of(slot_kind kind) noexcept {
  switch (kind) {
    case slot_kind::key_file:
      return "key file";
    case slot_kind::passphrase:
      return "passphrase";
    case slot_kind::recipient:
      return "recipient";
  }
  return "unknown";
}

slot_secret::slot_secret(slot_kind kind, byte_view bytes) noexcept
    : kind_(kind), size_(bytes.size()) {
  bytes_.fill_bytes([&](byte_span to) { copy_bytes(to.first(bytes.size()), bytes); });
}

result<slot_secret> slot_secret::passphrase(std::string_view typed) noexcept {
  const std::string_view line = without_line_end(typed);
  if (line.size() > longest_passphrase) {
    return error{errc::limit_exceeded, "a passphrase has at most 512 bytes"};
  }
  if (line.find_first_not_of(' ') == line.npos) {
    return error{errc::invalid_argument, "the passphrase is empty"};
  }
  if (has_controls(line)) {
    return error{errc::invalid_argument,
                 "a passphrase is one line without tabs and control characters"};
  }
  unicode::nfc_room room{};
  const auto normal = unicode::nfc(line, room);
  result<slot_secret> out =
      !normal ? result<slot_secret>(
                    error{normal.error().code, normal.error().code == errc::invalid_encoding
                                                   ? literal("the passphrase is not UTF-8")
                                                   : literal("a passphrase has at most 512 bytes")})
      : normal->size() > longest_passphrase
          ? result<slot_secret>(error{errc::limit_exceeded, "a passphrase has at most 512 bytes"})
          : result<slot_secret>(slot_secret(slot_kind::passphrase, as_bytes(*normal)));
  wipe(std::as_writable_bytes(std::span(room)));
  return out;
}

result<slot_secret> slot_secret::identity(byte_view content) noexcept {
  if (content.size() == key_size) {
    // A phrase of that length would be a key without any cost of guessing it; of random bytes one
    // key in 2^37 is told to be text, and makes room for another.
    if (is_text(content)) {
      return error{errc::invalid_argument,
                   "these 32 bytes are text, and no key: name it as a passphrase's file"};
    }
    if (different_bytes(content) == 1) {
      return error{errc::weak_key, "a key file of 32 equal bytes holds no key"};
    }
    return slot_secret(slot_kind::key_file, content);
  }
  const std::string_view line = first_line(as_text(content));
  if (!line.starts_with("AGE-")) {
    return error{errc::invalid_argument,
                 "this is no key file: it has 32 bytes, or a line AGE-SECRET-KEY-1..."};
  }
  const auto key = crypto::read_identity(line);
  if (!key) return key.error();
  return key->with_bytes([](byte_view bytes) { return slot_secret(slot_kind::recipient, bytes); });
}

result<slot_secret> slot_secret::of_token(const result<secret<32>>& answer) noexcept {
  if (!answer) return answer.error();
  return answer->with_bytes([](byte_view bytes) -> result<slot_secret> {
    if (different_bytes(bytes) == 1) {
      return error{errc::weak_key, "the token's answer holds no key"};
    }
    return slot_secret(slot_kind::key_file, bytes);
  });
}

result<slot_secret> slot_secret::read_identity(std::string_view path) noexcept try {
  if (names_token_key(path)) return of_token(ask_token_key(path));
  if (path.find('\0') != path.npos) return system_error(ENOENT);
  const posix::file file(std::string(path), O_RDONLY | O_NONBLOCK);
  if (!file) return system_error(errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return system_error(errno);
  if (S_ISREG(status.st_mode) && (status.st_mode & 077) != 0) {
    return error{errc::permission_denied, "the key file is open to others: chmod 600 it"};
  }
  if (S_ISDIR(status.st_mode)) return system_error(EISDIR);
  secret<most_read> content;
  std::size_t size = 0;
  const int failed = content.fill_bytes([&](byte_span to) {
    while (size < to.size()) {
      const ssize_t got = ::read(file.get(), to.data() + size, to.size() - size);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && errno == EAGAIN) {
        // A pipe whose writer is there and has written nothing yet.
        constexpr int ten_seconds = 10'000;
        pollfd there{.fd = file.get(), .events = POLLIN, .revents = 0};
        if (::poll(&there, 1, ten_seconds) > 0) continue;
      }
      if (got < 0) return errno;
      if (got == 0) break;
      size += static_cast<std::size_t>(got);
    }
    return 0;
  });
  if (failed != 0) return system_error(failed);
  return content.with_bytes([&](byte_view whole) { return identity(whole.first(size)); });
} catch (const std::exception&) {
  return error{errc::limit_exceeded, "not enough memory"};
}

result<void> slot_secret::good_enough() const noexcept {
  if (kind_ != slot_kind::passphrase) return {};
  return with_bytes([](byte_view bytes) -> result<void> {
    constexpr std::size_t least_different = 5;
    if (characters(bytes) < shortest_passphrase || different_bytes(bytes) < least_different) {
      return error{errc::invalid_argument,
                   "a new passphrase has at least 12 characters, five of them different: take six "
                   "words that a die has chosen"};
    }
    return {};
  });
}

bool slot_secret::same_as(const slot_secret& other) const noexcept {
  return kind_ == other.kind_ && size_ == other.size_ && with_bytes([&](byte_view one) {
           return other.with_bytes([&](byte_view two) { return crypto::equal(one, two); });
         });
}

slot_secret slot_secret::duplicate() const noexcept {
  return with_bytes([this](byte_view bytes) { return slot_secret(kind_, bytes); });
}

result<slot_secret> make_key_file(std::string_view path, std::string_view book_path,
                                  std::string_view cell_path) noexcept try {
  if (names_token_key(path)) return slot_secret::of_token(make_token_key(path));
  const std::string at(path);
  if (at.empty() || at.back() == '/' || at.find('\0') != at.npos) {
    return error{errc::invalid_argument, "a key file needs the path of a file"};
  }
  const auto near_book = lies_in_or_beside(at, book_path);
  if (!near_book) return near_book.error();
  if (*near_book) {
    return error{errc::invalid_argument,
                 "the key file lies in or beside the book: keep it elsewhere"};
  }
  const auto near_cell = cell_path.empty() ? result<bool>(false) : in_folder_of(at, cell_path);
  if (!near_cell) return near_cell.error();
  if (*near_cell) {
    return error{
        errc::invalid_argument,
        "the key file lies beside or below the sealed key, and whoever copies that folder has "
        "both: keep it elsewhere"};
  }
  crypto::system_random random;
  auto key = crypto::random_key(random);
  if (!key) return key.error();
  const posix::file file(at, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
  if (!file) return system_error(errno);
  auto kept = key->with_bytes([&](byte_view bytes) { return posix::write_all(file, bytes, said); });
  if (kept) kept = posix::sync(file, said);
  // The name is to be there too before anything is sealed with it.
  if (kept) kept = posix::sync_folder(posix::folder_of(at), said);
  if (!kept) {
    ::unlink(at.c_str());
    return kept.error();
  }
  return key->with_bytes([](byte_view bytes) { return slot_secret::identity(bytes); });
} catch (const std::exception&) {
  return error{errc::invalid_argument, "no key file can be there: name another place"};
}

}  // namespace clientbook
