// Records as rows. A column is named as the target that reads it, and lists have a column for each
// place that somebody fills.
#include "export_tables.hpp"

#include <clientbook/base/time.hpp>
#include <clientbook/internal/transfer/spreadsheet_cell.hpp>
#include <clientbook/model/record.hpp>
#include <clientbook/model/validate.hpp>
#include <clientbook/transfer/view_json.hpp>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <numeric>

namespace clientbook::transfer {
namespace {

namespace json = boost::json;

constexpr std::size_t most_slots = 8;  // Of a list that a row can bring when it is read.

std::uint32_t read_number(std::string_view from) noexcept {
  std::uint32_t out = 0;
  for (int i = 3; i >= 0; --i) {
    out = out << 8 | static_cast<unsigned char>(from[static_cast<std::size_t>(i)]);
  }
  return out;
}
void write_number(std::uint32_t value, wiped_text& to) {
  for (int i = 0; i < 4; ++i) to += static_cast<char>(value >> (8 * i) & 0xFFU);
}

std::string text_of(const date& day) {
  char out[10];
  return {out, write_date(day, out)};
}
std::string text_of(timestamp instant) {
  char out[20];
  write_timestamp(instant, out);
  return {out, 20};
}

// Cells of one field; ranks order columns by field, place in the list, member.
class field_cells {
 public:
  field_cells(export_table& to, field_id field, std::string_view name)
      : to_(to), base_(std::uint32_t{field.value} << 16), name_(name) {}

  void slot(std::size_t number) {
    prefix_ = std::string(name_) + "[" + std::to_string(number) + "].";
    rank_ = base_ + static_cast<std::uint32_t>(number) * 32;
  }
  void members() {
    prefix_ = std::string(name_) + ".";
    rank_ = base_;
  }
  void add(const char* member, std::string_view text) {
    ++rank_;
    if (!text.empty()) to_.cell(rank_, prefix_ + member, text);
  }
  void add(const char* member, personal_text text) { add(member, text.reveal()); }
  void add(const char* member, const std::optional<std::int64_t>& value) {
    const std::string text = value ? std::to_string(*value) : std::string();
    add(member, std::string_view(text));
  }
  void add(const char* member, const std::optional<date>& day) {
    const std::string text = day ? text_of(*day) : std::string();
    add(member, std::string_view(text));
  }
  void whole(std::string_view text) { to_.cell(base_, name_, text); }
  void element(std::size_t number, std::string_view text) {
    to_.cell(base_ + static_cast<std::uint32_t>(number),
             std::string(name_) + "[" + std::to_string(number) + "]", text);
  }

 private:
  export_table& to_;
  std::uint32_t base_;
  std::string_view name_;
  std::string prefix_;
  std::uint32_t rank_ = 0;
};

void write(field_cells& to, const email_address& one) {
  to.add("address", one.address);
  to.add("label", one.label);
}
void write(field_cells& to, const phone_number& one) {
  to.add("number", one.number);
  to.add("label", one.label);
  to.add("extension", one.extension);
}
void write(field_cells& to, const postal_address& one) {
  to.add("label", one.label);
  to.add("line1", one.line1);
  to.add("line2", one.line2);
  to.add("line3", one.line3);
  to.add("city", one.city);
  to.add("region", one.region);
  to.add("postal_code", one.postal_code);
  to.add("country", one.country);
}
void write(field_cells& to, const special_day& one) {
  to.add("kind", one.kind);
  to.add("day", one.day);
  to.add("label", one.label);
}
void write(field_cells& to, const customer_size& one) {
  to.add("kind", one.kind);
  to.add("system", one.system);
  to.add("value", one.value);
  to.add("brand", one.brand);
  to.add("measured", one.measured);
  to.add("remark", one.remark);
}
void write(field_cells& to, const task& one) {
  to.add("text", one.text);
  to.add("due", one.due);
  to.add("lead_days", one.lead_days);
  to.add("kind", one.kind);
  to.add("state", one.state);
  to.add("assigned", one.assigned);
}
void write(field_cells& to, const customer_contact& one) {
  const std::string at = one.at ? text_of(*one.at) : std::string();
  to.add("at", std::string_view(at));
  to.add("channel", one.channel);
  to.add("direction", one.direction);
  to.add("author", one.author);
  to.add("outcome", one.outcome);
  to.add("text", one.text);
}
void write(field_cells& to, const wish& one) {
  to.add("what", one.what);
  to.add("day", one.day);
  to.add("brand", one.brand);
  to.add("size", one.size);
  to.add("colour", one.colour);
  to.add("for_whom", one.for_whom);
  to.add("until", one.until);
}
void write(field_cells& to, const external_id& one) {
  to.add("system", one.system);
  to.add("value", one.value);
}
void write(field_cells& to, const household_link& one) {
  to.add("relation", one.relation);
  to.add("person", one.person);
}
void write(field_cells& to, const government_id& one) {
  to.add("country", one.country);
  to.add("kind", one.kind);
  to.add("number", one.number);
}
void write(field_cells& to, const payment_card& one) {
  to.add("token", one.token);
  to.add("last_four", one.last_four);
  to.add("brand", one.brand);
  to.add("expiry_year", one.expiry_year);
  to.add("expiry_month", one.expiry_month);
}

void write_name(field_cells& to, const person_name& name) {
  to.members();
  to.add("prefix", name.prefix);
  to.add("given", name.given);
  to.add("middle", name.middle);
  to.add("family", name.family);
  to.add("suffix", name.suffix);
  to.add("nickname", name.nickname);
  to.add("phonetic", name.phonetic);
  to.add("salutation", name.salutation);
  to.add("pronouns", name.pronouns);
}

void write_reach(field_cells& to, const reachability& one) {
  to.members();
  to.add("channel", one.channel);
  to.add("quiet_from", one.quiet_from);
  to.add("quiet_until", one.quiet_until);
}

void write_demographics(field_cells& to, const demographics& one) {
  to.members();
  to.add("gender", one.gender);
  to.add("marital_status", one.marital_status);
  to.add("income_band", one.income_band);
  to.add("children", one.children);
  to.add("children_at_home", one.children_at_home);
  to.add("education", one.education);
  to.add("occupation", one.occupation);
  to.add("home_owner", one.home_owner ? std::string_view(*one.home_owner ? "true" : "false")
                                      : std::string_view());
  to.add("cars_owned", one.cars_owned);
  to.add("commute_distance", one.commute_distance);
}

// False where the list does not fit or is of another type: then it is shown in one cell.
template <class T>
bool write_list(field_cells& to, byte_view value) {
  const auto list = list_of<T>::of(value);
  if (!list) return false;
  std::size_t count = 0;
  for ([[maybe_unused]] const T& one : *list) ++count;
  if (count > most_slots) return false;
  std::size_t number = 0;
  for (const T& one : *list) {
    if constexpr (std::is_same_v<T, std::string_view>) {
      to.element(number++, one);
    } else {
      to.slot(number++);
      write(to, one);
    }
  }
  return true;
}

template <class T, class Write>
bool write_one(field_cells& to, byte_view value, Write&& write) {
  T one{};
  if (!decode_value(value, one)) return false;
  write(to, one);
  return true;
}

bool write_field(field_cells& to, const field_definition& field, byte_view value) {
  const auto text = [](field_cells& cells, std::string_view said) { cells.whole(said); };
  switch (field.type) {
    case field_type::person_name:
      return write_one<person_name>(to, value, write_name);
    case field_type::demographics:
      return write_one<demographics>(to, value, write_demographics);
    case field_type::email:
      return write_list<email_address>(to, value);
    case field_type::phone:
      return write_list<phone_number>(to, value);
    case field_type::address:
      return write_list<postal_address>(to, value);
    case field_type::special_day:
      return write_list<special_day>(to, value);
    case field_type::size:
      return write_list<customer_size>(to, value);
    case field_type::external_id:
      return write_list<external_id>(to, value);
    case field_type::household_link:
      return write_list<household_link>(to, value);
    case field_type::government_id:
      return write_list<government_id>(to, value);
    case field_type::payment_card:
      return write_list<payment_card>(to, value);
    case field_type::task:
      return write_list<task>(to, value);
    case field_type::contact:
      return write_list<customer_contact>(to, value);
    case field_type::wish:
      return write_list<wish>(to, value);
    case field_type::reach:
      return write_one<reachability>(to, value, write_reach);
    case field_type::date:
      return write_one<date>(
          to, value, [](field_cells& cells, const date& day) { cells.whole(text_of(day)); });
    case field_type::text:
      if (field.count == cardinality::many) return write_list<std::string_view>(to, value);
      return write_one<std::string_view>(to, value, text);
    case field_type::language:
    case field_type::time_zone:
      return write_one<std::string_view>(to, value, text);
    default:
      return false;
  }
}

void write_purchase(export_table& to, const std::string& id, std::uint32_t sequence,
                    const purchase_view& seen) {
  const purchase& head = seen.receipt;
  const auto add = [&](std::uint32_t rank, const char* name, std::string_view text) {
    if (!text.empty()) to.cell(rank, name, text);
  };
  const auto amount = [&](const std::optional<std::int64_t>& minor) {
    return minor ? amount_text(*minor, head.currency) : std::string();
  };
  const auto begin = [&] {
    to.begin_row();
    to.cell(0, "id", id);
    // Rows of one receipt are found by its number; one that has none gets its place in the book.
    add(1, "purchase.order",
        head.order.empty() ? "no. " + std::to_string(sequence) : std::string(head.order));
    add(2, "purchase.at", head.at ? text_of(*head.at) : std::string());
    add(3, "purchase.day", head.day ? text_of(*head.day) : std::string());
    add(4, "purchase.store", head.store);
    add(5, "purchase.associate", head.associate);
    add(6, "purchase.channel", head.channel);
    add(7, "purchase.currency", head.currency);
    add(8, "purchase.total", amount(head.total));
  };
  bool any = false;
  for (const purchase_line& line : seen.lines) {
    any = true;
    begin();
    add(9, "purchase.line.sku", line.sku);
    add(10, "purchase.line.description", line.description);
    add(11, "purchase.line.quantity", line.quantity ? std::to_string(*line.quantity) : "");
    add(12, "purchase.line.unit_price", amount(line.unit_price));
    add(13, "purchase.line.size", line.size);
    add(14, "purchase.line.colour", line.colour);
    add(15, "purchase.line.brand", line.brand);
    add(16, "purchase.line.category", line.category);
    add(17, "purchase.line.department", line.department);
    add(18, "purchase.line.season", line.season);
    add(19, "purchase.line.for_whom", line.for_whom.reveal());
  }
  if (!any) begin();
}

}  // namespace

void append_cell(std::string_view text, wiped_text& to) {
  // An apostrophe of the text's own too, since one is always taken off.
  const bool runs = transfer::runs_in_a_spreadsheet(text) || text.starts_with('\'');
  const bool quoted =
      text.find_first_of(",\"\r\n") != text.npos || text.starts_with(' ') || text.ends_with(' ');
  if (quoted) to += '"';
  if (runs) to += '\'';
  for (const char c : text) {
    if (c == '"') to += '"';
    to += c;
  }
  if (quoted) to += '"';
}

export_table::export_table(std::vector<std::string> first) {
  for (std::string& name : first) {
    numbers_.emplace(name, static_cast<std::uint32_t>(columns_.size()));
    columns_.push_back({std::move(name), 0});
  }
}

void export_table::begin_row() { rows_.emplace_back(); }

void export_table::cell(std::uint32_t rank, std::string_view name, std::string_view text) {
  auto found = numbers_.find(name);
  if (found == numbers_.end()) {
    const auto number = static_cast<std::uint32_t>(columns_.size());
    found = numbers_.emplace(std::string(name), number).first;
    columns_.push_back({std::string(name), rank});
  }
  wiped_text& row = rows_.back();
  write_number(found->second, row);
  write_number(static_cast<std::uint32_t>(text.size()), row);
  row.append(text);
}

std::vector<std::uint32_t> export_table::order() const {
  std::vector<std::uint32_t> out(columns_.size());
  std::iota(out.begin(), out.end(), 0U);
  std::stable_sort(out.begin(), out.end(), [&](std::uint32_t a, std::uint32_t b) {
    return columns_[a].rank < columns_[b].rank;
  });
  return out;
}

std::vector<std::string> export_table::columns() const {
  std::vector<std::string> out;
  for (const std::uint32_t each : order()) out.push_back(columns_[each].name);
  return out;
}

wiped_text export_table::header() const {
  wiped_text out;
  for (const std::string& name : columns()) {
    if (!out.empty()) out += ',';
    append_cell(name, out);
  }
  out += "\r\n";
  return out;
}

wiped_text export_table::row(std::size_t number) const {
  std::vector<std::string_view> cells(columns_.size());
  for (std::string_view rest = rows_[number]; !rest.empty();) {
    const std::uint32_t place = read_number(rest);
    const std::uint32_t size = read_number(rest.substr(4));
    cells[place] = rest.substr(8, size);
    rest.remove_prefix(8 + size);
  }
  wiped_text out;
  bool first = true;
  for (const std::uint32_t each : order()) {
    if (!std::exchange(first, false)) out += ',';
    append_cell(cells[each], out);
  }
  out += "\r\n";
  return out;
}

void export_tables::add(std::uint64_t number, const exported& one, const schema& fields) {
  const std::string id = std::to_string(number);
  customers.begin_row();
  customers.cell(0, "id", id);
  for (const field_value& each : one.content.record().fields()) {
    const auto field = fields.find(each.id);
    if (!field) continue;
    field_cells cells(customers, each.id, field->key);
    const bool as_it_is = one.content.state(each.id) == field_state::shown;
    if (as_it_is && write_field(cells, *field, each.value)) continue;
    // A form that hides something, or more than a row can bring: to be read, not to be imported.
    const std::string name = std::string(field->key) + " (shown)";
    if (const auto text = shown_to_json(field->type, each.value)) {
      customers.cell((std::uint32_t{each.id.value} << 16) + 0xFFFF, name, *text);
      ++shown_only[name];
    }
  }
  for (const item_list::item& each : one.purchases.items()) {
    if (const auto seen = decode_purchase(each.value)) {
      write_purchase(purchases, id, each.sequence, *seen);
    }
  }
  for (const item_list::item& each : one.notes.items()) {
    note text;
    if (!decode_value(each.value, text)) continue;
    notes.begin_row();
    notes.cell(0, "id", id);
    if (text.at) notes.cell(1, "notes[0].at", text_of(*text.at));
    if (!text.author.empty()) notes.cell(2, "notes[0].author", text.author.reveal());
    notes.cell(3, "notes[0].text", text.text.reveal());
    if (!text.kind.empty()) notes.cell(4, "notes[0].kind", text.kind);
    if (!text.visibility.empty()) notes.cell(5, "notes[0].visibility", text.visibility);
    if (text.pinned) notes.cell(6, "notes[0].pinned", *text.pinned ? "true" : "false");
  }
}

std::string export_tables::map_json() const {
  const auto file = [&](const char* name, const export_table& table) {
    json::object columns;
    json::array ignored;
    for (const std::string& column : table.columns()) {
      if (column == "id") {
        columns[column] = "external_id";
      } else if (shown_only.contains(column)) {
        ignored.push_back(json::string(column));
      } else {
        columns[column] = column;
      }
    }
    json::object out{{"file", name}, {"guarded", true}, {"columns", columns}};
    if (!ignored.empty()) out["ignore"] = ignored;
    return out;
  };
  json::object map{{"format", "clientbook column map 1"},
                   {"system", "export"},
                   {"ids", "of the files"},
                   {"customers", file("customers.csv", customers)}};
  json::array details;
  if (purchases.rows() != 0) details.push_back(file("purchases.csv", purchases));
  if (notes.rows() != 0) details.push_back(file("notes.csv", notes));
  if (!details.empty()) map["details"] = details;
  return json::serialize(map) + "\n";
}

}  // namespace clientbook::transfer
