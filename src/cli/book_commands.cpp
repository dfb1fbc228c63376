// init, upgrade, stats, verify, carve, recipient
#include <clientbook/adapters/lmdb_backend.hpp>
#include <clientbook/open/open.hpp>
#include <clientbook/rights/answer_hash_list.hpp>
#include <clientbook/rights/request_json.hpp>
#include <clientbook/transfer/recovery_json.hpp>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <memory>
#include <vector>

#include "printed_json.hpp"
#include "profile_source.hpp"
#include "program.hpp"
#include "root_key.hpp"
#include "terms.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

void print(const std::string& line) { std::printf("%s\n", line.c_str()); }

using laws = std::vector<std::shared_ptr<const law_profile>>;

json::array law_names(const laws& all) {
  json::array out;
  for (const auto& one : all) out.emplace_back(one->name);
  return out;
}

std::string in_one_line(const laws& all) {
  std::string out;
  for (const auto& one : all) out.append(out.empty() ? "" : ", ").append(one->name);
  return out;
}

std::string name_of(crypto::suite which) {
  return which == crypto::suite::aes256_gcm ? "aes256-gcm" : "chacha20-poly1305";
}

struct init_options {
  std::vector<std::string> profiles;
  std::vector<std::string> purposes;
  std::string suite = "auto";
  std::shared_ptr<new_secrets> secrets;
};

void init(program& in, const init_options& options) {
  const auto& [profiles, purposes, suite, secrets] = options;
  const law_profile& law = chosen_profile(profiles.empty() ? std::string() : profiles.front());
  new_book what{.profile = law.id, .purposes = purposes_from(purposes).all()};
  for (std::size_t i = 1; i < profiles.size(); ++i) {
    what.further_profiles.push_back(chosen_profile(profiles[i]).id);
    // Before a folder is there.
    if (std::count(profiles.begin(), profiles.end(), profiles[i]) != 1) {
      fail({errc::invalid_argument, "a new book follows each law profile once"}, "--profile");
    }
  }
  if (suite == "aes256-gcm") what.suite = crypto::suite::aes256_gcm;
  if (suite == "chacha20-poly1305") what.suite = crypto::suite::chacha20_poly1305;
  made_slots slots = slots_of_new_book(in, *secrets);
  const book made = need(create_book(in.book_path, key_place(in.key_path, slots.all()), what),
                         "creating the book");
  slots.keep();
  const cell_look seen = need(file_root_cell::look(in.key_path), "looking at the root key");
  session opened = in.begin(made);
  const book_figures figures = need(opened.figures(), "reading the book");
  in.answer(
      {{"book", hex<std::string>(figures.id.bytes)},
       {"suite", name_of(figures.suite)},
       {"profile", law.name},
       {"profiles", law_names(opened.profiles())},
       {"purposes", names_of(opened.purposes())},
       {"key", look_to_json(seen)}},
      [&] {
        print("A new book, sealed with " + name_of(figures.suite) + ", under " +
              (opened.profiles().size() == 1
                   ? "the profile " + std::string(law.name) + "."
                   : "several profiles: " + in_one_line(opened.profiles()) + "."));
        if (opened.profiles().size() > 1) {
          print(
              "Until it is said where a customer lives (`clientbook consent move`), what all of "
              "them permit is permitted.");
        }
        std::string kept_for;
        opened.purposes().for_each([&](purpose_id one) {
          kept_for.append(kept_for.empty() ? "" : ", ").append(facts(one)->name);
        });
        print("Data is kept for: " + kept_for + ".");
        print("Its root key is in the key file: keep that apart, without it the book is noise.");
        if (seen.sealed) print("It is sealed, and opens with one of:");
        for (const key_slot& one : seen.slots) print("  " + in_words(one));
        for (const auto& one : opened.profiles()) print("Note: " + std::string(one->unverified));
      });
}

// Everybody whose e-mail address may be used for it, counted.
struct reach {
  const char* name;
  std::uint64_t count;
};

std::uint64_t reached(session& in, purpose_id purpose, recipient_id recipient, operation_id how) {
  decision_request as = in.request(purpose);
  as.recipient = recipient;
  as.operation = how;
  return need(in.count_permitted(as, field::emails), "counting");
}

// Parties of a class, or the class itself if it has none: the most that any of them may reach.
std::uint64_t reached_by_class(session& in, purpose_id purpose, recipient_id party_class,
                               operation_id how) {
  std::vector<recipient_id> members;
  for (const recipient_party& party : need(in.recipients(), "reading the registry")->parties()) {
    if (party.party_class == party_class && party.removed == 0) members.push_back(party.id);
  }
  if (members.empty()) members.push_back(party_class);
  std::uint64_t most = 0;
  for (const recipient_id member : members) {
    most = std::max(most, reached(in, purpose, member, how));
  }
  return most;
}

// Requests of customers that are due or overdue, for who works on them.
void add_requests_due(session& reader, json::object& machine, std::vector<std::string>& reminders) {
  auto asked = reader.requests();
  if (!asked && asked.error().code == errc::role_denied) return;
  const std::vector<request_record> all = need(std::move(asked), "reading the requests");
  const date today = date_of(reader.request(purpose_id()).now);
  const std::vector<std::string> due = request_reminders(all, today);
  const auto working = std::count_if(all.begin(), all.end(),
                                     [](const request_record& one) { return is_open(one.state); });
  machine["requests"] = {{"open", working}, {"reminders", json::array(due.begin(), due.end())}};
  reminders.insert(reminders.end(), due.begin(), due.end());
}

// Lists of hashes from outside that are to be answered again.
void add_lists_due(const book_figures& figures, json::object& machine,
                   std::vector<std::string>& reminders) {
  for (std::string& one : hash_list_reminders(figures, timestamp{std::time(nullptr)})) {
    reminders.push_back(std::move(one));
  }
  machine["list_answered_at"] = figures.list_answered_at == timestamp{}
                                    ? json::value(nullptr)
                                    : json::value(text(figures.list_answered_at));
}

// How many customers some of the widest requests reach today.
struct widest_reach {
  std::uint64_t own = 0;
  std::uint64_t partners = 0;
  std::uint64_t broker = 0;
  std::uint64_t sale = 0;
};

widest_reach reach_of_book(session& reader) {
  const auto mail = [&](recipient_id to) {
    return reached_by_class(reader, purpose::email_marketing, to, operation::disclose);
  };
  const auto sale = [&](recipient_id to) {
    return reached_by_class(reader, purpose::sell_data_to_third_parties, to, operation::sell);
  };
  return {.own = reached(reader, purpose::email_marketing, recipient::self, operation::use),
          .partners = mail(recipient::selected_partner),
          .broker = mail(recipient::data_broker),
          .sale = std::max({sale(recipient::third_party), sale(recipient::selected_partner),
                            sale(recipient::data_broker)})};
}

void print_stats(const book_figures& figures, const widest_reach& reach) {
  const auto line = [](const char* what, std::uint64_t value) {
    std::printf("%-19s%12llu\n", what, static_cast<unsigned long long>(value));
  };
  line("customers", figures.customers);
  line("purchase lines", figures.purchase_lines);
  line("erased", figures.erased);
  if (figures.lost != 0) line("lost by restores", figures.lost);
  for (const book_gap& one : figures.gaps) {
    std::printf("restored           %s, from a copy of %s\n", text(one.until).c_str(),
                text(one.since).c_str());
  }
  line("ledger entries", figures.ledger_entries);
  if (figures.consents_outdated != 0) {
    std::printf("to compile anew    %12llu  (`clientbook consent compile`)\n",
                static_cast<unsigned long long>(figures.consents_outdated));
  }
  std::printf("size               %12.1f MiB\n",
              static_cast<double>(figures.bytes_used) / (1024 * 1024));
  std::printf("may be reached by e-mail marketing\n");
  line("  of the shop", reach.own);
  line("  of partners", reach.partners);
  line("  of data brokers", reach.broker);
  line("may be sold", reach.sale);
}

void stats(program& in, bool with_reading) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const book_figures figures = need(reader.figures(), "reading the book");
  const widest_reach reach = reach_of_book(reader);
  const bool restored = figures.restored_at != timestamp{};
  json::object machine{{"customers", figures.customers},
                       {"purchases", figures.purchase_lines},
                       {"erased", figures.erased},
                       {"lost", figures.lost},
                       {"restored_at", restored ? text(figures.restored_at) : ""},
                       {"restored_as_of", restored ? text(figures.restored_as_of) : ""},
                       {"gaps", gaps_of(figures)},
                       {"ledger_entries", figures.ledger_entries},
                       {"consent_states", figures.consent_states},
                       {"consents_outdated", figures.consents_outdated},
                       {"epoch", figures.epoch},
                       {"suite", name_of(figures.suite)},
                       {"profile", reader.profile()->name},
                       {"profiles", law_names(reader.profiles())},
                       {"book_bytes", figures.bytes_used},
                       {"permitted",
                        {{"email_marketing.self", reach.own},
                         {"email_marketing.selected_partners", reach.partners},
                         {"email_marketing.data_broker", reach.broker},
                         {"sale.third_party", reach.sale}}}};
  const cell_look key = need(file_root_cell::look(in.key_path), "looking at the root key");
  machine["key"] = look_to_json(key);
  std::vector<std::string> reminders;
  if (reach_of(in.who().role, action::maintain) != clientbook::reach::nobody) {
    const timestamp now{static_cast<std::int64_t>(std::time(nullptr))};
    const recovery_state state = need(reader.recovery(), "looking for mirrors");
    reminders = recovery_reminders(state, now);
    machine["recovery"] = json::parse(need(recovery_to_json(state, now), "the mirrors"));
  }
  if (key.renewal_due) {
    reminders.emplace_back(
        "a slot was removed and the root key is still the one that it opened: clientbook key "
        "renew");
  }
  add_requests_due(reader, machine, reminders);
  add_lists_due(figures, machine, reminders);
  double seconds = 0;
  if (with_reading) {
    // Every customer, whole, as the one who serves an order would read them.
    const auto begin = std::chrono::steady_clock::now();
    std::uint64_t done = 0;
    progress_bar bar(in, "reading", figures.customers);
    need(reader.for_each(purpose::customer_order_management, all_fields,
                         [&](const view&) {
                           bar.at(++done);
                           return true;
                         }),
         "reading everybody");
    seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    machine["read_seconds"] = seconds;
    machine["read_customers_per_second"] = static_cast<double>(done) / seconds;
  }
  in.answer(machine, [&] {
    print_stats(figures, reach);
    std::printf("opened by          %s\n", key.sealed ? "one of" : "the key file alone");
    for (const key_slot& one : key.slots) std::printf("  %s\n", in_words(one).c_str());
    for (const std::string& one : reminders) std::printf("! %s\n", one.c_str());
    if (with_reading) {
      std::printf("read all of them in %.2f s: %.0f customers/s\n", seconds,
                  static_cast<double>(figures.customers) / seconds);
    }
  });
}

void verify(program& in) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const book_figures figures = need(reader.figures(), "reading the book");
  verification found;
  {
    progress_bar bar(in, "verifying", figures.customers);
    found = need(reader.verify([&](std::uint64_t done) { bar.at(done); }), "verifying the book");
  }
  json::object machine{{"customers", found.customers},
                       {"items", found.items},
                       {"directives", found.directives},
                       {"ledger_entries", found.ledger_entries},
                       {"problems", found.problems}};
  if (found.problems != 0) {
    machine["first_problem"] = static_cast<int>(found.first);
    machine["first_customer"] = hex<std::string>(found.first_customer.bytes);
  }
  in.answer(machine, [&] {
    std::printf(
        "opened %llu customers, %llu purchases and notes, %llu directives; the ledger of "
        "%llu entries leads to its root; %llu problems\n",
        static_cast<unsigned long long>(found.customers),
        static_cast<unsigned long long>(found.items),
        static_cast<unsigned long long>(found.directives),
        static_cast<unsigned long long>(found.ledger_entries),
        static_cast<unsigned long long>(found.problems));
  });
  if (found.problems != 0) {
    fail({found.first, "the book does not agree with its manifests: restore a copy"}, "verifying");
  }
}

void carve(program& in, const std::string& copy, const std::string& gone) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const auto other =
      need(open_lmdb_backend(copy, {.mode = lmdb_options::access::read_only}), "opening the copy");
  const carving found = need(reader.carve(*other), "trying every key on the copy");
  json::array unopened;
  for (const customer_id& id : found.unopened)
    unopened.push_back(json::string(hex<std::string>(id.bytes)));
  in.answer({{"records", found.records},
             {"opened", found.opened},
             {"unopened", unopened},
             {"index_buckets", found.index_buckets},
             {"index_opened", found.index_opened},
             {"tree_opens", found.tree_opens}},
            [&] {
              print(std::string("The copy's key tree: ") +
                    (found.tree_opens ? "opens with today's root key."
                                      : "nothing opens it any more, its root key is gone."));
              std::printf("Its records, tried with every key of today: %llu of %llu open.\n",
                          static_cast<unsigned long long>(found.opened),
                          static_cast<unsigned long long>(found.records));
              if (found.index_buckets != 0) {
                std::printf("Buckets of its index, 16 customers each: %llu of %llu open.\n",
                            static_cast<unsigned long long>(found.index_opened),
                            static_cast<unsigned long long>(found.index_buckets));
              }
              for (const customer_id& id : found.unopened) {
                print("No key that exists opens " + hex<std::string>(id.bytes) + ".");
              }
            });
  if (gone.empty()) return;
  for (const customer_id& id : found.unopened) {
    if (hex<std::string>(id.bytes) == gone) return;
  }
  fail({errc::invalid_state, "the copy still gives this customer"}, "--gone");
}

void add_init(command app, program& in) {
  auto command = app.add_command("init", "Make a new, empty book and its root key");
  in.takes_book(command);
  auto options = std::make_shared<init_options>();
  options->secrets = takes_new_book_secrets(command);
  command
      .add_option("--profile", options->profiles,
                  "Law profile that decisions follow, needed: gdpr, us-ca, us or strict; without "
                  "one they are listed. Several: for customers who live elsewhere")
      .delimiter(',')
      .take_all();
  command
      .add_option(
          "-p,--purpose", options->purposes,
          "What the shop keeps data for where a command names no purpose, several; default: "
          "orders and what follows from them, care, loyalty and mail")
      .delimiter(',');
  command.add_option("--suite", options->suite, "auto, aes256-gcm or chacha20-poly1305")
      .one_of({"auto", "aes256-gcm", "chacha20-poly1305"})
      .show_default();
  command.callback([&in, options] { init(in, *options); });
}

void add_stats(command app, program& in) {
  auto command = app.add_command("stats", "Count: customers, and who may be reached");
  in.takes_book(command);
  auto reading = std::make_shared<bool>(false);
  command.add_flag("--read-all", *reading, "Also read every customer, and say how fast");
  command.callback([&in, reading] { stats(in, *reading); });
}

void add_verify(command app, program& in) {
  auto command =
      app.add_command("verify", "Open everything and hold it against manifests and ledger");
  in.takes_book(command);
  command.callback([&in] { verify(in); });
}

void add_fields(program& in, const upgrade_outcome& upgraded) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const field_set added = need(writer.add_built_in_fields(), "adding the built-in fields");
  json::array keys;
  for (const field_id each : added) {
    keys.emplace_back(need(writer.fields().find(each), "the schema").key);
  }
  if (!added.empty()) compile_consents(in, writer);
  in.answer({{"from", upgraded.from}, {"to", upgraded.to}, {"fields", keys}}, [&] {
    print("The book has format " + std::to_string(upgraded.to) + ".");
    if (keys.empty()) print("Nothing to add: it has all built-in fields.");
    for (const json::value& key : keys) print("new field: " + std::string(key.as_string()));
  });
}

void add_upgrade(command app, program& in) {
  auto command = app.add_command("upgrade", "Write a book of an older version in today's format");
  in.takes_book(command);
  auto fields = std::make_shared<bool>(false);
  command.add_flag("--fields", *fields,
                   "Bring in the built-in fields that the book does not have yet: as whoever "
                   "changes the schema");
  command.callback([&in, fields] {
    const upgrade_outcome done =
        need(upgrade_book(in.book_path, key_place(in.open_cell())), "upgrading the book");
    if (*fields) return add_fields(in, done);
    in.answer({{"from", done.from}, {"to", done.to}}, [&] {
      if (done.from == done.to) {
        print("Nothing to do: the book has format " + std::to_string(done.to) + ", the newest.");
      } else {
        print("Upgraded from format " + std::to_string(done.from) + " to " +
              std::to_string(done.to) + ". Older versions of clientbook refuse it from now on.");
      }
    });
  });
}

void add_carve(command app, program& in) {
  auto command = app.add_command(
      "carve", "Try every key that exists today on a copy of the book made earlier");
  in.takes_book(command);
  auto copy = std::make_shared<std::string>();
  auto gone = std::make_shared<std::string>();
  command.add_option("--copy", *copy, "Folder of the copy").required();
  command.add_option("--gone", *gone, "Fail unless this public id is among the unopened");
  command.callback([&in, copy, gone] { carve(in, *copy, *gone); });
}

}  // namespace

void add_book_commands(command app, program& in) {
  add_init(app, in);
  add_upgrade(app, in);
  add_stats(app, in);
  add_verify(app, in);
  add_carve(app, in);
}

}  // namespace clientbook::cli
