// The bytes of a compiled state, shared by the one who writes and the one who reads them.
//
// A state is a matrix: its rules are lines, numbered in the order in which they are judged. For
// every purpose, recipient and operation there is a row of bits, one bit a line, that says which
// lines cover it; terms with equal rows share one. A decision ANDs three rows, and what is left
// are the few lines that matter. Each line has a mask of fields (a plane for every category that
// a field may have), an interval and its meaning.
//
// Little-endian. Offsets follow from the counts of the header.
#ifndef CLIENTBOOK_CONSENT_STATE_FORMAT_HPP
#define CLIENTBOOK_CONSENT_STATE_FORMAT_HPP

#include <clientbook/consent/compiled_state.hpp>

#include <bit>
#include <cstring>
#include <limits>

namespace clientbook::state {

static_assert(std::endian::native == std::endian::little,
              "compiled states are written and read as they lie in memory");

inline constexpr std::uint32_t magic = 0x53436263;  // "cbCS"
inline constexpr std::uint16_t format = 1;
inline constexpr std::size_t max_lines = 256;
inline constexpr std::size_t max_words = max_lines / 64;
inline constexpr std::size_t max_planes = 4;
inline constexpr std::uint8_t no_row = 0xff;
inline constexpr std::size_t terms = 192;  // purposes, and recipients
inline constexpr std::size_t operations = 16;

enum class line_kind : std::uint8_t {
  prohibition = 1,
  restriction = 2,
  objection = 3,
  denial = 4,
  basis = 5,
  grant = 6,   // in one section with `ending`, in the order in which they were written down
  ending = 7,  // withdraw, revoke, invalidate
  lift = 8,    // works through references only
  assertion = 9,
  obligation = 10,
  word = 11,  // what a customer asked in return for a consent; binds permits beside it
};

// Sections: [start[s], start[s + 1]).
enum section : std::uint8_t {
  prohibitions,
  restrictions,
  objections,
  denials,
  bases,
  consents,
  references,
  obligation_lines,
  section_count
};

constexpr section section_of(line_kind kind) noexcept {
  switch (kind) {
    case line_kind::prohibition:
      return prohibitions;
    case line_kind::restriction:
      return restrictions;
    case line_kind::objection:
      return objections;
    case line_kind::denial:
      return denials;
    case line_kind::basis:
      return bases;
    case line_kind::grant:
    case line_kind::ending:
      return consents;
    case line_kind::lift:
    case line_kind::assertion:
    case line_kind::word:
      return references;
    case line_kind::obligation:
      return obligation_lines;
  }
  return obligation_lines;
}

struct header {
  std::uint32_t magic = state::magic;
  std::uint16_t format = state::format;
  std::uint8_t words = 0;   // of a row
  std::uint8_t planes = 0;  // of masks
  std::uint32_t size = 0;   // of the whole
  std::uint32_t profile_version = 0;
  std::uint32_t registry_version = 0;
  std::uint16_t profile = 0;
  std::uint16_t references = 0;
  std::uint16_t starts[section_count + 1] = {};
  std::uint8_t purpose_rows = 0;
  std::uint8_t recipient_rows = 0;
  std::uint8_t operation_rows = 0;
  std::uint8_t parties = 0;
  std::uint16_t intervals = 0;
  std::uint16_t obligations = 0;
  std::uint16_t ending_operations = 0;  // where an ending denies (stage 3)
  std::uint16_t reserved[2] = {};
  std::uint64_t ending_purposes[3] = {};
};
static_assert(sizeof(header) == 80 && alignof(header) == 8);

struct interval {
  std::int64_t from = std::numeric_limits<std::int64_t>::min();
  std::int64_t until = std::numeric_limits<std::int64_t>::max();
  friend constexpr bool operator==(const interval&, const interval&) = default;
  constexpr bool always() const noexcept { return *this == interval{}; }
};
static_assert(sizeof(interval) == 16);

struct line_facts {
  line_kind kind = line_kind::prohibition;
  std::uint8_t interval = 0;         // 0: always
  std::uint8_t obligations = 0;      // 0: none
  std::uint8_t rank = 0;             // of grants: greater is more specific
  std::uint16_t origin = 0;          // sequence of the directive, or row of the profile's table
  std::uint8_t what = 0;             // directive_kind, or of a basis its lawful_basis
  std::uint8_t reference_count = 0;  // lines that lift it, and those that end these
  std::uint16_t first_reference = 0;
  // Of a basis: 1 if it needs an assertion. Of a word: it binds the permits of grants with a
  // smaller sequence than this; 0: those of no grant.
  std::uint16_t detail = 0;
};
static_assert(sizeof(line_facts) == 12);

struct stored_obligations {
  std::uint16_t required = 0;
  std::uint8_t mask = 0;
  std::uint8_t encrypt_for = 0;
  std::uint32_t expire_seconds = 0;
  std::uint32_t attach_notice = 0;
  std::uint32_t contract = 0;
  std::uint32_t rate_count = 0;
  std::uint32_t rate_seconds = 0;

  /// Nothing beyond `required` and `mask`: combining is then an OR.
  constexpr bool says_no_more() const noexcept {
    return (encrypt_for | expire_seconds | attach_notice | contract | rate_count | rate_seconds) ==
           0;
  }
};
static_assert(sizeof(stored_obligations) == 24);

struct party_country {
  std::uint8_t party = 0;
  std::uint8_t reserved = 0;
  char country[2] = {};
};

template <class T>
T load(const std::byte* from) noexcept {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

// Where the parts are, from the start.
struct layout {
  std::uint32_t has = 0;         // planes x 8: fields that have a category in that plane
  std::uint32_t categories = 0;  // planes x 64: which
  std::uint32_t purpose_index = 0;
  std::uint32_t recipient_index = 0;
  std::uint32_t operation_index = 0;
  std::uint32_t purpose_rows = 0;
  std::uint32_t recipient_rows = 0;
  std::uint32_t operation_rows = 0;
  std::uint32_t masks = 0;  // planes x lines x 8
  std::uint32_t intervals = 0;
  std::uint32_t obligations = 0;
  std::uint32_t countries = 0;
  std::uint32_t lines = 0;
  std::uint32_t references = 0;  // one byte each: a line
  std::uint32_t size = 0;
};

constexpr layout layout_of(const header& h) noexcept {
  layout out;
  std::size_t at = sizeof(header);
  const auto take = [&at](std::size_t bytes) {
    const auto here = static_cast<std::uint32_t>(at);
    at += bytes;
    return here;
  };
  const std::size_t lines = h.starts[section_count];
  const std::size_t row = std::size_t{8} * h.words;
  out.has = take(std::size_t{8} * h.planes);
  out.purpose_rows = take(row * h.purpose_rows);
  out.recipient_rows = take(row * h.recipient_rows);
  out.operation_rows = take(row * h.operation_rows);
  out.masks = take(lines * h.planes * 8);
  out.intervals = take(sizeof(interval) * h.intervals);
  out.obligations = take(sizeof(stored_obligations) * h.obligations);
  out.purpose_index = take(terms);
  out.recipient_index = take(terms);
  out.operation_index = take(operations);
  out.categories = take(std::size_t{64} * h.planes);
  out.countries = take(sizeof(party_country) * h.parties);
  out.lines = take(sizeof(line_facts) * lines);
  out.references = take(h.references);
  out.size = static_cast<std::uint32_t>((at + 7) / 8 * 8);
  return out;
}

}  // namespace clientbook::state

#endif
