// The exporter: everybody in blocks, each block durable in the ledger before it is written, and
// what did not get out said there afterwards.
//
// A customer is delivered as soon as one byte of them is out of our hands: the ledger may name too
// many, never too few.
#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/exchange/json.hpp>
#include <clientbook/internal/exchange/json_node.hpp>
#include <clientbook/transfer/export_customers.hpp>
#include <clientbook/transfer/scope_words.hpp>

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <limits>
#include <vector>

#include "export_tables.hpp"
#include "export_text.hpp"

namespace clientbook {

using namespace exchange;
using namespace transfer;

namespace {

namespace json = boost::json;

constexpr std::size_t block_size = 250;

constexpr error undelivered{errc::not_delivered,
                            "not all of it could be written: the ledger says what did not get out"};

bool is_csv(export_form form) { return form == export_form::csv || form == export_form::one_csv; }

// What a form has a place for.
field_set carried_by(export_form form) {
  constexpr field_set items{field::purchases, field::notes};
  switch (form) {
    case export_form::vcards:
      return vcard_fields;
    case export_form::csv:
    case export_form::one_csv: {
      field_set out;
      for (std::uint8_t number = 1; number < 32; ++number) out.add(field_id(number));
      return form == export_form::csv ? out : out & ~items;
    }
    case export_form::json_lines:
      break;
  }
  return all_fields;
}

class exporter {
 public:
  exporter(session& from, const customer_export_options& options, const export_sink& sink,
           customer_export_counts& counts)
      : from_(from), options_(options), sink_(sink), counts_(counts), fields_(from.fields()) {}

  result<void> run() {
    counts_ = {};
    request_ = options_.request;
    const field_set carried = carried_by(options_.form);
    if (const field_set other = request_.fields & ~carried; !other.empty()) {
      return error{errc::unsupported, "this form has no place for a field that was asked for",
                   (*other.begin()).value};
    }
    if (request_.fields.empty()) request_.fields = carried;
    auto done = everybody();
    if (done && counts_.exported == 0) {
      return error{errc::denied, "nothing of anybody may go to this recipient for that purpose"};
    }
    if (done && is_csv(options_.form)) done = write_tables();
    if (done && sink_.finish != nullptr && !sink_.finish(sink_.context)) done = undelivered;
    if (done) return {};
    return give_up(done.error());
  }

 private:
  // Who was written where: `begin` is the first byte of theirs.
  struct promised {
    customer_entry entry;
    std::uint64_t begin = 0;
  };

  result<void> everybody() {
    auto walk = from_.walk(request_.purpose, field_set{});
    if (!walk) return walk.error();
    std::vector<customer_id> ids;
    view seen;
    for (;;) {
      const auto more = from_.next(*walk, seen);
      if (!more) return more.error();
      if (*more) ids.push_back(seen.id());
      if (ids.size() == block_size || (!*more && !ids.empty())) {
        if (auto done = block(ids); !done) return done;
        ids.clear();
      }
      if (!*more) return {};
    }
  }

  result<void> block(std::span<const customer_id> ids) {
    auto out = from_.disclose_many(ids, request_);
    if (!out) return out.error();
    counts_.customers += ids.size();
    wiped_text text;
    for (std::size_t i = 0; i < out->size(); ++i) {
      const exported& one = (*out)[i];
      if (!one.permitted) continue;
      ++counts_.exported;
      promised_.push_back({{ids[i], one.ledger_index}, made_ + text.size()});
      count(one);
      if (auto done = add(one, text); !done) return done;
    }
    made_ += text.size();
    return is_csv(options_.form) ? result<void>() : write(file_name(), text);
  }

  void count(const exported& one) {
    for (const field_value& each : one.content.record().fields()) ++counts_.fields[each.id.value];
    if (one.purchases.size() != 0) ++counts_.fields[field::purchases.value];
    if (one.notes.size() != 0) ++counts_.fields[field::notes.value];
    counts_.receipts += one.purchases.size();
    counts_.notes += one.notes.size();
  }

  result<void> add(const exported& one, wiped_text& to) {
    if (is_csv(options_.form)) {
      tables_.add(counts_.exported, one, fields_);
    } else if (options_.form == export_form::vcards) {
      to += export_vcard(one);
    } else {
      const auto line = export_line(counts_.exported, one, fields_);
      if (!line) return line.error();
      to += *line;
    }
    return {};
  }

  std::string_view file_name() const {
    return options_.form == export_form::vcards ? "customers.vcf" : "customers.jsonl";
  }

  result<void> write(std::string_view file, std::string_view text) {
    const std::size_t out = text.empty() ? 0 : sink_.write(sink_.context, file, text);
    written_ += out;
    return out == text.size() ? result<void>() : undelivered;
  }

  // Tables are written once all their columns are known. One alone may go out as it is written, so
  // that its rows are counted as those of the other forms; several are delivered together.
  result<void> write_tables() {
    for (promised& each : promised_) each.begin = std::numeric_limits<std::uint64_t>::max();
    if (auto done = write("customers.csv", tables_.customers.header()); !done) return done;
    for (std::size_t i = 0; i < tables_.customers.rows(); ++i) {
      promised_[i].begin = written_;
      if (auto done = write("customers.csv", tables_.customers.row(i)); !done) return done;
    }
    if (options_.form == export_form::one_csv) return {};
    for (const auto& [name, table] :
         {std::pair("purchases.csv", &tables_.purchases), std::pair("notes.csv", &tables_.notes)}) {
      if (table->rows() == 0) continue;
      if (auto done = write(name, table->header()); !done) return done;
      for (std::size_t i = 0; i < table->rows(); ++i) {
        if (auto done = write(name, table->row(i)); !done) return done;
      }
    }
    return write("map.json", tables_.map_json());
  }

  // Whatever was promised and did not get out is said in the ledger.
  result<void> give_up(const error& why) {
    std::vector<customer_entry> lost;
    const bool in_one_piece = sink_.finish != nullptr;
    const std::uint64_t out = in_one_piece ? 0 : written_;
    for (const promised& each : promised_) {
      if (each.begin >= out) lost.push_back(each.entry);
    }
    for (std::span<const customer_entry> rest = lost; !rest.empty();) {
      const auto some = rest.first(std::min(rest.size(), block_size));
      if (auto told = from_.not_delivered(some); !told) {
        return error{errc::not_delivered,
                     "it did not get out, and the ledger could not be told: it names too many"};
      }
      counts_.not_delivered += some.size();
      rest = rest.subspan(some.size());
    }
    return why;
  }

  session& from_;
  const customer_export_options& options_;
  const export_sink& sink_;
  customer_export_counts& counts_;
  const schema fields_;
  disclosure_request request_;
  export_tables tables_;
  std::vector<promised> promised_;
  std::uint64_t made_ = 0;     ///< Bytes of text,
  std::uint64_t written_ = 0;  ///< and those that are out.
};

result<export_form> form_of(std::string_view word) {
  for (const auto& [name, form] :
       {std::pair("csv", export_form::csv), std::pair("one_csv", export_form::one_csv),
        std::pair("json_lines", export_form::json_lines),
        std::pair("vcards", export_form::vcards)}) {
    if (word == name) return form;
  }
  return error{errc::invalid_value, "want csv, one_csv, json_lines or vcards"};
}

std::string answer(const customer_export_counts& counts, const schema& fields, bool delivered) {
  json::object by_field;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const field_definition field = fields.at(i);
    const std::uint64_t count = counts.fields[field.number.value];
    if (count != 0) by_field[field.key] = count;
  }
  return json::serialize(json::object{{"customers", counts.customers},
                                      {"exported", counts.exported},
                                      {"receipts", counts.receipts},
                                      {"notes", counts.notes},
                                      {"not_delivered", counts.not_delivered},
                                      {"fields", by_field},
                                      {"delivered", delivered}});
}

result<customer_export_options> options_of(const json_node& from, session& book) {
  customer_export_options out;
  from.only({"purpose", "to", "form", "fields", "country"});
  out.request.purpose = from.required("purpose").found(find_purpose);
  const auto registry = book.recipients();
  if (!registry) return registry.error();
  out.request.recipient = from.required("to").found(
      [&](std::string_view name) { return find_recipient(name, **registry); });
  out.form = from.required("form").found(form_of);
  const json_node fields = from.member("fields");
  for (std::size_t i = 0; i < fields.size(max_fields); ++i) {
    const auto found =
        fields.at(i).found([&](std::string_view key) { return book.fields().find(key); });
    out.request.fields.add(found.number);
  }
  if (const std::string_view country = from.member("country").text(); country.size() == 2) {
    out.request.country = {country[0], country[1]};
  } else if (!country.empty()) {
    from.member("country").fail({errc::invalid_value, "want two capital letters"});
  }
  return out;
}

}  // namespace

result<void> export_customers(session& from, const customer_export_options& options,
                              const export_sink& sink, customer_export_counts& counts) try {
  if (sink.write == nullptr) return error{errc::invalid_argument, "an export needs a place to go"};
  return exporter(from, options, sink, counts).run();
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> export_customers_json(std::string_view request, session& from,
                                          const export_sink& sink, std::string& where) try {
  where.clear();
  const auto value = read_json(request);
  if (!value) return value.error();
  json_failure failure;
  const json_node node(&*value, "", failure);
  const auto options = options_of(node, from);
  if (failure.happened()) {
    where = failure.where;
    return failure.what;
  }
  if (!options) return options.error();
  customer_export_counts counts;
  const auto done = export_customers(from, *options, sink, counts);
  if (!done && done.error().code != errc::not_delivered) return done.error();
  return answer(counts, from.fields(), done.has_value());
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
