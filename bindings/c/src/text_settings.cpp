// Options of the text scanner: within their ranges, with what they point to kept.
#include "text_settings.hpp"

#include <algorithm>

namespace clientbook::c_abi {

result<void> text_settings::read_regions(std::string_view list) {
  kept_regions_ = list;
  std::string_view rest = kept_regions_;
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    if (region_count_ == regions_.size()) {
      return error{errc::invalid_argument, "too many regions", max_scan_regions};
    }
    regions_[region_count_++] = rest.substr(0, comma);
    rest.remove_prefix(comma == rest.size() ? comma : comma + 1);
  }
  options.scan.regions = {regions_.data(), region_count_};
  return {};
}

result<void> text_settings::read(const clientbook_text_options* from) {
  const auto given = c_abi::options(from);
  if (!given) return given.error();
  if (given->mark > 2 || given->cards > 1 || given->dates > 1 || given->emails > 1 ||
      given->urls > 1 || given->charset > 4 || given->types >= std::uint32_t{1} << entity_types) {
    return error{errc::invalid_argument, "an option is outside its range"};
  }
  if (given->types != 0) {
    options.scan.types = {};
    for (std::size_t i = 0; i < entity_types; ++i) {
      if ((given->types >> i & 1U) != 0) options.scan.types.add(static_cast<entity_type>(i));
    }
  }
  options.mark = static_cast<text_mark>(given->mark);
  options.scan.cards = static_cast<card_reading>(given->cards);
  options.scan.dates = static_cast<date_reading>(given->dates);
  options.scan.emails = static_cast<email_reading>(given->emails);
  options.scan.urls = static_cast<url_reading>(given->urls);
  charset_ = static_cast<text_charset>(given->charset);
  return read_regions(text(given->regions, given->regions_size));
}

result<void> text_settings::read_form(std::string_view form, form_options& to) const {
  to.text = options;
  to.charset = charset_;
  if (form.empty()) return {};
  const auto known = text_form_of(form);
  if (!known) return error{errc::invalid_argument, "no such form of a text"};
  to.form = *known;
  return {};
}

}  // namespace clientbook::c_abi
