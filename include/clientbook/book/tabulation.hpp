// Tabulation: how many customers share each combination of values, as a static export.
//
// Values are redacted before they are grouped. A combination that fewer than k people share does
// not leave, and the figures are noised: the same question about the same people gets the same
// figures, so that asking again averages nothing away.
//
// Thread safety: values.
#ifndef CLIENTBOOK_BOOK_TABULATION_HPP
#define CLIENTBOOK_BOOK_TABULATION_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/model/schema.hpp>
#include <clientbook/redaction/k_threshold.hpp>
#include <clientbook/vault/wiped_bytes.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace clientbook {

/// Whatever a caller asks for: a combination has this many people at least.
inline constexpr unsigned least_k = 5;
inline constexpr std::size_t max_table_columns = 8;

struct table_column {
  field_id field{};
  /// How coarse at least; what the decision about a customer asks for governs if it is stricter.
  redaction_operator form = redaction_operator::none;
};

struct tabulation_request {
  purpose_id purpose{};
  std::span<const table_column> columns{};  ///< 1 to 8, each field once; not purchases or notes.
  unsigned k = 10;                          ///< least_k to 1,000,000.
  small_groups small = small_groups::suppress;
  /// Scale of the noise (noise.hpp), 1 to 1,000,000; epsilon is 1 / scale.
  std::uint32_t noise_scale = 2;
};

/// What is told of a table without lending anything of its content.
class tabulation_facts {
 public:
  /// Whether combinations of too few people were left out; not how many.
  bool suppressed() const noexcept { return suppressed_; }
  std::uint64_t ledger_index() const noexcept { return ledger_index_; }

 private:
  friend struct session_state;
  friend class session;
  bool suppressed_ = false;
  std::uint64_t ledger_index_ = 0;
};

class tabulation : public tabulation_facts {
 public:
  using when_temporary = tabulation_facts;

  struct row {
    std::vector<byte_view> values{};  ///< Of each column, redacted; empty: none.
    std::uint64_t people = 0;         ///< With noise.
  };

  tabulation() noexcept = default;
  tabulation(tabulation&&) noexcept = default;
  tabulation& operator=(tabulation&&) noexcept = default;
  tabulation(const tabulation&) = delete;
  tabulation& operator=(const tabulation&) = delete;

  /// In the order of their values. Views live as long as this object.
  const std::vector<row>& rows() const& noexcept { return rows_; }
  const std::vector<row>& rows() const&& = delete;

 private:
  friend struct session_state;
  friend class session;
  wiped_bytes bytes_;
  std::vector<row> rows_;
};

}  // namespace clientbook

#endif
