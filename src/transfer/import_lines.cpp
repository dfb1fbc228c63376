// Lines of JSON as customers: what an export wrote comes back as it went.
//
// The file is read twice, from one copy in memory: first every line is checked, then they are
// handed on, so that a bad last line leaves nothing behind.
#include <clientbook/exchange/csv.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/exchange/json.hpp>
#include <clientbook/internal/exchange/json_node.hpp>
#include <clientbook/internal/transfer/wiped_json.hpp>
#include <clientbook/model/validate.hpp>
#include <clientbook/transfer/import_customers.hpp>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "customer_source.hpp"
#include "record_json_tree.hpp"
#include "value_bytes.hpp"

namespace clientbook {
namespace {

using exchange::json_failure;
using exchange::json_node;
namespace json = boost::json;

constexpr std::size_t largest_file = std::size_t{1} << 28;
constexpr std::size_t most_items = 1 << 20;  // Of one customer.

result<wiped_text> read_whole(const std::string& path) {
  auto source = open_file_source(path);
  if (!source) return source.error();
  wiped_text out;
  std::array<char, 1U << 16U> piece{};
  for (;;) {
    const auto count = (*source)->read(piece);
    if (!count) return count.error();
    if (*count == 0) break;
    out.append(piece.data(), *count);
    if (out.size() > largest_file) return error{errc::limit_exceeded, "a file above 256 MiB"};
  }
  wipe(std::as_writable_bytes(std::span(piece)));
  if (out.starts_with("\xEF\xBB\xBF")) out.erase(0, 3);
  return out;
}

// What one line says. Views lie in its own bytes.
struct line_customer {
  customer record;
  std::vector<wiped_bytes> items;
  std::vector<std::vector<purchase_line>> sold;
  std::vector<import_receipt> receipts;
  std::vector<note> notes;
  std::vector<email_address> emails;
  std::vector<phone_number> phones;
  std::vector<external_id> ids;
  bool redacted = false;  // Something was, and is not taken.
  bool unlinked = false;  // Of somebody of the household was said that they are a customer.
};

class line_reader {
 public:
  explicit line_reader(const schema& fields) : fields_(fields) {}

  /// Errors: those of reading; `where` is the place within the line, of names that are known.
  result<line_customer> read(std::string_view line, std::string& where) {
    where.clear();
    auto tree = exchange::read_json(line, transfer::wiped_memory());
    if (!tree) return tree.error();
    line_customer out;
    out.unlinked = drop_nameless(*tree);
    json_failure failure;
    const json_node root(&*tree, {}, failure);
    if (!root.is_object()) root.fail({errc::wrong_type, "a line is an object of one customer"});
    if (root.is_object()) {
      root.only({"number", "fields", "redacted", "purchases", "notes"});
      root.member("number").integer(0, std::numeric_limits<std::int64_t>::max());
      const json_node fields = root.required("fields");
      take_redacted(root.member("redacted"), out);
      transfer::read_record(out.record, fields, fields_, {.rules = value_rules::checked},
                            redacted_);
      if (!redacted_.has(field::purchases)) {
        items(root.member("purchases"), field_type::purchase, out);
      }
      if (!redacted_.has(field::notes)) items(root.member("notes"), field_type::note, out);
    }
    if (failure.happened()) {
      where = failure.where;
      // The field, or the item. The name of a member that nobody knows may be what somebody wrote.
      const std::size_t second = where.find('/', 1);
      where.resize(std::min(where.find('/', std::min(second, where.size()) + 1), where.size()));
      return failure.what;
    }
    if (auto done = without_links(out); !done) return done.error();
    who_it_is(out);
    return out;
  }

 private:
  // A part of a value is no value: it would stand in the book as if somebody had said it.
  void take_redacted(const json_node& from, line_customer& to) {
    redacted_ = {};
    for (std::size_t i = 0; i < from.size(max_fields); ++i) {
      const auto known = from.at(i).found([&](std::string_view key) { return fields_.find(key); });
      if (!from.failed()) redacted_.add(known.number);
    }
    to.redacted = !redacted_.empty();
  }

  void items(const json_node& from, field_type type, line_customer& to) const {
    for (std::size_t i = 0; i < from.size(most_items); ++i) {
      const json_node one = from.at(i);
      wiped_bytes bytes = transfer::read_value(one, type);
      if (one.failed()) return;
      // The bytes of a moved vector stay where they are: what is read of them are views.
      const wiped_bytes& kept = to.items.emplace_back(std::move(bytes));
      const auto ruled = type == field_type::note
                             ? validate(standard_schema(), field::notes, kept)
                             : validate(standard_schema(), field::purchases, kept);
      if (!ruled) return one.fail(ruled.error());
      if (type == field_type::note) {
        if (const auto said = decode_value(kept, to.notes.emplace_back()); !said) {
          return one.fail(said.error());
        }
        continue;
      }
      const auto sale = decode_purchase(kept);
      if (!sale) return one.fail(sale.error());
      auto& lines = to.sold.emplace_back();
      for (const purchase_line& each : sale->lines) lines.push_back(each);
      to.receipts.push_back({sale->receipt, lines});
    }
  }

  // Of the household who is a customer and has no name beside it: nothing of them would be left.
  static bool drop_nameless(json::value& line) {
    json::object* const whole = line.if_object();
    json::value* const fields = whole == nullptr ? nullptr : whole->if_contains("fields");
    json::object* const named = fields == nullptr ? nullptr : fields->if_object();
    json::value* const members = named == nullptr ? nullptr : named->if_contains("household");
    json::array* const all = members == nullptr ? nullptr : members->if_array();
    if (all == nullptr) return false;
    const auto nameless = [](const json::value& each) {
      const json::object* const one = each.if_object();
      return one != nullptr && one->contains("customer") && !one->contains("person");
    };
    const auto kept = std::remove_if(all->begin(), all->end(), nameless);
    if (kept == all->end()) return false;
    all->erase(kept, all->end());
    if (all->empty()) named->erase("household");
    return true;
  }

  // A number of the book that wrote it names nobody here.
  static result<void> without_links(line_customer& of) {
    const auto household = of.record.view().household();
    if (!household) return household.error();
    std::vector<household_link> kept;
    for (household_link one : *household) {
      of.unlinked = of.unlinked || one.customer.has_value();
      one.customer.reset();
      if (!one.person.empty()) kept.push_back(one);
    }
    if (!of.unlinked) return {};
    if (!kept.empty())
      return of.record.set(field::household, std::span<const household_link>(kept));
    of.record.erase(field::household);
    return {};
  }

  static void who_it_is(line_customer& of) {
    const record_view record = of.record.view();
    if (const auto emails = record.emails()) {
      for (const email_address& one : *emails) of.emails.push_back(one);
    }
    if (const auto phones = record.phones()) {
      for (const phone_number& one : *phones) of.phones.push_back(one);
    }
    if (const auto ids = record.external_ids()) {
      for (const external_id& one : *ids) of.ids.push_back(one);
    }
  }

  const schema& fields_;
  field_set redacted_{};  // Of the line that is read.
};

class line_file {
 public:
  line_file(wiped_text text, const schema& fields) : text_(std::move(text)), reader_(fields) {}

  /// Calls `take` with each line and its number, from 1; lines of nothing are none.
  template <class Take>
  result<void> each(Take&& take) const {
    std::uint64_t number = 0;
    for (std::string_view rest = text_; !rest.empty();) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      std::string_view line = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      ++number;
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (line.find_first_not_of(" \t") == std::string_view::npos) continue;
      if (const auto done = take(line, number); !done) return done;
    }
    return {};
  }

  line_reader& reader() noexcept { return reader_; }

 private:
  wiped_text text_;
  line_reader reader_;
};

import_customer shown(const line_customer& one, std::uint64_t line, std::string_view number) {
  import_customer out;
  out.line = line;
  out.external_id = number;
  const record_view record = one.record.view();
  if (const auto name = record.name()) out.name = *name;
  if (const auto born = record.birth_date()) out.birth_date = *born;
  out.emails = one.emails;
  out.phones = one.phones;
  out.external_ids = one.ids;
  out.receipts = one.receipts;
  out.notes = one.notes;
  return out;
}

// What is told of a line that is wrong, or that lost something.
struct line_teller {
  const customer_import_listener& listener;
  std::string_view file;

  void tell(const error& what, std::uint64_t line, std::string_view where, bool skipped,
            bool remark) const {
    if (listener.problem == nullptr) return;
    customer_import_problem problem;
    problem.step = import_step::files;
    problem.what = what;
    problem.skipped = skipped;
    problem.remark = remark;
    problem.file = file;
    problem.line = line;
    problem.column_name = where;
    listener.problem(listener.context, problem);
  }
};

struct checked_lines {
  std::vector<bool> good;  // By line number.
  std::size_t customers = 0;
  std::uint64_t skipped = 0;
  std::uint64_t left_out = 0;  // Nothing is in them.
};

// Nobody could find such a customer again.
bool is_empty(const line_customer& one) {
  return one.record.fields().empty() && one.notes.empty() && one.receipts.empty();
}

result<checked_lines> check(line_file& lines, const customer_import_options& options,
                            const line_teller& teller) {
  checked_lines out;
  std::string where;
  const auto done = lines.each([&](std::string_view line, std::uint64_t number) -> result<void> {
    out.good.resize(number + 1);
    const auto read = lines.reader().read(line, where);
    if (read && is_empty(*read)) {
      ++out.left_out;
      teller.tell({errc::missing_field, "nothing of a customer in this line: left out"}, number,
                  read->redacted ? "/redacted" : "", false, true);
      return {};
    }
    if (read) {
      out.good[number] = true;
      ++out.customers;
      if (read->redacted) {
        teller.tell({errc::none, "values that were redacted when they were exported: not taken"},
                    number, "/redacted", false, true);
      }
      if (read->unlinked) {
        teller.tell({errc::none,
                     "a member of the household who is a customer of the book that "
                     "wrote this: kept by name alone"},
                    number, "/fields/household", false, true);
      }
      return {};
    }
    const bool goes_on = options.on_bad_row == bad_row::skip;
    teller.tell(read.error(), number, where, goes_on, false);
    if (!goes_on) return error{read.error().code, read.error().text, number};
    ++out.skipped;
    return {};
  });
  if (!done) return done.error();
  if (out.customers == 0 && out.skipped == 0 && out.left_out == 0) {
    const error nothing{errc::unsupported, "no line of a customer in this file"};
    teller.tell(nothing, 0, {}, false, false);
    return nothing;
  }
  return out;
}

// Customers are numbered by their lines, and no customer has these numbers.
result<column_map> map_of_lines(std::string_view file) {
  const json::object map{{"format", "clientbook column map 1"},
                         {"ids", "of the files"},
                         {"customers",
                          {{"file", json::string(file.data(), file.size())},
                           {"columns", {{"number", "external_id"}}}}}};
  return column_map::parse(json::serialize(map));
}

}  // namespace

result<customer_import_counts> import_json_lines(session& into, const std::string& file,
                                                 const customer_import_options& given,
                                                 const customer_import_listener& listener) try {
  const customer_import_options options = as_trial(given);
  const std::size_t slash = file.rfind('/');
  const std::string name = slash == std::string::npos ? file : file.substr(slash + 1);
  const line_teller teller{listener, name};
  auto text = read_whole(file);
  if (!text) {
    teller.tell(text.error(), 0, {}, false, false);
    return text.error();
  }
  const auto map = map_of_lines(name);
  if (!map) return map.error();
  const schema fields = into.fields();
  line_file lines(std::move(*text), fields);
  const auto checked = check(lines, options, teller);
  if (!checked) return checked.error();
  std::string where;
  const auto each = [&](customer_taker take) {
    return lines.each([&](std::string_view line, std::uint64_t number) -> result<void> {
      if (!checked->good[number]) return {};
      const auto one = lines.reader().read(line, where);
      if (!one) return one.error();
      return take(shown(*one, number, std::to_string(number)), one->record.fields());
    });
  };
  const auto place = [](const note& /*text*/) { return import_place{}; };
  auto counts = import_source_customers(
      into, *map, {.customers = checked->customers, .for_each = each, .place_of = place}, options,
      listener);
  if (counts) counts->skipped += checked->skipped;
  if (counts) counts->left_out_rows += checked->left_out;
  return counts;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
