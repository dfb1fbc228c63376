// Reads a compiled state in place: rules as bits, facts of a line, its obligations.
#ifndef CLIENTBOOK_CONSENT_STATE_READER_HPP
#define CLIENTBOOK_CONSENT_STATE_READER_HPP

#include <bit>
#include <cstddef>
#include <cstdint>

#include "state_format.hpp"

namespace clientbook {

/// Reads a state that open() has checked.
class state_reader {
 public:
  explicit state_reader(const compiled_state_view& view) noexcept
      : data_(view.data_),
        header_(state::load<state::header>(data_)),
        at_(std::bit_cast<state::layout>(view.offsets_)),
        obligations_differ_(view.obligations_differ_) {}

  const state::header& header() const noexcept { return header_; }
  bool obligations_differ() const noexcept { return obligations_differ_; }
  std::size_t words() const noexcept { return header_.words; }
  std::size_t planes() const noexcept { return header_.planes; }
  std::size_t start(state::section which) const noexcept { return header_.starts[which]; }
  std::size_t end(state::section which) const noexcept { return header_.starts[which + 1]; }
  std::size_t lines() const noexcept { return header_.starts[state::section_count]; }

  std::uint64_t has(std::size_t plane) const noexcept { return word(at_.has + 8 * plane); }
  category_id category(std::size_t plane, field_id field) const noexcept {
    return category_id(byte(at_.categories + 64 * plane + field.value));
  }
  std::uint64_t mask(std::size_t plane, std::size_t line) const noexcept {
    return word(at_.masks + 8 * (plane * lines() + line));
  }
  state::line_facts facts(std::size_t line) const noexcept {
    return state::load<state::line_facts>(data_ + at_.lines + sizeof(state::line_facts) * line);
  }
  state::interval held(std::size_t number) const noexcept {
    return state::load<state::interval>(data_ + at_.intervals + sizeof(state::interval) * number);
  }
  std::size_t reference(std::size_t number) const noexcept { return byte(at_.references + number); }

  std::uint8_t purpose_row(purpose_id id) const noexcept {
    return id.value < state::terms ? byte(at_.purpose_index + id.value) : state::no_row;
  }
  std::uint8_t recipient_row(recipient_id id) const noexcept {
    return id.value < state::terms ? byte(at_.recipient_index + id.value) : state::no_row;
  }
  std::uint8_t operation_row(operation_id id) const noexcept {
    return byte(at_.operation_index + id.value);
  }
  std::uint64_t candidates(std::size_t w, std::uint8_t purpose, std::uint8_t recipient,
                           std::uint8_t operation) const noexcept {
    return word(at_.purpose_rows + 8 * (words() * purpose + w)) &
           word(at_.recipient_rows + 8 * (words() * recipient + w)) &
           word(at_.operation_rows + 8 * (words() * operation + w));
  }

  bool ending_denies(purpose_id purpose, operation_id operation) const noexcept {
    return ((header_.ending_purposes[purpose.value / 64] >> (purpose.value % 64)) & 1U) != 0 &&
           ((header_.ending_operations >> operation.value) & 1U) != 0;
  }

  state::stored_obligations stored(std::size_t number) const noexcept {
    return state::load<state::stored_obligations>(data_ + at_.obligations +
                                                  sizeof(state::stored_obligations) * number);
  }
  obligations conditions(std::size_t number) const noexcept {
    const state::stored_obligations from = stored(number);
    return {.required = obligation_set::of_bits(from.required),
            .mask = static_cast<redaction_operator>(from.mask),
            .encrypt_for = recipient_id(from.encrypt_for),
            .expire_seconds = from.expire_seconds,
            .attach_notice = notice_id(from.attach_notice),
            .contract = from.contract,
            .rate_count = from.rate_count,
            .rate_seconds = from.rate_seconds};
  }

  // Whether the data goes where the registry says that the recipient is.
  bool country_agrees(recipient_id recipient, const country_code& country) const noexcept {
    if (country[0] == '\0' && country[1] == '\0') return true;
    for (std::size_t i = 0; i < header_.parties; ++i) {
      const auto known = state::load<state::party_country>(data_ + at_.countries +
                                                           sizeof(state::party_country) * i);
      if (known.party == recipient.value) {
        return known.country[0] == country[0] && known.country[1] == country[1];
      }
    }
    return false;
  }

 private:
  std::uint64_t word(std::size_t offset) const noexcept {
    return state::load<std::uint64_t>(data_ + offset);
  }
  std::uint8_t byte(std::size_t offset) const noexcept {
    return static_cast<std::uint8_t>(data_[offset]);
  }

  const std::byte* data_;
  state::header header_;
  state::layout at_;
  bool obligations_differ_;
};

}  // namespace clientbook

#endif
