// Preview: exactly what a consent would open, before it is given.
//
// The cells are what evaluate() would permit with the grant and does not without it: recipient
// by name, purpose, operation, field. Their canonical bytes are hashed into the notice.
//
// Thread safety: needs its workspace and buffers alone.
#ifndef CLIENTBOOK_CONSENT_PREVIEW_HPP
#define CLIENTBOOK_CONSENT_PREVIEW_HPP

#include <clientbook/base/callback_ref.hpp>
#include <clientbook/base/field_set.hpp>
#include <clientbook/consent/evaluate.hpp>

#include <cstddef>
#include <cstdint>

namespace clientbook {

struct preview_cell {
  recipient_id recipient{};  ///< A party, or a class that is one by itself (the shop).
  purpose_id purpose{};
  operation_id operation{};
  field_set fields{};      ///< What opens.
  country_code country{};  ///< Where the data goes; none for the shop itself.
  std::uint32_t retention_days = 0;
  friend bool operator==(const preview_cell&, const preview_cell&) = default;
};

/// Gets the cells in ascending order of recipient, purpose, operation.
class preview_sink {
 public:
  virtual void cell(const preview_cell& opened) noexcept = 0;

 protected:
  ~preview_sink() = default;
};

/// Buffers for two compiled states.
struct preview_workspace {
  compile_workspace compiling;
  std::array<std::byte, max_compiled_state> before;
  std::array<std::byte, max_compiled_state> after;
};

/// Compares with and without the hypothetical grant, which is treated as said now, after all
/// directives, with the notice's hash if it has one and as if the notice were known: what is
/// hypothetical is only that the customer agrees. Returns the number of cells.
///
/// Errors: as compile(); wrong_type unless `hypothetical` is a grant or a renewal.
result<std::size_t> preview_consent(std::span<const directive> directives,
                                    const directive& hypothetical, const privacy_notice& notice,
                                    const consent_environment& environment,
                                    const subject_facts& subject, timestamp now,
                                    clock_confidence clock, preview_workspace& workspace,
                                    preview_sink& sink) noexcept;

/// What of a request is permitted, as whoever asks decides: by one state, or by several together.
using permitted_fields = callback_ref<field_set(const decision_request&)>;

/// The hypothetical grant as it is compiled: said now, under this notice, after all directives.
/// Errors: wrong_type unless it is a grant or a renewal.
result<directive> said_hypothetically(const directive& grant, const privacy_notice& notice,
                                      std::span<const directive> before, timestamp now) noexcept;

/// The comparison itself, where other states than those of one law decide. `added` is the grant as
/// it was compiled into what `after` decides by. Returns the number of cells.
std::size_t preview_between(permitted_fields before, permitted_fields after, const directive& added,
                            const privacy_notice& notice, const recipient_registry* registry,
                            timestamp now, clock_confidence clock, preview_sink& sink) noexcept;

inline constexpr std::size_t max_cell_bytes = 128;

/// Canonical bytes of one cell, deterministic CBOR, with the recipient's name: the hash of a
/// preview is the hash of its cells' bytes, one after the other.
/// Errors: buffer_too_small, not_found (a party that the registry lacks).
result<byte_view> encode_cell(const preview_cell& cell, const recipient_registry* registry,
                              byte_span out) noexcept;

}  // namespace clientbook

#endif
