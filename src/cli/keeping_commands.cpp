// retention due | kept, refusal list | forget | drop
#include <clientbook/transfer/book_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <cstdio>
#include <memory>
#include <vector>

#include "program.hpp"
#include "terms.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

void due(program& in) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const auto found = need(reader.due(), "looking for what has outlived its purposes");
  const json::array all =
      json::parse(need(due_to_json(found, reader.fields()), "the answer")).as_array();
  in.answer({{"due", all}}, [&] {
    for (const json::value& one : all) {
      std::printf("%s  %s\n", one.at("customer").as_string().c_str(),
                  joined(one.at("fields").as_array()).c_str());
    }
    std::printf("%zu customers have fields that no purpose permits any more; nothing was removed\n",
                all.size());
  });
}

void kept(program& in, const std::string& who) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const customer_id id = program::customer(reader, who);
  const auto found = need(reader.kept_for(id), "reading what is kept, and for what");
  const json::object fields =
      json::parse(need(keeping_to_json(found, reader.fields()), "the answer")).as_object();
  in.answer({{"customer", hex<std::string>(id.bytes)}, {"kept", fields}}, [&] {
    for (const auto& one : fields) {
      const json::object& facts = one.value().as_object();
      std::printf("%-14s since %s for %s\n", std::string(one.key()).c_str(),
                  facts.at("since").as_string().c_str(),
                  joined(facts.at("purposes").as_array()).c_str());
    }
  });
}

void list_refusals(program& in) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const auto found = need(reader.refusal_periods(), "reading remembered refusals");
  const json::array all =
      json::parse(need(refusal_periods_to_json(found), "the answer")).as_array();
  in.answer({{"periods", all}}, [&] {
    for (const refusal_period& one : found) {
      std::printf("%u  since %s, until %s: %llu values\n", one.number, text_of(one.since).c_str(),
                  text_of(one.until).c_str(), static_cast<unsigned long long>(one.refusals));
    }
    std::printf("%zu periods, each under a key of its own\n", found.size());
  });
}

struct person {
  std::vector<std::string> ids, emails, phones;
};

template <class T, class Make>
void set(customer& to, field_id field, const std::vector<std::string>& from, Make&& make) {
  if (from.empty()) return;
  std::vector<T> list;
  for (const std::string& one : from) list.push_back(make(one));
  need(to.set(field, std::span<const T>(list)), "the values");
}

void forget(program& in, const person& who) {
  customer record;
  set<external_id>(record, field::external_ids, who.ids, [](const std::string& text) {
    const std::size_t colon = text.find(':');
    if (colon == text.npos) {
      fail({errc::invalid_value, "an id is written as SYSTEM:VALUE"}, "--id");
    }
    return external_id{.system = std::string_view(text).substr(0, colon),
                       .value = std::string_view(text).substr(colon + 1)};
  });
  set<email_address>(record, field::emails, who.emails,
                     [](const std::string& text) { return email_address{.address = text}; });
  set<phone_number>(record, field::phones, who.phones,
                    [](const std::string& text) { return phone_number{.number = text}; });
  if (record.fields().empty()) {
    fail({errc::missing_field, "say who it is"}, "--id, --email or --phone");
  }
  const book opened = in.open();
  session writer = in.begin(opened);
  const std::uint32_t gone = need(writer.forget_remembered(record.fields()), "forgetting");
  in.answer({{"forgotten", gone}}, [&] {
    std::printf(
        "forgot %u values; a copy of the book made earlier has them until their period's key is "
        "dropped\n",
        gone);
  });
}

void drop(program& in, std::uint32_t period) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const std::uint64_t gone = need(writer.drop_refusals(period), "dropping the key of a period");
  in.answer({{"forgotten", gone}}, [&] {
    std::printf(
        "dropped the key: nobody knows any of its %llu values any more, in copies neither\n",
        static_cast<unsigned long long>(gone));
  });
}

void add_retention(CLI::App& app, program& in) {
  auto* group = app.add_subcommand("retention", "What is kept, for what, and what has outlived it");
  group->require_subcommand(1);
  auto* list = group->add_subcommand(
      "due", "Fields of which no purpose that they are kept for permits anything any more");
  in.takes_book(*list);
  list->callback([&in] { due(in); });
  auto* one = group->add_subcommand("kept", "What each field of a customer is kept for");
  in.takes_book(*one);
  auto who = std::make_shared<std::string>();
  one->add_option("customer", *who, "Public id, or SYSTEM:VALUE")->required();
  one->callback([&in, who] { kept(in, *who); });
}

void add_refusal(CLI::App& app, program& in) {
  auto* group = app.add_subcommand(
      "refusal",
      "Who was erased, or unsubscribed before they were a customer: tokens, for imports");
  group->require_subcommand(1);
  auto* list =
      group->add_subcommand("list", "The months whose keys live, and how many values each");
  in.takes_book(*list);
  list->callback([&in] { list_refusals(in); });
  auto* one = group->add_subcommand("forget", "Forget somebody's values, at their wish");
  in.takes_book(*one);
  auto who = std::make_shared<person>();
  one->add_option("--id", who->ids, "SYSTEM:VALUE, several");
  one->add_option("--email", who->emails, "E-mail address, several");
  one->add_option("--phone", who->phones, "Phone number, several");
  one->callback([&in, who] { forget(in, *who); });
  auto* all =
      group->add_subcommand("drop", "Destroy the key of a month: all its values are forgotten");
  in.takes_book(*all);
  auto period = std::make_shared<std::uint32_t>();
  all->add_option("period", *period, "Its number in `clientbook refusal list`")->required();
  all->callback([&in, period] { drop(in, *period); });
}

}  // namespace

void add_keeping_commands(CLI::App& app, program& in) {
  add_retention(app, in);
  add_refusal(app, in);
}

}  // namespace clientbook::cli
