// TC strings of IAB Europe and IAB Canada, read strictly.
//
// Bit by bit as the specification counts them, so that an error can say where. Vendors are bits or
// ranges; both are walked in place and looked at whole before the string counts.
#include <clientbook/exchange/tcf.hpp>

#include <clientbook/internal/exchange/bits.hpp>

namespace clientbook {

using exchange::bit_reader;
using exchange::bits_at;
using exchange::check_base64url;

// The reader's way into the views, whose users see none of this.
struct tcf_access {
  using form = vendor_ids::form;

  static vendor_ids make(std::string_view text, std::size_t bit, std::uint32_t count,
                         form how) noexcept {
    vendor_ids set;
    set.text_ = text;
    set.bit_ = bit;
    set.count_ = count;
    set.form_ = how;
    return set;
  }
  static publisher_restrictions make_list(std::string_view text, std::size_t bit,
                                          std::uint16_t count, form how) noexcept {
    publisher_restrictions list;
    list.text_ = text;
    list.bit_ = bit;
    list.count_ = count;
    list.optimized_ = how == form::fibonacci;
    return list;
  }
};

namespace {

using form = tcf_access::form;

constexpr error range_order{errc::invalid_value, "vendor ranges out of order or overlapping"};
constexpr error too_large{errc::invalid_value, "a vendor id above the largest one announced"};

error at(error failure, std::size_t bit) noexcept {
  failure.at = bit;
  return failure;
}

struct entry_ids {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};

// An entry is one bit, then one id or two: of 16 bits, or as offsets from the id before. An offset
// that is none gives an id of 0.
entry_ids read_entry(bit_reader& in, form how, std::uint32_t before) noexcept {
  const bool range = in.read(1) != 0;
  if (how == form::ranges) {
    const auto first = static_cast<std::uint32_t>(in.read(16));
    return {first, range ? static_cast<std::uint32_t>(in.read(16)) : first};
  }
  const std::uint32_t offset = in.read_fibonacci();
  const std::uint32_t length = range ? in.read_fibonacci() : 0;
  if (offset == 0 || (range && length == 0)) return {};
  return {before + offset, before + offset + length};
}

result<vendor_ids> read_entries(std::string_view text, bit_reader& in, form how,
                                std::uint32_t largest) noexcept {
  const auto entries = static_cast<std::uint32_t>(in.read(12));
  const std::size_t begin = in.at();
  std::uint32_t before = 0;
  for (std::uint32_t i = 0; i < entries; ++i) {
    const std::size_t bit = in.at();
    const entry_ids entry = read_entry(in, how, before);
    if (in.failed()) break;
    if (entry.first <= before || entry.last < entry.first) return at(range_order, bit);
    if (entry.last > largest) return at(too_large, bit);
    before = entry.last;
  }
  // The one thing by which the forms can be told apart is that the last id is the largest.
  if (how == form::fibonacci && before != largest && !in.failed()) {
    return error{errc::invalid_value, "the largest vendor id is not the one announced", begin};
  }
  return tcf_access::make(text, begin, entries, how);
}

// MaxVendorId, then a bit field or ranges.
result<vendor_ids> read_vendors(std::string_view text, bit_reader& in, form ranges) noexcept {
  const auto largest = static_cast<std::uint32_t>(in.read(16));
  if (in.read(1) != 0) return read_entries(text, in, ranges, largest);
  const std::size_t begin = in.at();
  in.skip(largest);
  return tcf_access::make(text, begin, largest, form::bits);
}

result<publisher_restrictions> read_restrictions(std::string_view text, bit_reader& in,
                                                 form ranges) noexcept {
  const auto count = static_cast<std::uint16_t>(in.read(12));
  const std::size_t begin = in.at();
  for (unsigned i = 0; i < count && !in.failed(); ++i) {
    const std::size_t bit = in.at();
    const auto purpose = in.read(6);
    const auto type = in.read(2);
    if (in.failed()) break;
    if (purpose == 0) {
      return error{errc::invalid_value, "a publisher restriction of purpose 0", bit};
    }
    if (type == 3) return error{errc::invalid_value, "publisher restriction type 3", bit};
    const auto vendors = ranges == form::fibonacci ? read_vendors(text, in, ranges)
                                                   : read_entries(text, in, ranges, 65535);
    if (!vendors) return vendors.error();
  }
  return tcf_access::make_list(text, begin, count, ranges);
}

// `count` flags, number 1 first.
tcf_numbers read_numbers(bit_reader& in, unsigned count) noexcept {
  tcf_numbers set;
  for (unsigned done = 0; done < count;) {
    const unsigned part = count - done < 32 ? count - done : 32;
    const std::uint64_t flags = in.read(part);
    for (unsigned i = 0; i < part; ++i) {
      set.bits |= ((flags >> (part - 1 - i)) & 1) << (done + i);
    }
    done += part;
  }
  return set;
}

// Deciseconds since 1970.
timestamp read_time(bit_reader& in) noexcept {
  return {static_cast<std::int64_t>(in.read(36) / 10)};
}

result<std::array<char, 2>> read_letters(bit_reader& in) noexcept {
  std::array<char, 2> letters{};
  for (char& letter : letters) {
    const auto value = static_cast<unsigned>(in.read(6));
    if (value > 25) {
      return error{errc::invalid_value, "a language or country code that is not two letters",
                   in.at() - 6};
    }
    letter = static_cast<char>('A' + static_cast<int>(value));
  }
  return letters;
}

// Encoders fill up to six, eight or twenty-four bits.
result<void> end_segment(const bit_reader& in) noexcept {
  if (in.failed()) {
    return error{errc::truncated, "a segment ends before its fields do", in.at()};
  }
  if (!in.only_padding(24)) {
    return error{errc::invalid_encoding, "something follows the last field of a segment", in.at()};
  }
  return {};
}

result<void> read_version(bit_reader& in, tc_string& tc) noexcept {
  tc.version = static_cast<std::uint8_t>(in.read(6));
  if (tc.region == tcf_region::canada) {
    if (tc.version == 1) return {};
  } else {
    if (tc.version == 2) return {};
    if (tc.version == 1) {
      return error{errc::unsupported, "a consent string of version 1, void since 2020: ask anew"};
    }
  }
  return error{errc::unsupported, "a TC string of an unknown version"};
}

result<void> read_head(bit_reader& in, tc_string& tc) noexcept {
  const bool europe = tc.region == tcf_region::europe;
  if (const auto known = read_version(in, tc); !known) return known;
  tc.created = read_time(in);
  tc.last_updated = read_time(in);
  tc.cmp_id = static_cast<std::uint16_t>(in.read(12));
  if (tc.cmp_id == 0 && !in.failed()) {
    return error{errc::invalid_value, "CMP id 0: no registered platform made this string",
                 in.at() - 12};
  }
  tc.cmp_version = static_cast<std::uint16_t>(in.read(12));
  tc.consent_screen = static_cast<std::uint8_t>(in.read(6));
  const auto language = read_letters(in);
  if (!language) return language.error();
  tc.consent_language = *language;
  tc.vendor_list_version = static_cast<std::uint16_t>(in.read(12));
  tc.policy_version = static_cast<std::uint8_t>(in.read(6));
  if (europe) tc.is_service_specific = in.read(1) != 0;
  tc.non_standard_texts = in.read(1) != 0;
  tc.special_feature_opt_ins = read_numbers(in, 12);
  tc.purpose_consents = read_numbers(in, 24);
  tc.purpose_legitimate_interests = read_numbers(in, 24);
  if (!europe) return {};
  tc.purpose_one_treatment = in.read(1) != 0;
  const auto country = read_letters(in);
  if (!country) return country.error();
  tc.publisher_country = *country;
  return {};
}

result<void> read_core(std::string_view text, form ranges, tc_string& tc) noexcept {
  bit_reader in(text);
  if (const auto head = read_head(in, tc); !head) return head;
  const auto consents = read_vendors(text, in, ranges);
  if (!consents) return consents.error();
  tc.vendor_consents = *consents;
  const auto interests = read_vendors(text, in, ranges);
  if (!interests) return interests.error();
  tc.vendor_legitimate_interests = *interests;
  const auto restrictions = read_restrictions(text, in, ranges);
  if (!restrictions) return restrictions.error();
  tc.restrictions = *restrictions;
  return end_segment(in);
}

result<void> read_vendor_segment(std::string_view text, bit_reader& in, form ranges,
                                 std::optional<vendor_ids>& into) noexcept {
  if (into) return error{errc::already_exists, "a segment given twice"};
  const auto vendors = read_vendors(text, in, ranges);
  if (!vendors) return vendors.error();
  if (const auto ended = end_segment(in); !ended) return ended;
  into = *vendors;
  return {};
}

result<void> read_publisher_segment(bit_reader& in, std::optional<publisher_tc>& into) noexcept {
  if (into) return error{errc::already_exists, "a segment given twice"};
  publisher_tc publisher;
  publisher.purpose_consents = read_numbers(in, 24);
  publisher.purpose_legitimate_interests = read_numbers(in, 24);
  publisher.custom_purposes = static_cast<std::uint8_t>(in.read(6));
  publisher.custom_consents = read_numbers(in, publisher.custom_purposes);
  publisher.custom_legitimate_interests = read_numbers(in, publisher.custom_purposes);
  into = publisher;
  return end_segment(in);
}

result<void> read_segment(std::string_view text, form ranges, tc_string& tc) noexcept {
  bit_reader in(text);
  const auto type = in.read(3);
  if (in.failed()) return error{errc::truncated, "an empty segment"};
  switch (type) {
    case 0:
      return error{errc::already_exists, "a segment given twice"};
    case 1:
      return read_vendor_segment(text, in, ranges, tc.vendors_disclosed);
    case 2:
      if (tc.region == tcf_region::canada) break;
      return read_vendor_segment(text, in, ranges, tc.vendors_allowed);
    case 3:
      return read_publisher_segment(in, tc.publisher);
    default:
      break;
  }
  return error{errc::unsupported, "a segment of an undefined type"};
}

result<void> read_as(std::string_view segment, bool core, form ranges, tc_string& tc) noexcept {
  return core ? read_core(segment, ranges, tc) : read_segment(segment, ranges, tc);
}

// A reason to refuse Canada's segment is that of the form which the specification has.
result<void> read_part(std::string_view segment, bool core, tc_string& tc) noexcept {
  if (const auto checked = check_base64url(segment); !checked) return checked;
  if (tc.region == tcf_region::europe) return read_as(segment, core, form::ranges, tc);
  const auto done = read_as(segment, core, form::fibonacci, tc);
  if (done || !read_as(segment, core, form::ranges, tc)) return done;
  return {};
}

// Policy version 5 is TCF 2.3, which made the segment mandatory.
bool must_disclose(const tc_string& tc) noexcept {
  return tc.region == tcf_region::europe && tc.policy_version >= 5;
}

result<tc_string> read(std::string_view text, tcf_region region) noexcept {
  if (text.empty()) return error{errc::truncated, "an empty TC string"};
  tc_string tc;
  tc.region = region;
  for (std::size_t begin = 0; begin <= text.size();) {
    std::size_t end = text.find('.', begin);
    if (end == std::string_view::npos) end = text.size();
    const std::string_view segment = text.substr(begin, end - begin);
    const result<void> done = read_part(segment, begin == 0, tc);
    if (!done) return at(done.error(), done.error().at + 6 * begin);
    begin = end + 1;
  }
  if (must_disclose(tc) && !tc.vendors_disclosed) {
    return error{errc::missing_field, "no DisclosedVendors segment, which TCF 2.3 demands",
                 6 * text.size()};
  }
  return tc;
}

}  // namespace

result<tc_string> read_tc_string(std::string_view text) noexcept {
  return read(text, tcf_region::europe);
}

result<tc_string> read_tc_string_canada(std::string_view text) noexcept {
  return read(text, tcf_region::canada);
}

vendor_ids::cursor::cursor(const vendor_ids& set) noexcept : set_(&set), bit_(set.bit_) {}

std::optional<vendor_range> vendor_ids::cursor::next() noexcept {
  if (set_->form_ != form::bits) {
    if (step_ == set_->count_) return {};
    ++step_;
    bit_reader in(set_->text_);
    in.skip(bit_);
    const entry_ids entry = read_entry(in, set_->form_, before_);
    bit_ = in.at();
    before_ = entry.last;
    return vendor_range{static_cast<std::uint16_t>(entry.first),
                        static_cast<std::uint16_t>(entry.last)};
  }
  const auto set = [this](std::uint32_t i) { return bits_at(set_->text_, bit_ + i, 1) != 0; };
  while (step_ < set_->count_ && !set(step_)) ++step_;
  if (step_ >= set_->count_) return {};
  const std::uint32_t first = step_ + 1;
  while (step_ < set_->count_ && set(step_)) ++step_;
  return vendor_range{static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(step_)};
}

bool vendor_ids::contains(std::uint16_t vendor) const noexcept {
  if (vendor == 0) return false;
  if (form_ == form::bits) return vendor <= count_ && bits_at(text_, bit_ + vendor - 1u, 1) != 0;
  cursor entries(*this);
  while (const auto entry = entries.next()) {
    if (vendor <= entry->last) return vendor >= entry->first;
  }
  return false;
}

bool vendor_ids::empty() const noexcept { return !cursor(*this).next(); }

publisher_restrictions::cursor::cursor(const publisher_restrictions& list) noexcept
    : list_(&list), bit_(list.bit_) {}

std::optional<publisher_restriction> publisher_restrictions::cursor::next() noexcept {
  if (step_ == list_->count_) return {};
  ++step_;
  bit_reader in(list_->text_);
  in.skip(bit_);
  publisher_restriction restriction;
  restriction.purpose = static_cast<std::uint8_t>(in.read(6));
  restriction.type = static_cast<restriction_type>(in.read(2));
  if (list_->optimized_) {
    // Checked when the string was read.
    restriction.vendors = read_vendors(list_->text_, in, form::fibonacci).value_or(vendor_ids{});
  } else {
    restriction.vendors =
        read_entries(list_->text_, in, form::ranges, 65535).value_or(vendor_ids{});
  }
  bit_ = in.at();
  return restriction;
}

}  // namespace clientbook
