// Opens a compiled state: whatever its bytes are, evaluate() reads nothing outside them
// afterwards. What it relies on: state_format.hpp.
#include <clientbook/consent/compiled_state.hpp>

#include "state_format.hpp"

namespace clientbook {
namespace {

bool well_formed(const std::byte* data, const state::header& h) noexcept {
  const state::layout at = state::layout_of(h);
  const std::size_t lines = h.starts[state::section_count];
  const auto byte = [data](std::size_t offset) { return static_cast<std::uint8_t>(data[offset]); };
  const auto index_fits = [&](std::size_t from, std::size_t count, std::uint8_t rows,
                              bool may_lack) {
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint8_t row = byte(from + i);
      if (row >= rows && !(may_lack && row == state::no_row)) return false;
    }
    return true;
  };
  if (!index_fits(at.purpose_index, state::terms, h.purpose_rows, true) ||
      !index_fits(at.recipient_index, state::terms, h.recipient_rows, true) ||
      !index_fits(at.operation_index, state::operations, h.operation_rows, false)) {
    return false;
  }
  // No row speaks of a line that is not there.
  const std::size_t rows = std::size_t{h.purpose_rows} + h.recipient_rows + h.operation_rows;
  for (std::size_t i = 0; i < rows * h.words; ++i) {
    const std::size_t first = (i % h.words) * 64;
    const auto word = state::load<std::uint64_t>(data + at.purpose_rows + 8 * i);
    const std::size_t there = lines > first ? lines - first : 0;
    if (there < 64 && (word >> there) != 0) return false;
  }
  for (std::size_t line = 0; line < lines; ++line) {
    const auto facts =
        state::load<state::line_facts>(data + at.lines + sizeof(state::line_facts) * line);
    const auto kind = static_cast<std::uint8_t>(facts.kind);
    if (kind < 1 || kind > static_cast<std::uint8_t>(state::line_kind::word)) return false;
    const state::section in = section_of(facts.kind);
    if (line < h.starts[in] || line >= h.starts[in + 1]) return false;
    if (facts.interval >= h.intervals || facts.obligations >= h.obligations) return false;
    if (std::size_t{facts.first_reference} + facts.reference_count > h.references) return false;
  }
  for (std::size_t i = 0; i < h.references; ++i) {
    if (byte(at.references + i) >= lines) return false;
  }
  return true;
}

// Whether obligations must be combined field by field: what a grant asks for depends on which
// grant counts, and two wishes for one thing may conflict in one field only.
bool obligations_differ(const std::byte* data, const state::header& h) noexcept {
  const state::layout at = state::layout_of(h);
  const auto facts = [&](std::size_t line) {
    return state::load<state::line_facts>(data + at.lines + sizeof(state::line_facts) * line);
  };
  for (std::size_t line = h.starts[state::consents]; line < h.starts[state::consents + 1]; ++line) {
    if (facts(line).obligations != 0) return true;
  }
  for (std::size_t line = h.starts[state::references]; line < h.starts[state::references + 1];
       ++line) {
    if (facts(line).kind == state::line_kind::word) return true;
  }
  for (std::size_t line = h.starts[state::obligation_lines];
       line < h.starts[state::obligation_lines + 1]; ++line) {
    const auto asked = state::load<state::stored_obligations>(
        data + at.obligations + sizeof(state::stored_obligations) * facts(line).obligations);
    if (asked.encrypt_for != 0 || asked.attach_notice != 0 || asked.contract != 0) return true;
  }
  return false;
}

}  // namespace

result<compiled_state_view> compiled_state_view::open(byte_view bytes) noexcept {
  if (bytes.size() < sizeof(state::header)) {
    return error{errc::truncated, "this is too short for a compiled state"};
  }
  const auto h = state::load<state::header>(bytes.data());
  if (h.magic != state::magic) return error{errc::invalid_encoding, "this is no compiled state"};
  if (h.format != state::format) {
    return error{errc::newer_format, "a compiled state of another version: compile it again"};
  }
  bool sane = h.words >= 1 && h.words <= state::max_words && h.planes >= 1 &&
              h.planes <= state::max_planes && h.intervals >= 1 && h.obligations >= 1 &&
              h.purpose_rows >= 1 && h.recipient_rows >= 1 && h.operation_rows >= 1 &&
              h.starts[0] == 0 && h.starts[state::section_count] <= std::size_t{h.words} * 64;
  for (std::size_t i = 0; sane && i < state::section_count; ++i) {
    sane = h.starts[i] <= h.starts[i + 1];
  }
  if (!sane) return error{errc::invalid_encoding, "the header of a compiled state is damaged"};
  const state::layout at = state::layout_of(h);
  const std::size_t size = at.size;
  if (size > bytes.size()) return error{errc::truncated, "a compiled state ends too early"};
  if (size != bytes.size() || h.size != size || !well_formed(bytes.data(), h)) {
    return error{errc::invalid_encoding, "the tables of a compiled state are damaged"};
  }
  compiled_state_view out;
  out.data_ = bytes.data();
  out.size_ = size;
  out.offsets_ = std::bit_cast<std::array<std::uint32_t, 15>>(at);
  out.obligations_differ_ = obligations_differ(bytes.data(), h);
  return out;
}

profile_id compiled_state_view::profile() const noexcept {
  return empty() ? profile_id() : profile_id(state::load<state::header>(data_).profile);
}
std::uint32_t compiled_state_view::profile_version() const noexcept {
  return empty() ? 0 : state::load<state::header>(data_).profile_version;
}
std::uint32_t compiled_state_view::registry_version() const noexcept {
  return empty() ? 0 : state::load<state::header>(data_).registry_version;
}
std::size_t compiled_state_view::rules() const noexcept {
  return empty() ? 0 : state::load<state::header>(data_).starts[state::section_count];
}

}  // namespace clientbook
