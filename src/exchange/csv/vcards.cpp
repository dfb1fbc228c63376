// vCards as customers: each property to the target that a column would have.
//
// What a card says beside persons and how they are reached (pictures, positions, keys, agents) is
// not read. A value that its type does not admit is left out and told, since nobody can mend a card
// in a file of a thousand by hand and the others of the same person are good.
#include "cell_forms.hpp"
#include "code_pages.hpp"
#include "encodings.hpp"
#include "import_state.hpp"
#include "map_forms.hpp"
#include "vcard_lines.hpp"

#include <clientbook/base/time.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/unicode/nfc.hpp>
#include <clientbook/internal/unicode/utf8.hpp>
#include <clientbook/model/validate.hpp>

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <span>
#include <string>
#include <utility>

namespace clientbook {

using namespace exchange;

namespace {

constexpr std::size_t largest_file = std::size_t{1} << 28;

result<std::string> read_whole(const std::string& path) {
  auto source = open_file_source(path);
  if (!source) return source.error();
  std::string bytes;
  std::array<char, 1U << 16U> piece{};
  for (;;) {
    const auto count = (*source)->read(piece);
    if (!count) return count.error();
    if (*count == 0) break;
    bytes.append(piece.data(), *count);
    if (bytes.size() > largest_file) return error{errc::limit_exceeded, "a file above 256 MiB"};
  }
  // What is not UTF-16 is read line by line: each value may be in a code page of its own.
  const bool wide = bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF") ||
                    bytes.find('\0') != std::string::npos;
  if (!wide) return bytes;
  const auto encoding = encoding_of(bytes, text_part::whole);
  if (!encoding) return encoding.error();
  auto decoded = decoded_source(memory_source(bytes), *encoding);
  std::string text;
  for (;;) {
    const auto count = decoded->read(piece);
    if (!count) return count.error();
    if (*count == 0) return text;
    text.append(piece.data(), *count);
  }
}

// `19850312`, `--0312`: dates without their marks.
std::string with_marks(std::string_view day) {
  const auto digits = [](std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  if (day.size() >= 8 && digits(day.substr(0, 8)) && (day.size() == 8 || day[8] == 'T')) {
    return std::string(day.substr(0, 4)) + "-" + std::string(day.substr(4, 2)) + "-" +
           std::string(day.substr(6, 2));
  }
  if (day.size() == 6 && day.starts_with("--") && digits(day.substr(2))) {
    return std::string(day.substr(0, 4)) + "-" + std::string(day.substr(4));
  }
  return std::string(day.substr(0, day.find('T')));
}

const char* label_of(const vcard_property& from) {
  static constexpr std::pair<const char*, const char*> labels[] = {
      {"cell", "mobile"}, {"work", "work"}, {"home", "home"}, {"fax", "fax"}};
  for (const auto& [type, label] : labels) {
    if (from.is(type)) return label;
  }
  return nullptr;
}

class card_loader {
 public:
  card_loader(import_set::state& to, const import_options& options, import_report& report)
      : to_(to), options_(options), report_(report) {}

  void set_region(std::string_view region) { form_.region = to_.texts.keep(region); }
  result<void> run(std::string_view text);

 private:
  result<void> card(const vcard& from);
  void property(const vcard_property& from);
  void name(const vcard_property& from);
  void address(const vcard_property& from);
  void put(const char* target, std::size_t slot, std::string_view text, std::uint64_t line);
  void put_found(const char* target, std::size_t slot, std::string_view text, std::uint64_t line);
  std::string id_of(const vcard& from) const;
  bool has_uid(const vcard& from) const;
  result<void> find_page(std::span<const vcard> cards);
  void remark(error what, std::uint64_t line) {
    what.at = line;
    if (report_.remarks.size() >= options_.reported) return void(++report_.untold);
    report_.remarks.push_back({what, 0, 0, {}});
  }

  import_set::state& to_;
  const import_options& options_;
  import_report& report_;
  file_form form_;
  std::string_view page_;  ///< Of values that name no charset.
  std::string scratch_;
  std::string extension_;
  // Places taken in the card's lists.
  std::size_t emails_ = 0, phones_ = 0, addresses_ = 0, notes_ = 0, days_ = 0, people_ = 0;
  boost::unordered_flat_map<std::string, std::uint32_t> numbers_;
};

// Strict, as a column of a map without `format`.
void card_loader::put(const char* target, std::size_t slot, std::string_view text,
                      std::uint64_t line) {
  if (text.empty()) return;
  const auto found = find_target(target);
  cell one{to_.texts.keep(text), rounding::refuse, &to_.texts};
  one.cards_left = options_.on_note_cards == note_cards::left;
  const auto set = found->what->set(to_.kept, slot, one);
  if (!set) remark(set.error(), line);
}

// Mild, as a column of a file as it was found.
void card_loader::put_found(const char* target, std::size_t slot, std::string_view text,
                            std::uint64_t line) {
  const auto read = read_cell(kind_of(target), form_, {}, text, scratch_, extension_);
  if (!read) return remark(read.error(), line);
  put(target, slot, text, line);
}

void card_loader::name(const vcard_property& from) {
  const auto value = from.decoded(page_);
  if (!value) return remark(value.error(), from.line);
  const std::vector<std::string> parts = parts_at(*value, ';');
  static constexpr const char* targets[] = {"name.family", "name.given", "name.middle",
                                            "name.prefix", "name.suffix"};
  for (std::size_t i = 0; i < parts.size() && i < std::size(targets); ++i) {
    std::string text = parts[i];
    std::replace(text.begin(), text.end(), '\n', ' ');
    put_found(targets[i], 0, text, from.line);
  }
}

void card_loader::address(const vcard_property& from) {
  const auto value = from.decoded(page_);
  if (!value) return remark(value.error(), from.line);
  std::vector<std::string> parts = parts_at(*value, ';');
  parts.resize(std::max<std::size_t>(parts.size(), 7));
  if (std::all_of(parts.begin(), parts.end(), [](const auto& each) { return each.empty(); }))
    return;
  if (addresses_ == max_slots)
    return remark({errc::limit_exceeded, "more addresses than a card may have"}, from.line);
  const std::size_t slot = addresses_++;
  // Post box and extended address stand before the street.
  std::string lines;
  for (const std::size_t i : {std::size_t{2}, std::size_t{1}, std::size_t{0}}) {
    if (!parts[i].empty()) (lines += lines.empty() ? "" : "\n") += parts[i];
  }
  for (std::size_t i = 3; i < 7; ++i) std::replace(parts[i].begin(), parts[i].end(), '\n', ' ');
  put_found("addresses[].lines", slot, lines, from.line);
  put_found("addresses[].city", slot, parts[3], from.line);
  put_found("addresses[].region", slot, parts[4], from.line);
  put_found("addresses[].postal_code", slot, parts[5], from.line);
  put_found("addresses[].country", slot, parts[6], from.line);
  if (const char* const label = label_of(from)) put("addresses[].label", slot, label, from.line);
}

void card_loader::property(const vcard_property& from) {
  if (from.name == "n") return name(from);
  if (from.name == "adr") return address(from);
  const auto value = from.decoded(page_);
  if (!value) return remark(value.error(), from.line);
  std::string text = unescaped(*value);
  if (from.name == "email" || from.name == "tel") {
    const bool mail = from.name == "email";
    for (const std::string_view scheme : {"mailto:", "tel:"}) {
      if (std::string_view(text).starts_with(scheme)) text.erase(0, scheme.size());
    }
    if (const std::size_t more = text.find(";ext="); !mail && more != std::string::npos) {
      text.replace(more, 5, " ext. ");
    }
    std::size_t& taken = mail ? emails_ : phones_;
    if (without_blanks(text).empty()) return;
    if (taken == max_slots) {
      return remark({errc::limit_exceeded, "more e-mails or phones than a card may have"},
                    from.line);
    }
    put_found(mail ? "emails[].address" : "phones[].number", taken, text, from.line);
    const auto begun = find_target(mail ? "emails[].address" : "phones[].number")->what->begun;
    if (!begun(to_.kept, taken)) return;
    if (!mail) put("phones[].extension", taken, extension_, from.line);
    if (const char* const label = label_of(from)) {
      put(mail ? "emails[].label" : "phones[].label", taken, label, from.line);
    }
    ++taken;
  } else if (from.name == "nickname") {
    put_found("name.nickname", 0, parts_at(*value, ',')[0], from.line);
  } else if (from.name == "bday") {
    put_found("birth_date", 0, with_marks(without_blanks(text)), from.line);
  } else if (from.name == "anniversary" || from.name == "x-anniversary") {
    if (days_ > 0) return;
    put_found("special_days[].day", 0, with_marks(without_blanks(text)), from.line);
    if (!to_.kept.special_days.stage[0].day) return;
    put("special_days[].kind", days_++, "anniversary", from.line);
  } else if (from.name == "org") {
    put_found("employer", 0, parts_at(*value, ';')[0], from.line);
  } else if (from.name == "note" && notes_ < max_slots && !without_blanks(text).empty()) {
    put_found("notes[].text", notes_, text, from.line);
    if (given(to_.kept.notes.stage[notes_])) ++notes_;
  } else if (from.name == "lang" && to_.kept.language.stage[0].empty()) {
    put_found("language", 0, text, from.line);
  } else if (from.name == "x-spouse" && people_ == 0) {
    put_found("household[].person", 0, text, from.line);
    put("household[].relation", people_++, "spouse", from.line);
  }
}

bool card_loader::has_uid(const vcard& from) const {
  for (const vcard_property& each : from.properties) {
    if (each.name != "uid") continue;
    const auto value = each.decoded(page_);
    if (value && !without_blanks(*value).empty()) return true;
  }
  return false;
}

std::string card_loader::id_of(const vcard& from) const {
  for (const vcard_property& each : from.properties) {
    if (each.name != "uid") continue;
    if (const auto value = each.decoded(page_)) {
      const std::string id(without_blanks(*value));
      if (!id.empty()) return id;
    }
  }
  const lanes& kept = to_.kept;
  if (emails_ > 0) return std::string(kept.emails.stage[0].address.reveal());
  if (phones_ > 0) return std::string(kept.phones.stage[0].number.reveal());
  const person_name& name = kept.name.stage[0];
  if (!kept.birth_date.stage[0] || !given(name)) return {};
  char day[10];
  const std::size_t size = write_date(*kept.birth_date.stage[0], day);
  return std::string(name.given.reveal()) + " " + std::string(name.family.reveal()) + " / " +
         std::string(day, size);
}

result<void> card_loader::card(const vcard& from) {
  emails_ = phones_ = addresses_ = notes_ = days_ = people_ = 0;
  for (const vcard_property& each : from.properties) property(each);
  // A card without parts of a name has it whole.
  for (const vcard_property& each : from.properties) {
    if (each.name != "fn" || given(to_.kept.name.stage[0])) continue;
    if (const auto value = each.decoded(page_))
      put_found("name.full", 0, unescaped(*value), each.line);
  }
  std::string id = id_of(from);
  unicode::nfc_room room;
  if (const auto normal = unicode::nfc(id, room)) id = std::string(*normal);
  if (id.empty()) {
    remark({errc::missing_field, "a card without anything that tells whose it is: left out"},
           from.line);
    ++report_.left_out;
    return {};
  }
  if (const auto good = validate_text(id, line_breaks::refused); !good) return good;
  const auto [found, is_new] =
      numbers_.emplace(std::move(id), static_cast<std::uint32_t>(to_.ids.size()));
  const std::uint32_t row = found->second;
  if (is_new) {
    to_.ids.push_back(to_.texts.keep(found->first));
    to_.lines.push_back(from.line);
    to_.made_up.push_back(!has_uid(from));
    to_.left_out.push_back(false);
  } else if (is_other_person(to_.kept, row)) {
    return error{errc::already_exists,
                 "a second card of this id with another name or birth date: two people?"};
  } else {
    to_.kept.each([&](auto& lane) { lane.yield_to(row); });
  }
  result<void> whole;
  to_.kept.each([&](const auto& lane) {
    if (whole) whole = lane.check(row);
  });
  if (!whole) return whole;
  for (const note& one : to_.kept.notes.stage) {
    if (given(one)) to_.notes.push_back({one.text.reveal().data(), {0, from.line}});
  }
  to_.kept.each([&](auto& lane) { lane.keep(row); });
  return {};
}

// By the letters of all values that are not UTF-8 and name no charset, as of a table.
result<void> card_loader::find_page(std::span<const vcard> cards) {
  std::string all;
  std::uint64_t line = 0;
  for (const vcard& card : cards) {
    for (const vcard_property& each : card.properties) {
      if (!each.charset.empty()) continue;
      const std::string bytes = each.bytes();
      if (valid_utf8(bytes)) continue;
      if (line == 0) line = each.line;
      (all += bytes) += '\n';
    }
  }
  if (all.empty()) return {};
  const auto encoding = encoding_of(all, text_part::whole);
  if (!encoding) return error{encoding.error().code, encoding.error().text, line};
  const page_found found = code_page_of(all, form_.region);
  page_ = name_of(found.page);
  if (found.unsure) {
    remark({errc::invalid_encoding,
            "letters of a code page that the file does not name, here and below: they may be other "
            "ones, so look at the names, or say the shop's country (--region)"},
           line);
  }
  return {};
}

result<void> card_loader::run(std::string_view text) {
  to_.kept.each([](auto& lane) {
    if constexpr (requires { lane.slots; }) lane.slots = max_slots;
  });
  const std::vector<vcard> cards = cards_of(text);
  if (cards.empty()) return error{errc::unsupported, "no vCard begins in this file"};
  if (auto found = find_page(cards); !found) return found;
  auto& count = report_.files[0];
  for (const vcard& each : cards) {
    ++count.rows;
    result<void> done =
        each.whole ? card(each) : error{errc::truncated, "a card has no end: END:VCARD is missing"};
    if (!done) {
      error what = done.error();
      what.at = each.line;
      report_.problems.push_back({what, 0, 0, {}});
      if (options_.on_bad_row == bad_row::stop) return what;
      ++count.skipped;
    }
    to_.kept.each([](auto& lane) { lane.drop(); });
  }
  to_.kept.each([&](auto& lane) { lane.group(to_.ids.size()); });
  to_.kept.purchases.group(to_.ids.size());
  return {};
}

}  // namespace

result<column_map> column_map::of_vcards(std::string_view system, std::string_view file) try {
  namespace json = boost::json;
  const auto text = [](std::string_view from) { return json::string(from.data(), from.size()); };
  if (system.empty() || file.empty()) {
    return error{errc::missing_field, "vCards need the system that their ids are of, and a file"};
  }
  const json::object map{
      {"format", "clientbook column map 1"},
      {"system", text(system)},
      {"customers", {{"file", text(file)}, {"columns", {{"UID", "external_id"}}}}}};
  return parse(json::serialize(map));
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<import_set> import_set::load_vcards(const std::string& path, std::string_view region,
                                           const import_options& options,
                                           import_report& report) try {
  report = {};
  report.files.resize(1);
  auto fresh = std::make_unique<state>();
  const auto failed = [&](const error& what) {
    report.problems.push_back({what, 0, 0, {}});
    return what;
  };
  const auto text = read_whole(path);
  if (!text) return failed(text.error());
  report.files[0].present = true;
  card_loader reader(*fresh, options, report);
  reader.set_region(region);
  if (const auto done = reader.run(*text); !done) {
    return report.problems.empty() ? failed(done.error()) : done.error();
  }
  return import_set(std::move(fresh));
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
