// find | days: who answers to what was typed, and whose day comes. The conditions of `list` too.
#include "find_commands.hpp"

#include <clientbook/transfer/search_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <memory>

#include "printed_json.hpp"
#include "program.hpp"
#include "terms.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

struct find_flags {
  std::string text;
  std::string purpose;
  std::vector<std::string> fields;
  std::size_t most = 20;
  bool exactly_as_typed = false;
};

std::string shown_fields(const json::object& fields) {
  std::string out;
  for (const auto& member : fields) {
    const json::object& one = member.value().as_object();
    const auto* value = one.if_contains("value");
    if (value == nullptr) continue;
    out += (out.empty() ? "" : "  ") +
           std::string(one.at("state").as_string() == "redacted" ? "~ " : "") + one_line(*value);
  }
  return out;
}

std::string reasons_in_words(const json::array& why) {
  std::string out;
  for (const json::value& one : why) {
    out += (out.empty() ? "" : ", ") + std::string(one.at("field").as_string()) + " " +
           std::string(one.at("match").as_string());
  }
  return out;
}

void find(program& in, const find_flags& what) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const purpose_id purpose = purpose_from(what.purpose);
  find_options options{
      .most = what.most,
      // One question does not pay for what would lie in memory for the next.
      .path = in.shell != nullptr ? search_path::automatic : search_path::sealed,
      .errors = what.exactly_as_typed ? typing_errors::none : typing_errors::one_a_word};
  if (!what.fields.empty()) options.fields = fields_from(what.fields, reader.fields());
  const search_answer answer =
      need(reader.find(what.text, purpose, options), "looking for somebody");
  const json::value tree = tree_of(need(search_to_json(reader, answer, purpose), "the answer"));
  in.answer(tree.as_object(), [&] {
    for (const json::value& hit : tree.at("hits").as_array()) {
      std::printf("%s  %s  (%s)\n", hit.at("customer").as_string().c_str(),
                  shown_fields(hit.at("fields").as_object()).c_str(),
                  reasons_in_words(hit.at("why").as_array()).c_str());
      if (const auto* pinned = hit.as_object().if_contains("pinned_notes")) {
        print_warnings(*pinned);
      }
    }
    if (answer.hits.empty()) std::printf("nobody whom this purpose may find\n");
    if (answer.matches > answer.hits.size()) {
      std::printf("the first %zu of %llu: type more, or --most\n", answer.hits.size(),
                  static_cast<unsigned long long>(answer.matches));
    }
    if (answer.path == search_path::sealed) {
      std::printf("answered by the sealed index; %llu customers that it does not have were read\n",
                  static_cast<unsigned long long>(answer.scanned));
    }
    if (answer.unreadable != 0) {
      std::printf("%llu customers cannot be read: `clientbook verify` says why\n",
                  static_cast<unsigned long long>(answer.unreadable));
    }
  });
}

json::object request_of(const list_flags& what) {
  json::object out;
  const auto text = [&](const char* name, const std::string& value) {
    if (!value.empty()) out[name] = value;
  };
  text("likes", what.likes);
  text("size", what.size);
  text("size_kind", what.size_kind);
  text("bought", what.bought);
  text("bought_since", what.since);
  text("bought_category", what.bought_category);
  text("brand", what.brand);
  text("tag", what.tag);
  text("tier", what.tier);
  if (what.tasks_due >= 0) out["tasks_due_within_days"] = what.tasks_due;
  if (what.assigned != 0) out["assigned"] = what.assigned;
  if (what.no_contact_days != 0) out["no_contact_for_days"] = what.no_contact_days;
  if (what.no_purchase_days != 0) out["no_purchase_for_days"] = what.no_purchase_days;
  if (what.consent_days != 0) out["consent_ends_within_days"] = what.consent_days;
  if (what.days != 0) {
    json::object days{{"days", what.days}};
    if (!what.from.empty()) days["first"] = what.from;
    if (!what.kind.empty()) days["kind"] = what.kind;
    out["days"] = std::move(days);
  }
  return out;
}

void print_listed(const json::object& one) {
  std::string line;
  for (const char* name :
       {"day", "kind", "last_purchase", "consent_ends", "last_contact", "task_due", "task"}) {
    const auto* value = one.if_contains(name);
    if (value == nullptr) continue;
    line += std::string(value->as_string()) + "  ";
  }
  if (const auto* years = one.if_contains("years")) line += "(" + one_line(*years) + ")  ";
  std::printf("%s  %s%s\n", one.at("customer").as_string().c_str(), line.c_str(),
              shown_fields(one.at("fields").as_object()).c_str());
}

}  // namespace

bool list_flags::has_condition() const {
  return days != 0 || no_purchase_days != 0 || consent_days != 0 || !likes.empty() ||
         !size.empty() || !bought.empty() || !since.empty() || !size_kind.empty() ||
         !bought_category.empty() || !brand.empty() || !tag.empty() || !tier.empty() ||
         tasks_due >= 0 || assigned != 0 || no_contact_days != 0;
}

void list_those(program& in, const list_flags& what) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const purpose_id purpose = purpose_from(what.purpose);
  json::object request = request_of(what);
  request["skip"] = what.skip;
  request["most"] = what.most == 0 ? 10'000 : what.most;
  const field_set fields = what.fields.empty()
                               ? only(field::name) | only(field::external_ids) | only(field::phones)
                               : fields_from(what.fields, reader.fields());
  std::string where;
  const auto text = list_json(json::serialize(request), reader, purpose, fields, where);
  if (!text) fail(text.error(), where.empty() ? "the list" : "the list at " + where);
  const json::value tree = tree_of(*text);
  in.answer(tree.as_object(), [&] {
    const json::array& all = tree.at("customers").as_array();
    for (const json::value& one : all) print_listed(one.as_object());
    std::printf("%zu of %lld customers\n", all.size(),
                static_cast<long long>(tree.at("count").to_number<std::int64_t>()));
  });
}

void list_flags::add_to(command to) {
  to.add_option("-p,--purpose", purpose, "Why").required();
  to.add_option("--fields", fields, "Show these fields").delimiter(',');
  to.add_option("--most", most, "At most so many; 0: all, of a list with conditions 10,000")
      .show_default()
      .in_range(0, 1'000'000'000, "0 or more");
  to.add_option("--skip", skip, "Leave out the first ones: the next page")
      .in_range(0, 1'000'000'000, "0 or more");
}

void list_flags::add_conditions_to(command to) {
  to.add_option("--likes", likes, "Who likes something that says this");
  to.add_option("--size", size, "Who takes this size: M, 42");
  to.add_option("--size-kind", size_kind, "With --size, of this kind: shoe, shirt");
  to.add_option("--bought", bought, "Who bought something that says this");
  to.add_option("--bought-category", bought_category,
                "Who bought something of this category: dress");
  to.add_option("--brand", brand,
                "Of this brand: what was bought, or with --size the size that they take");
  to.add_option("--tag", tag, "Who has this tag");
  to.add_option("--tier", tier, "Who is of this tier");
  to.add_option("--tasks-due", tasks_due,
                "For whom an open task is due within so many days, or was due; 0: by today")
      .in_range(0, 36'525);
  to.add_option("--assigned", assigned, "For whom an open task is this actor's: a number")
      .in_range(std::uint32_t{1}, std::uint32_t{0xFFFFFFFF});
  to.add_option("--no-contact-days", no_contact_days,
                "Who had no contact for so many days, or none at all")
      .in_range(1, 36'525);
  to.add_option("--since", since, "Bought on this day or later: YYYY-MM-DD");
  to.add_option("--no-purchase-days", no_purchase_days,
                "Who bought nothing for so many days, or nothing at all")
      .in_range(1, 36'525);
  to.add_option("--consent-ends-days", consent_days,
                "Of whom a consent that this purpose stands on ends within so many days")
      .in_range(1, 36'525);
}

void add_find_commands(command app, program& in) {
  {
    auto command = app.add_command(
        "find", "Find customers by what they say: names, digits of a phone, e-mail, an id");
    in.takes_book(command);
    auto what = std::make_shared<find_flags>();
    command.add_option("text", what->text, "Words; each must be answered").required();
    command.add_option("-p,--purpose", what->purpose, "Why: see `clientbook terms purposes`")
        .required();
    command.add_option("--fields", what->fields, "Show these fields of each").delimiter(',');
    command.add_option("--most", what->most, "Hits to show").show_default();
    command.add_flag("--as-typed", what->exactly_as_typed, "Without typing errors");
    command.callback([&in, what] { find(in, *what); });
  }
  auto command =
      app.add_command("days", "Whose birthday or special day comes, the first to come first");
  in.takes_book(command);
  auto what = std::make_shared<list_flags>();
  what->days = 14;
  what->add_to(command);
  command.add_option("--days", what->days, "Within so many days").show_default().in_range(1, 366);
  command.add_option("--from", what->from, "From this day on: YYYY-MM-DD; default: today");
  command.add_option("--kind", what->kind, "birthday, or the kind of a special day");
  command.callback([&in, what] { list_those(in, *what); });
}

}  // namespace clientbook::cli
