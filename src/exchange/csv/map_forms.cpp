// The words of a column map's `format`, one by one.
#include "map_forms.hpp"

#include <clientbook/model/validate.hpp>

#include <charconv>

namespace clientbook::exchange {
namespace {

struct named_encoding {
  std::string_view name;
  text_encoding encoding;
};
constexpr named_encoding encodings[] = {{"utf-8", text_encoding::utf8},
                                        {"utf-16le", text_encoding::utf16le},
                                        {"utf-16be", text_encoding::utf16be},
                                        {"windows-1252", text_encoding::windows_1252},
                                        {"iso-8859-1", text_encoding::latin1},
                                        {"windows-1250", text_encoding::windows_1250},
                                        {"windows-1254", text_encoding::windows_1254},
                                        {"windows-1257", text_encoding::windows_1257},
                                        {"macintosh", text_encoding::mac_roman}};

constexpr error no_such_member{errc::unknown_field, "a column map has no such member"};

result<void> set_character(char& to, std::string_view text) {
  if (text == "\\t" || text == "tab") text = "\t";
  if (text.size() != 1) return error{errc::invalid_value, "want one character, or tab"};
  to = text[0];
  return {};
}

// `+01:00`
result<void> set_offset(std::int64_t& to, std::string_view text) {
  const error wrong{errc::invalid_value, "want an offset such as +01:00"};
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return wrong;
  int hours = -1;
  int minutes = -1;
  const auto first = std::from_chars(text.data() + 1, text.data() + 3, hours);
  const auto second = std::from_chars(text.data() + 4, text.data() + 6, minutes);
  if (first.ptr != text.data() + 3 || second.ptr != text.data() + 6 || hours < 0 || hours > 14 ||
      minutes < 0 || minutes > 59) {
    return wrong;
  }
  to = (text[0] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
  return {};
}

}  // namespace

std::optional<text_encoding> find_encoding(std::string_view name) noexcept {
  for (const named_encoding& each : encodings) {
    if (each.name == name) return each.encoding;
  }
  return std::nullopt;
}

std::string_view name_of(text_encoding encoding) noexcept {
  for (const named_encoding& each : encodings) {
    if (each.encoding == encoding) return each.name;
  }
  return {};
}

result<void> set_form(file_form& to, std::string_view member, std::string_view text) {
  if (member == "delimiter") return set_character(to.dialect.delimiter, text);
  if (member == "escape") return set_character(to.dialect.escape, text);
  if (member == "comment") return set_character(to.dialect.comment, text);
  if (member == "utc_offset") return set_offset(to.utc_offset, text);
  if (member == "region") {
    if (const auto good = validate_country(text); !good) return good;
    to.region = text;
    return {};
  }
  if (member == "dates") {
    const auto form = find_date_form(text);
    if (!form || form->month) {
      return error{errc::invalid_value, "want a form such as dd.mm.yyyy, mm/dd/yyyy, yyyy-mm-dd"};
    }
    to.dates = *form;
    return {};
  }
  if (member == "decimal") {
    if (text != "." && text != ",") return error{errc::invalid_value, "want a point or a comma"};
    to.decimal = text[0];
    return {};
  }
  if (member == "header") {
    if (text != "present" && text != "absent") {
      return error{errc::invalid_value, "want present or absent"};
    }
    to.dialect.header =
        text == "present" ? csv_dialect::header_row::present : csv_dialect::header_row::absent;
    return {};
  }
  if (member == "encoding") {
    const auto found = find_encoding(text);
    if (!found) {
      return error{errc::invalid_value,
                   "want utf-8, utf-16le, utf-16be, windows-1252, -1250, -1254 or -1257, "
                   "iso-8859-1 or macintosh"};
    }
    to.dialect.encoding = *found;
    return {};
  }
  return no_such_member;
}

result<void> set_form(file_form& to, std::string_view member, std::int64_t number) {
  if (member == "skip_lines") {
    if (number < 0 || number > 1'000'000) return error{errc::invalid_value, "want lines to skip"};
    to.dialect.skip_lines = static_cast<std::uint32_t>(number);
    return {};
  }
  if (member == "pivot") {
    if (number < 1900 || number > 2200) {
      return error{errc::invalid_value, "want the latest year that two digits can mean"};
    }
    to.pivot = static_cast<int>(number);
    return {};
  }
  return no_such_member;
}

}  // namespace clientbook::exchange
