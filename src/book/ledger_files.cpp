// The ledger as the files that a log of tiles has (C2SP tlog-tiles), for whoever audits it with a
// program of their own. Only what is in the tree: leaves are in clear, payloads lie beside it.
#include <algorithm>
#include <array>
#include <charconv>

#include "session_state.hpp"

namespace clientbook {
namespace {

constexpr error no_such_file{errc::not_found, "the ledger has no such file, or not yet"};

struct tile_name {
  int level = 0;  ///< -1: entries.
  std::uint64_t number = 0;
  std::size_t width = ledger::tile_width;
};

bool take_number(std::string_view& text, std::uint64_t& out) noexcept {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  if (read.ec != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  return true;
}

// `x001/x234/067`: groups of three digits.
bool take_tile_number(std::string_view& text, std::uint64_t& out) noexcept {
  for (out = 0;;) {
    const bool more = text.starts_with('x');
    if (more) text.remove_prefix(1);
    if (text.size() < 3 || out > (std::uint64_t{1} << 52)) return false;
    std::string_view group = text.substr(0, 3);
    std::uint64_t digits = 0;
    if (!take_number(group, digits) || !group.empty()) return false;
    out = out * 1000 + digits;
    text.remove_prefix(3);
    if (!more) return true;
    if (!text.starts_with('/')) return false;
    text.remove_prefix(1);
  }
}

// Reads a path; whether it is written as such a path is written, tile_path() says.
bool read_path(std::string_view path, tile_name& out) noexcept {
  std::string_view rest = path;
  constexpr std::string_view folder = "tile/";
  constexpr std::string_view entries = "entries/";
  if (!rest.starts_with(folder)) return false;
  rest.remove_prefix(folder.size());
  if (rest.starts_with(entries)) {
    rest.remove_prefix(entries.size());
    out.level = -1;
  } else {
    std::uint64_t level = 0;
    if (!take_number(rest, level) || level > 63 || !rest.starts_with('/')) return false;
    rest.remove_prefix(1);
    out.level = static_cast<int>(level);
  }
  if (!take_tile_number(rest, out.number)) return false;
  constexpr std::string_view part = ".p/";
  if (rest.starts_with(part)) {
    rest.remove_prefix(part.size());
    std::uint64_t width = 0;
    if (!take_number(rest, width) || width == 0 || width >= ledger::tile_width) return false;
    out.width = static_cast<std::size_t>(width);
  }
  std::array<char, 64> room;
  const auto written = ledger::tile_path(out.level, out.number, out.width, room);
  return rest.empty() && written && *written == path;
}

void put_behind(std::vector<std::byte>& out, byte_view bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

}  // namespace

result<std::vector<std::byte>> ledger_store::file(std::string_view path) {
  std::vector<std::byte> out;
  if (path == "checkpoint") {
    const auto note = checkpoint();
    if (!note) return note.error();
    put_behind(out, as_bytes(*note));
    return out;
  }
  tile_name which;
  const std::uint64_t size = core_.row().ledger_size;
  if (!read_path(path, which)) return no_such_file;
  const auto level = static_cast<unsigned>(std::max(which.level, 0));
  if (ledger::tile_count(level, which.number, size) < which.width) return no_such_file;
  if (which.number < ledger::first_tile(level, pruned())) {
    if (auto there = check_not_pruned(0); !there) return there.error();
  }
  if (which.level >= 0) {
    const auto tile = get(level, which.number);
    if (!tile) return tile.error();
    const std::size_t bytes = which.width * sizeof(ledger::hash);
    if (tile->size() < bytes) {
      return error{errc::damaged, "a tile of the ledger has not the size that the tree says",
                   which.number};
    }
    put_behind(out, tile->first(bytes));
    return out;
  }
  for (std::size_t i = 0; i < which.width; ++i) {
    const auto bytes = entry_bytes(which.number * ledger::tile_width + i);
    if (!bytes) return bytes.error();
    std::array<std::byte, 2> length;
    store_be(length.data(), static_cast<std::uint16_t>(bytes->size()));
    put_behind(out, length);
    put_behind(out, *bytes);
  }
  return out;
}

result<std::vector<std::byte>> session::ledger_file(std::string_view path) try {
  session_state& s = *state_;
  if (auto seen = s.look(action::audit); !seen) return seen.error();
  return s.ledger.file(path);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
