// show, preview, list, terms
#include <clientbook/consent/shop_consent.hpp>
#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/transfer/figures_json.hpp>
#include <clientbook/transfer/view_json.hpp>

#include <boost/json/array.hpp>
#include <cstdio>
#include <memory>
#include <vector>

#include "find_commands.hpp"
#include "printed_json.hpp"
#include "program.hpp"
#include "terms.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

std::string shortened(const std::string& text, std::size_t width) {
  // Counted in characters of UTF-8, cut between them.
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0U) == 0x80U) continue;
    if (++count > width) return text.substr(0, i) + "…";
  }
  return text + std::string(width + 1 - count, ' ');
}

std::string cell(const json::object& field) {
  const std::string state(field.at("state").as_string());
  if (const auto* value = field.if_contains("value")) {
    std::string line = (state == "redacted" ? "~ " : "") + one_line(*value);
    if (const auto* left_out = field.if_contains("left_out")) {
      line += " (and " + std::to_string(left_out->to_number<std::int64_t>()) + " closed for this)";
    }
    return line;
  }
  return state == "withheld" ? "-" : "";
}

struct show_options {
  std::string who;
  std::string purpose;
  std::vector<std::string> fields;
  std::vector<std::string> without;  ///< Customers.
  std::size_t items = 3;
  bool figures = false;
  std::string explain;
  std::string language = "en";
};

void print_figures(const json::object& figures) {
  for (const char* name : {"purchases", "first_purchase", "last_purchase", "last_visit",
                           "returned_pieces", "without_amount"}) {
    const auto* value = figures.if_contains(name);
    if (value != nullptr) std::printf("  %-16s %s\n", name, one_line(*value).c_str());
  }
  for (const json::value& one : figures.at("spend").as_array()) {
    const std::string_view currency = one.at("currency").as_string();
    const auto amount = [&](const char* name) {
      return amount_text(one.at(name).to_number<std::int64_t>(), currency);
    };
    std::printf("  %-16s %s %s, returned %s\n", "spend", amount("spent").c_str(),
                std::string(currency).c_str(), amount("returned").c_str());
  }
}

void show(program& in, const show_options& what) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const customer_id id = program::customer(reader, what.who);
  const purpose_id purpose = purpose_from(what.purpose);
  const field_set asked = fields_from(what.fields, reader.fields());
  const view seen = need(reader.read(id, purpose, asked), "reading a customer");
  json::object fields = fields_of(reader, reader.request(purpose), seen);
  std::vector<customer_id> without;
  for (const std::string& other : what.without) without.push_back(program::customer(reader, other));
  for (const auto& [field, type] : {std::pair{field::purchases, field_type::purchase},
                                    std::pair{field::notes, field_type::note}}) {
    if (!asked.has(field)) continue;
    const item_list items =
        need(field == field::purchases ? reader.purchases(id, purpose, what.items)
                                       : reader.notes_without(id, purpose, without, what.items),
             "reading a customer");
    fields[need(reader.fields().find(field), "the schema").key] =
        tree_of(need(items_to_json(items, type), "reading a customer"));
  }
  json::object machine{{"customer", hex<std::string>(id.bytes)}, {"purpose", what.purpose}};
  if (asked.has(field::notes)) {
    const item_list pinned = need(reader.pinned_notes(id, purpose), "reading the pinned notes");
    if (pinned.size() != 0) {
      machine["pinned_notes"] = tree_of(need(items_to_json(pinned, field_type::note), "reading"));
    }
  }
  if (!what.explain.empty()) {
    const field_id field = need(reader.fields().find(what.explain), "--explain").number;
    machine["explanation"] =
        need(reader.describe(id, reader.request(purpose), field, language_of(what.language)),
             "explaining");
  }
  if (what.figures) {
    const item_list all = need(reader.purchases(id, purpose), "reading the purchases");
    machine["figures"] = tree_of(
        need(figures_to_json(need(figures_of(all), "adding up the purchases")), "the figures"));
  }
  machine["fields"] = fields;
  in.answer(machine, [&] {
    std::printf("customer %s, for %s\n", hex<std::string>(id.bytes).c_str(), what.purpose.c_str());
    if (const auto* pinned = machine.if_contains("pinned_notes")) print_warnings(*pinned);
    for (const auto& member : fields) {
      const json::object& field = member.value().as_object();
      const std::string key(member.key());
      const auto* why = field.if_contains("why");
      std::printf("  %-16s %-9s %s\n", key.c_str(), field.at("state").as_string().c_str(),
                  why != nullptr ? why->as_string().c_str() : cell(field).c_str());
    }
    if (const auto* figures = machine.if_contains("figures")) print_figures(figures->as_object());
    if (const auto* why = machine.if_contains("explanation")) {
      std::printf("%s\n", why->as_string().c_str());
    }
  });
}

struct preview_options {
  std::string who;
  std::vector<std::string> readers;  ///< PURPOSE@RECIPIENT
  std::vector<std::string> fields;
};

void preview(program& in, const preview_options& what) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const customer_id id = program::customer(reader, what.who);
  const field_set asked = fields_from(what.fields, reader.fields());
  const recipient_registry registry = *need(reader.recipients(), "reading the registry");
  json::array columns;
  for (const std::string& text : what.readers) {
    const std::size_t at = text.find('@');
    if (at == std::string::npos) {
      fail({errc::invalid_argument, "want PURPOSE@RECIPIENT"}, "--as");
    }
    decision_request as = reader.request(purpose_from(text.substr(0, at)));
    as.recipient = recipient_from(text.substr(at + 1), registry);
    as.operation = as.recipient == recipient::self ? operation::use : operation::disclose;
    const view seen = need(reader.preview(id, as, asked), "previewing");
    columns.push_back({{"as", text}, {"fields", fields_of(reader, as, seen)}});
  }
  in.answer({{"customer", hex<std::string>(id.bytes)}, {"views", columns}}, [&] {
    constexpr std::size_t width = 28;
    std::printf("customer %s (- withheld, ~ redacted)\n", hex<std::string>(id.bytes).c_str());
    std::printf("%-14s", "");
    for (const json::value& one : columns) {
      std::printf(" %s", shortened(std::string(one.at("as").as_string()), width).c_str());
    }
    std::printf("\n");
    for (std::size_t i = 0; i < reader.fields().size(); ++i) {
      const field_definition field = reader.fields().at(i);
      std::string line;
      bool anything = false;
      for (const json::value& one : columns) {
        const auto* held = one.at("fields").as_object().if_contains(field.key);
        const std::string text = held != nullptr ? cell(held->as_object()) : "";
        if (!text.empty() && text != "-") anything = true;
        line.append(1, ' ').append(shortened(text, width));
      }
      if (anything) std::printf("%-14s%s\n", std::string(field.key).c_str(), line.c_str());
    }
  });
}

void list(program& in, const list_flags& what) {
  const std::size_t most = what.most;
  const book opened = in.open();
  session reader = in.begin(opened);
  json::array all;
  const decision_request as = reader.request(purpose_from(what.purpose));
  const field_set fields = what.fields.empty() ? only(field::name) | only(field::external_ids)
                                               : fields_from(what.fields, reader.fields());
  std::size_t shown = 0;
  bool more = false;
  need(reader.for_each(purpose_from(what.purpose), fields,
                       [&](const view& seen) {
                         more = most != 0 && shown == most;
                         if (more) return false;
                         ++shown;
                         all.push_back({{"customer", hex<std::string>(seen.id().bytes)},
                                        {"fields", fields_of(reader, as, seen)}});
                         return true;
                       }),
       "listing customers");
  in.answer({{"customers", all}, {"more", more}}, [&] {
    for (const json::value& one : all) {
      std::string line(one.at("customer").as_string());
      for (const auto& member : one.at("fields").as_object()) {
        line.append(2, ' ').append(cell(member.value().as_object()));
      }
      std::printf("%s\n", line.c_str());
    }
    if (more) std::printf("the first %zu; there are more (--most 0 lists all)\n", most);
  });
}

// A term with what a grant of it follows: its parents, and whether it must be named itself.
template <class Id>
json::object term_object(Id id, bool listed) {
  const term_facts known = *facts(id);
  json::array parents;
  for (const std::uint8_t parent : known.parents) {
    parents.emplace_back(facts(Id(parent))->name);
  }
  return {{"name", known.name},  {"term", known.term},       {"label", known.label},
          {"parents", parents},  {"barrier", known.barrier}, {"denial_only", known.denial_only},
          {"short_list", listed}};
}

template <class Set>
json::array term_list(const Set& all, const Set& listed) {
  json::array out;
  all.for_each([&](auto id) { out.push_back(term_object(id, listed.contains(id))); });
  return out;
}

json::array field_list() {
  json::array out;
  const schema fields = standard_schema();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    json::array categories;
    for (const category_id one : fields.at(i).categories) {
      if (one != category_id()) categories.emplace_back(facts(one)->name);
    }
    out.push_back(
        {{"name", fields.at(i).key}, {"term", ""}, {"label", ""}, {"categories", categories}});
  }
  return out;
}

std::string joined(const json::value* list) {
  std::string out;
  if (list == nullptr) return out;
  for (const json::value& one : list->as_array()) {
    out += (out.empty() ? "" : ", ") + std::string(std::string_view(one.as_string()));
  }
  return out;
}

void print_term(const json::object& one) {
  const auto is = [&](const char* flag) {
    const json::value* value = one.if_contains(flag);
    return value != nullptr && value->as_bool();
  };
  std::printf("%s%s %-38s %-42s %s", is("short_list") ? "*" : " ", is("barrier") ? "!" : " ",
              one.at("name").as_string().c_str(), one.at("term").as_string().c_str(),
              one.at("label").as_string().c_str());
  if (const std::string parents = joined(one.if_contains("parents")); !parents.empty()) {
    std::printf("  < %s", parents.c_str());
  }
  if (const std::string kinds = joined(one.if_contains("categories")); !kinds.empty()) {
    std::printf("%s", kinds.c_str());
  }
  std::printf("\n");
}

// What this shop keeps data for, as its book was told.
purpose_set short_list_of(program& in, const std::string& path) {
  if (path.empty() && in.shell == nullptr) return usual_purposes();
  if (in.shell == nullptr) in.book_path = path;
  const book opened = in.open();
  return in.begin(opened).purposes();
}

void terms(program& in, const std::string& kind, bool only_short, const std::string& of_book) {
  json::array all;
  if (kind == "purposes") all = term_list(all_purposes(), short_list_of(in, of_book));
  if (kind == "recipients") all = term_list(all_recipient_classes(), recipient_set());
  if (kind == "categories") all = term_list(all_categories(), category_set());
  if (kind == "operations") {
    operation_set known;
    all_operations.for_each([&](operation_id id) {
      if (facts(id)) known.add(id);
    });
    all = term_list(known, operation_set());
  }
  if (kind == "fields") all = field_list();
  if (only_short) {
    json::array listed;
    for (const json::value& one : all) {
      const json::value* flag = one.as_object().if_contains("short_list");
      if (flag != nullptr && flag->as_bool()) listed.push_back(one);
    }
    all = listed;
  }
  in.answer({{kind, all}}, [&] {
    for (const json::value& one : all) print_term(one.as_object());
    if (kind == "fields") return;
    std::printf(
        "* what most shops use, or the book is for   ! barrier: a grant must name it, no wider one "
        "covers it   "
        "< what it lies below\n");
  });
}

}  // namespace

void add_customer_commands(command app, program& in) {
  {
    auto command = app.add_command("show", "Read a customer under a purpose");
    in.takes_book(command);
    auto what = std::make_shared<show_options>();
    command.add_option("customer", what->who, "Public id, or SYSTEM:VALUE").required();
    command.add_option("-p,--purpose", what->purpose, "Why: see `clientbook terms purposes`")
        .required();
    command.add_option("--fields", what->fields, "Only these fields").delimiter(',');
    command.add_option("--items", what->items, "Newest purchases and notes; 0: all").show_default();
    command
        .add_option("--without", what->without,
                    "Notes without what names these customers: for a copy that is given away")
        .delimiter(',');
    command.add_flag("--figures", what->figures,
                     "What the purchases that the purpose shows add up to: last visit, spend, "
                     "returns");
    command.add_option("--explain", what->explain, "Say why this field came out as it did");
    command.add_option("--language", what->language, "en, de, fr, es or it")
        .show_default()
        .one_of({"en", "de", "fr", "es", "it"});
    command.callback([&in, what] { show(in, *what); });
  }
  {
    auto command = app.add_command("preview", "A customer side by side as others would see them");
    in.takes_book(command);
    auto what = std::make_shared<preview_options>();
    command.add_option("customer", what->who, "Public id, or SYSTEM:VALUE").required();
    command.add_option("--as", what->readers, "PURPOSE@RECIPIENT; several").required();
    command.add_option("--fields", what->fields, "Only these fields").delimiter(',');
    command.callback([&in, what] { preview(in, *what); });
  }
  {
    auto command = app.add_command(
        "list", "List customers under a purpose, all or those of whom something holds");
    in.takes_book(command);
    auto what = std::make_shared<list_flags>();
    what->add_to(command);
    what->add_conditions_to(command);
    command.callback([&in, what] {
      if (what->has_condition()) return list_those(in, *what);
      if (what->skip != 0) {
        fail({errc::invalid_argument, "pages are of lists with a condition"}, "--skip");
      }
      list(in, *what);
    });
  }
  {
    auto command = app.add_command(
        "terms", "List the words that purposes and so on have, what they lie below, and barriers");
    auto kind = std::make_shared<std::string>();
    command.add_option("kind", *kind, "purposes, recipients, categories, operations or fields")
        .required()
        .one_of({"purposes", "recipients", "categories", "operations", "fields"});
    auto only_short = std::make_shared<bool>(false);
    command.add_flag("--short", *only_short, "Only what most shops use");
    auto of_book = std::make_shared<std::string>();
    if (in.shell == nullptr) {
      command.add_option("--book", *of_book,
                         "Of purposes: the short list is what this book keeps data for");
      in.takes_key(command);
    }
    command.callback([&in, kind, only_short, of_book] { terms(in, *kind, *only_short, *of_book); });
  }
}

}  // namespace clientbook::cli
