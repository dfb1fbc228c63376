// retention due | kept | run, hold place | lift | list, refusal list | forget | drop
#include <clientbook/transfer/book_json.hpp>
#include <clientbook/transfer/retention_json.hpp>

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <cstdio>
#include <map>
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

const char* said_of(retention_fate fate) {
  switch (fate) {
    case retention_fate::erased:
      return "erased: nothing of them may be kept";
    case retention_fate::removed:
      return "taken out:";
    case retention_fate::held:
      return "stays, a legal hold or a case keeps it:";
    case retention_fate::requested:
      return "stays, a request has not ended:";
    case retention_fate::kept_by_law:
      return "stays, a law has the shop keep it:";
    case retention_fate::in_items:
      return "stays, as no purchase or note goes alone:";
    case retention_fate::no_case:
      return "stays, no case of records names them:";
    case retention_fate::damaged:
      return "is damaged: clientbook verify";
    case retention_fate::law_ended:
      return "the time of this retained record is over: its key is destroyed";
    case retention_fate::merge_ended:
      return "is a part of a customer for good: what was before the merge is gone";
  }
  return "";
}

struct run_options {
  bool dry_run = false;
  std::uint32_t most = retention_run().most;
  unsigned remembered_months = retention_run().remembered_months;
};

// What a run has done so far, transaction by transaction.
struct run_so_far {
  json::array items, receipts;
  std::map<std::string, std::map<std::string, std::uint64_t>> counts;
  std::uint64_t transactions = 0;

  void add(const retention_outcome& done, const program& in, session& writer) {
    const json::object told =
        json::parse(need(retention_to_json(done, writer.fields()), "the answer")).as_object();
    for (const json::value& one : told.at("items").as_array()) {
      items.push_back(one);
      const std::string fate(one.at("fate").as_string());
      for (const json::value& field : one.at("fields").as_array()) {
        ++counts[fate][std::string(field.as_string())];
      }
    }
    for (const json::value& one : told.at("receipts").as_array()) receipts.push_back(one);
    ++transactions;
    if (in.json) return;
    for (const retention_item& one : done.items) {
      const json::array all =
          json::parse(need(due_to_json(std::array{retention_due{one.customer, one.fields}},
                                       writer.fields()),
                           "the answer"))
              .as_array();
      std::printf("%s  %s %s\n", all[0].at("customer").as_string().c_str(), said_of(one.fate),
                  joined(all[0].at("fields").as_array()).c_str());
    }
  }
  json::object machine(bool dry_run) const {
    json::object of;
    for (const auto& [fate, fields] : counts) {
      json::object each;
      for (const auto& [field, count] : fields) each[field] = count;
      of[fate] = std::move(each);
    }
    return {{"dry_run", dry_run}, {"items", items}, {"receipts", receipts}, {"counts", of}};
  }
  void print(bool dry_run) const {
    for (const auto& [fate, fields] : counts) {
      for (const auto& [field, count] : fields) {
        std::printf("%-12s %-14s %llu\n", fate.c_str(), field.c_str(),
                    static_cast<unsigned long long>(count));
      }
    }
    if (dry_run) {
      std::printf("nothing was changed\n");
    } else {
      std::printf("%zu customers erased, in %llu steps\n", receipts.size(),
                  static_cast<unsigned long long>(transactions));
    }
  }
};

// Transaction by transaction, so that others get their turn; what was done stays done wherever it
// ends, and is told.
void run(program& in, const run_options& what) {
  const book opened = in.open();
  session writer = in.begin(opened);
  retention_run how{.mode = what.dry_run ? retention_mode::only_tell : retention_mode::run,
                    .most = what.most,
                    .remembered_months = static_cast<std::uint8_t>(what.remembered_months)};
  run_so_far all;
  do {
    auto done = writer.run_retention(how);
    if (!done) {
      const error why = done.error();
      if (is_committed(why)) {
        // Asked again it answers what that call has done, and does nothing more.
        done = writer.run_retention(how);
        if (done) all.add(*done, in, writer);
      }
      in.fail_having_done(why, "running retention", all.machine(what.dry_run),
                          [&] { all.print(what.dry_run); });
    }
    all.add(*done, in, writer);
    how.from = done->next;
  } while (how.from != 0);
  in.answer(all.machine(what.dry_run), [&] { all.print(what.dry_run); });
}

void list_retained(program& in) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const auto found = need(reader.retained(), "reading retained records");
  const json::array all =
      json::parse(need(retained_to_json(found, reader.fields()), "the answer")).as_array();
  in.answer({{"retained", all}}, [&] {
    for (const json::value& one : all) {
      if (one.as_object().contains("damaged")) {
        std::printf("%s  is damaged: clientbook verify\n", one.at("id").as_string().c_str());
        continue;
      }
      std::printf("%s  %s until %s: %s, %lld purchases, %lld directives\n",
                  one.at("id").as_string().c_str(), one.at("purpose").as_string().c_str(),
                  one.at("until").as_string().c_str(), joined(one.at("fields").as_array()).c_str(),
                  static_cast<long long>(one.at("purchases").as_int64()),
                  static_cast<long long>(one.at("directives").as_int64()));
    }
    std::printf("%zu retained records\n", all.size());
  });
}

void show_retained(program& in, const std::string& id, const std::string& purpose) {
  const book opened = in.open();
  session reader = in.begin(opened);
  customer_id retained;
  if (id.size() != 32 || !parse_hex(id, retained.bytes)) {
    fail({errc::invalid_value, "a retained record is named by 32 hexadecimal digits"}, "its id");
  }
  const auto one =
      need(reader.read_retained(retained, purpose_from(purpose)), "reading a retained record");
  const wiped_text text = need(retained_to_json(one, reader), "the answer");
  if (in.json) {
    in.answer(json::parse(text).as_object(), [] {});
  } else {
    in.answer({}, [&] { std::printf("%s\n", text.c_str()); });
  }
}

// --- legal holds ------------------------------------------------------------------------------

struct hold_options {
  std::string who, reason, reference, until;
  std::uint32_t number = 0;
};

void place_hold(program& in, const hold_options& what) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const customer_id id = program::customer(writer, what.who);
  new_hold hold{.reason = what.reason, .reference = what.reference};
  if (!what.until.empty()) hold.until = program::end_from(what.until, "--until");
  const std::uint32_t number = need(writer.place_hold(id, hold), "placing a legal hold");
  in.answer({{"customer", hex<std::string>(id.bytes)}, {"hold", number}}, [&] {
    std::printf(
        "hold %u: nothing takes this customer or a field of theirs out until it is lifted\n",
        number);
  });
}

void lift_hold(program& in, const hold_options& what) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const customer_id id = program::customer(writer, what.who);
  need(writer.lift_hold(id, what.number), "lifting a legal hold");
  in.answer({{"customer", hex<std::string>(id.bytes)}, {"lifted", what.number}},
            [&] { std::printf("hold %u is lifted\n", what.number); });
}

void list_holds(program& in) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const auto found = need(reader.holds(), "reading legal holds");
  const json::array all = json::parse(need(holds_to_json(found), "the answer")).as_array();
  in.answer({{"holds", all}}, [&] {
    for (const auto& [whose, hold] : found) {
      if (hold.number == 0) {
        std::printf("%s  is damaged: clientbook verify\n", hex<std::string>(whose.bytes).c_str());
        continue;
      }
      std::printf("%s  hold %u by %u since %s%s%s: %s%s%s\n", hex<std::string>(whose.bytes).c_str(),
                  hold.number, hold.placed_by.value, text(hold.placed_at).c_str(),
                  hold.until == timestamp{} ? "" : ", until ",
                  hold.until == timestamp{} ? "" : text(hold.until).c_str(), hold.reason.c_str(),
                  hold.reference.empty() ? "" : ", ", hold.reference.c_str());
    }
    std::printf("%zu legal holds\n", found.size());
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

void add_retention(command app, program& in) {
  auto group = app.add_command("retention", "What is kept, for what, and what has outlived it");
  group.require_command();
  auto list = group.add_command(
      "due", "Fields of which no purpose that they are kept for permits anything any more");
  in.takes_book(list);
  list.callback([&in] { due(in); });
  auto one = group.add_command("kept", "What each field of a customer is kept for");
  in.takes_book(one);
  auto who = std::make_shared<std::string>();
  one.add_option("customer", *who, "Public id, or SYSTEM:VALUE").required();
  one.callback([&in, who] { kept(in, *who); });
  auto records = group.add_command(
      "records", "What a law has the shop keep of people who were erased, without values");
  in.takes_book(records);
  records.callback([&in] { list_retained(in); });
  auto show = group.add_command("show", "A retained record, for what it is kept for alone");
  in.takes_book(show);
  auto which = std::make_shared<std::string>();
  auto why = std::make_shared<std::string>();
  show.add_option("record", *which, "Its id, as the receipt of the erasure names it").required();
  show.add_option("-p,--purpose", *why, "What it is kept for, or rights_fulfilment").required();
  show.callback([&in, which, why] { show_retained(in, *which, *why); });
  auto go = group.add_command(
      "run",
      "Take out what `due` lists, fields or customers of whom nothing may be kept, and retained "
      "records whose time is over");
  in.takes_book(go);
  auto how = std::make_shared<run_options>();
  go.add_flag("--dry-run", how->dry_run, "Only tell what would go, and what would stay and why");
  go.add_option("--most", how->most, "Customers in one transaction")
      .show_default()
      .in_range(1U, static_cast<std::uint32_t>(max_erased_at_once));
  go.add_option("--remember-months", how->remembered_months,
                "How long an import asks before it takes somebody back who was erased; 0: not")
      .show_default()
      .in_range(0, 120);
  go.callback([&in, how] { run(in, *how); });
}

void add_hold(command app, program& in) {
  auto group = app.add_command("hold", "Legal holds: who is not to be erased, and why");
  group.require_command();
  auto what = std::make_shared<hold_options>();
  auto place = group.add_command("place", "Nothing takes the customer out until it is lifted");
  in.takes_book(place);
  place.add_option("customer", what->who, "Public id, or SYSTEM:VALUE").required();
  place.add_option("--reason", what->reason, "Why, one line; sealed with the customer").required();
  place.add_option("--reference", what->reference, "Number of the case, here or elsewhere");
  place.add_option("--until", what->until, "2027-01-31T00:00:00Z; without it: until it is lifted");
  place.callback([&in, what] { place_hold(in, *what); });
  auto lift = group.add_command("lift", "The customer may be erased again");
  in.takes_book(lift);
  lift.add_option("customer", what->who, "Public id, or SYSTEM:VALUE").required();
  lift.add_option("hold", what->number, "Its number in `clientbook hold list`").required();
  lift.callback([&in, what] { lift_hold(in, *what); });
  auto list = group.add_command("list", "Who is held, why, since when and by whom");
  in.takes_book(list);
  list.callback([&in] { list_holds(in); });
}

void add_refusal(command app, program& in) {
  auto group = app.add_command(
      "refusal",
      "Who was erased, or unsubscribed before they were a customer: tokens, for imports");
  group.require_command();
  auto list = group.add_command("list", "The months whose keys live, and how many values each");
  in.takes_book(list);
  list.callback([&in] { list_refusals(in); });
  auto one = group.add_command("forget", "Forget somebody's values, at their wish");
  in.takes_book(one);
  auto who = std::make_shared<person>();
  one.add_option("--id", who->ids, "SYSTEM:VALUE, several");
  one.add_option("--email", who->emails, "E-mail address, several");
  one.add_option("--phone", who->phones, "Phone number, several");
  one.callback([&in, who] { forget(in, *who); });
  auto all = group.add_command("drop", "Destroy the key of a month: all its values are forgotten");
  in.takes_book(all);
  auto period = std::make_shared<std::uint32_t>();
  all.add_option("period", *period, "Its number in `clientbook refusal list`").required();
  all.callback([&in, period] { drop(in, *period); });
}

}  // namespace

void add_keeping_commands(command app, program& in) {
  add_retention(app, in);
  add_hold(app, in);
  add_refusal(app, in);
}

}  // namespace clientbook::cli
