// Lines and words of the texts that show something of the ledger, written and read strictly: one
// text for one meaning, as the checkers that share no code with this one take it.
#ifndef CLIENTBOOK_RIGHTS_EVIDENCE_PARTS_HPP
#define CLIENTBOOK_RIGHTS_EVIDENCE_PARTS_HPP

#include <clientbook/internal/base/base64.hpp>
#include <clientbook/ledger/merkle.hpp>
#include <clientbook/transfer/record_json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace clientbook {

// What put_base64() writes into.
struct appending {
  wiped_text& to;
  void put(char c) { to += c; }
};

inline void add_base64(wiped_text& out, byte_view bytes) {
  appending to{out};
  put_base64(to, bytes);
}

inline void add_number(wiped_text& out, std::uint64_t number) {
  std::array<char, 20> room;
  const auto end = std::to_chars(room.data(), room.data() + room.size(), number);
  out.append(room.data(), end.ptr);
}

inline void add_hashes(wiped_text& out, std::span<const ledger::hash> path) {
  for (const ledger::hash& hash : path) {
    out += ' ';
    add_base64(out, byte_view(hash));
  }
}

class lines {
 public:
  explicit lines(std::string_view text) noexcept : rest_(text) {}

  std::optional<std::string_view> next() noexcept {
    if (rest_.empty()) return std::nullopt;
    const std::size_t end = rest_.find('\n');
    std::string_view line = rest_.substr(0, end);
    rest_ = end == rest_.npos ? std::string_view() : rest_.substr(end + 1);
    ++number_;
    // Saved by an editor that writes CR LF.
    if (end != rest_.npos && line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }
  std::uint64_t number() const noexcept { return number_; }

 private:
  std::string_view rest_;
  std::uint64_t number_ = 0;
};

inline std::string_view word_of(std::string_view& rest) noexcept {
  const std::size_t end = rest.find(' ');
  const std::string_view word = rest.substr(0, end);
  rest = end == rest.npos ? std::string_view() : rest.substr(end + 1);
  return word;
}

inline bool decode(std::string_view text, std::size_t most, wiped_bytes& out) {
  if (!is_base64(text) || base64_decoded_size(text) > most) return false;
  out.resize(base64_decoded_size(text));
  decode_base64(text, out);
  return true;
}

// One text for one number, as the other checkers take it.
inline bool read_number(std::string_view number, std::uint64_t& out) noexcept {
  if (number.empty() || number.size() > 19 || (number.size() > 1 && number.front() == '0')) {
    return false;
  }
  const auto read = std::from_chars(number.data(), number.data() + number.size(), out);
  return read.ec == std::errc() && read.ptr == number.data() + number.size();
}

/// Hashes as base64, at most 64, one blank between two.
inline bool read_hashes(std::string_view line, std::vector<ledger::hash>& out) {
  constexpr std::size_t most_hashes = 64;
  wiped_bytes bytes;
  while (!line.empty()) {
    ledger::hash hash;
    if (out.size() == most_hashes || !decode(word_of(line), sizeof hash, bytes) ||
        bytes.size() != sizeof hash) {
      return false;
    }
    std::copy(bytes.begin(), bytes.end(), hash.begin());
    out.push_back(hash);
  }
  return true;
}

}  // namespace clientbook

#endif
