// request match | expired | onward: lists of hashes from outside, and what recipients still have
#include <clientbook/rights/answer_hash_list.hpp>
#include <clientbook/transfer/book_json.hpp>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdio>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <unistd.h>

#include "destination.hpp"
#include "program.hpp"
#include "terms.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

struct matching {
  std::vector<std::string> files;
  std::string kind, work = "look", out;
  bool recipients_told = false, kept_elsewhere = false;
  unsigned apart_years = 0;
};

// In the memory of this process alone, wiped when it is given back.
wiped_text read_file(const std::string& path) {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                       [](std::FILE* f) { return std::fclose(f); });
  if (!file) fail({errc::not_found, "the list cannot be read"}, path);
  wiped_text out;
  std::vector<char, wiping_allocator<char>> part(1U << 20U);
  while (const std::size_t got = std::fread(part.data(), 1, part.size(), file.get())) {
    out.append(part.data(), got);
  }
  if (std::ferror(file.get()) != 0) fail({errc::io_error, "the list cannot be read"}, path);
  return out;
}

std::string name_in_folder(const std::string& path) {
  const std::size_t folder = path.find_last_of('/');
  return folder == std::string::npos ? path : path.substr(folder + 1);
}

hash_list_work work_from(const std::string& word) {
  if (word == "look") return hash_list_work::look;
  if (word == "opt-out") return hash_list_work::opt_out;
  return hash_list_work::erase;
}

hash_list_options options_of(const matching& what) {
  hash_list_options out{.work = work_from(what.work), .recipients_told = what.recipients_told};
  if (what.kept_elsewhere) out.law_kept = law_kept_records::elsewhere;
  if (what.apart_years != 0) {
    out.law_kept = law_kept_records::apart;
    out.law_kept_years = static_cast<std::uint8_t>(what.apart_years);
  }
  if (what.kept_elsewhere && what.apart_years != 0) {
    fail({errc::invalid_argument, "one of --kept-elsewhere and --keep-apart"}, "--keep-apart");
  }
  return out;
}

hash_list_kind kind_of(const std::string& path, const std::string& said) {
  const auto by_name = kind_of_hash_list(path);
  if (said.empty()) return need(by_name, "--kind");
  const hash_list_kind kind = need(find_hash_list_kind(said), "--kind");
  // A file that asks for nothing asks for nothing whatever anybody says of it.
  if (!by_name && by_name.error().code == errc::unsupported) fail(by_name.error(), "--kind");
  if (by_name && *by_name != kind) {
    fail({errc::invalid_argument, "the file's name says that its hashes are of something else"},
         "--kind");
  }
  return kind;
}

std::vector<hash_list> lists_of(const matching& what) {
  std::vector<hash_list> out;
  std::set<std::string> names;
  for (const std::string& path : what.files) {
    if (!names.insert(name_in_folder(path)).second) {
      fail({errc::invalid_argument, "two lists of one name: their answers would be one file"},
           name_in_folder(path));
    }
    const hash_list_kind kind = kind_of(path, what.kind);
    const wiped_text text = read_file(path);
    auto read = read_hash_list({text.data(), text.size()}, kind);
    if (!read)
      fail(read.error(), name_in_folder(path) + ", line " + std::to_string(read.error().at));
    out.push_back(std::move(*read));
  }
  return out;
}

// Which rows were about to be told as deleted, beside where the statuses will be: whatever ends an
// erasure, the next run of the same answers for who is gone. Ids of rows, and nothing of anybody.
class begun_rows {
 public:
  explicit begun_rows(std::string out) : out_(std::move(out)) {
    while (out_.size() > 1 && out_.ends_with('/')) out_.pop_back();
    for (; ::access(next().c_str(), F_OK) == 0; ++files_) read(next());
  }
  /// Those that are all of these lists. Ends the command where others are among them: with the
  /// answers of this list they would be forgotten.
  const std::vector<work_item_id>& ids_in(std::span<const hash_list> lists) const {
    std::vector<work_item_id> rows;
    for (const hash_list& one : lists) rows.insert(rows.end(), one.ids.begin(), one.ids.end());
    std::sort(rows.begin(), rows.end());
    for (const work_item_id& id : ids_) {
      if (std::binary_search(rows.begin(), rows.end(), id)) continue;
      fail({errc::invalid_state,
            "rows of another list are begun there: answer that one first, or name another folder"},
           "--out");
    }
    return ids_;
  }

  /// An error: they cannot be kept, and nobody is to be erased.
  result<void> keep(std::span<const work_item_id> rows) {
    std::string text;
    for (const work_item_id& id : rows) text.append(id.data(), id.size()).append(1, '\n');
    try {
      write_new_file(next(), text, "keeping which rows are begun");
    } catch (const failure& why) {  // It goes no further than the library's call.
      return why.what;
    }
    ++files_;
    return {};
  }
  /// The statuses are out.
  void forget() {
    while (files_ != 0) {
      --files_;
      ::unlink(next().c_str());
    }
  }

 private:
  std::string next() const { return out_ + ".begun" + std::to_string(files_ + 1); }
  void read(const std::string& path) {
    const std::string text = content_of(path, "rows that an earlier run has begun");
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      work_item_id id{};
      if (end - at != id.size()) {
        fail({errc::invalid_encoding, "a line of it is no id of a row"},
             "rows that an earlier run has begun");
      }
      std::copy_n(text.data() + at, id.size(), id.begin());
      ids_.push_back(id);
      at = end + 1;
    }
  }

  std::string out_;
  std::size_t files_ = 0;
  std::vector<work_item_id> ids_;
};

json::object told(const matching& what, const hash_list_answer& done) {
  json::array requests(done.requests.begin(), done.requests.end());
  json::array recipients;
  for (const auto& [name, count] : done.recipients) {
    recipients.push_back({{"recipient", name}, {"customers", count}});
  }
  return {{"work", what.work},
          {"rows", done.statuses.size()},
          {"customers", done.customers},
          {"erased", done.erased},
          {"opted_out", done.opted_out},
          {"statuses",
           {{"exempted", done.count(list_status::exempted)},
            {"deleted", done.count(list_status::deleted)},
            {"opted_out", done.count(list_status::opted_out)},
            {"not_found", done.count(list_status::not_found)},
            {"waiting", done.count(list_status::waiting)}}},
          {"requests", requests},
          {"unanswered", json::array(done.unanswered.begin(), done.unanswered.end())},
          {"recipients", recipients},
          {"files", json::array()}};
}

// Of those alone who are gone: nobody finds them again, and they are told as deleted all the same.
json::array deleted_rows(std::span<const hash_list> lists, const hash_list_answer& done) {
  json::array out;
  std::size_t row = 0;
  for (const hash_list& list : lists) {
    for (const work_item_id& id : list.ids) {
      if (row < done.statuses.size() && done.statuses[row] == list_status::deleted) {
        out.emplace_back(std::string(id.data(), id.size()));
      }
      ++row;
    }
  }
  return out;
}

void print(const json::object& machine, hash_list_work work) {
  const json::value& statuses = machine.at("statuses");
  std::printf("%llu rows are about %llu customers\n", number_at(machine, "rows"),
              number_at(machine, "customers"));
  std::printf(
      "  2 exempted   %llu\n  3 deleted    %llu\n  4 opted out  %llu\n  5 not found  %llu\n",
      number_at(statuses, "exempted"), number_at(statuses, "deleted"),
      number_at(statuses, "opted_out"), number_at(statuses, "not_found"));
  if (number_at(statuses, "waiting") != 0) {
    std::printf("    waiting    %llu\n", number_at(statuses, "waiting"));
  }
  if (work == hash_list_work::look) {
    std::printf("nothing was done, and nothing is to be reported yet: --do erase, or opt-out\n");
    return;
  }
  std::printf("%llu were erased, %llu opted out of sale and sharing\n",
              number_at(machine, "erased"), number_at(machine, "opted_out"));
  for (const json::value& one : machine.at("files").as_array()) {
    std::printf("%s: the statuses\n", one.as_string().c_str());
  }
}

constexpr error unanswered{
    errc::invalid_state,
    "requests of access are to be answered before anybody is erased: answer or refuse them, then "
    "run the same again; nobody was erased, all were opted out"};
constexpr error untold{errc::recipients_untold,
                       "recipients are to be told before anybody is erased: tell them, then run "
                       "the same with --recipients-told; nobody was erased, all were opted out"};

void match(program& in, const matching& what) {
  hash_list_options how = options_of(what);
  const bool works = how.work != hash_list_work::look;
  if (works == what.out.empty()) {
    fail(works ? error{errc::invalid_argument, "where the statuses go is missing: a new folder"}
               : error{errc::invalid_argument,
                       "nothing is reported before something was done: --do erase, or opt-out"},
         "--out");
  }
  const std::vector<hash_list> lists = lists_of(what);
  const book opened = in.open();
  session writer = in.begin(opened);
  std::optional<destination> to;
  if (works) to.emplace(what.out, true, in.book_path);
  std::optional<begun_rows> begun;
  const auto keep = [&](std::span<const work_item_id> rows) { return begun->keep(rows); };
  if (works) {
    begun.emplace(what.out);
    how.begun = begun->ids_in(lists);
    how.about_to_erase = keep;
  }
  hash_list_answer done;
  const auto ended = answer_hash_lists(writer, lists, how, done);
  json::object machine = told(what, done);
  const bool waits = ended && done.count(list_status::waiting) != 0;
  if (!ended || waits) {
    const error why = !ended ? ended.error() : !done.unanswered.empty() ? unanswered : untold;
    if (done.erased == 0 && done.opted_out == 0) fail(why, "answering the list");
    machine["deleted_rows"] = deleted_rows(lists, done);
    in.fail_having_done(why, "answering the list", machine, [&] {
      print(machine, how.work);
      for (const json::value& one : machine.at("recipients").as_array()) {
        std::printf("  to be told: %s, of %llu customers\n", text_at(one, "recipient").c_str(),
                    number_at(one, "customers"));
      }
      for (const json::value& one : machine.at("unanswered").as_array()) {
        std::printf("  to be answered: request %llu\n",
                    static_cast<unsigned long long>(one.to_number<std::uint64_t>()));
      }
    });
  }
  std::size_t row = 0;
  bool out = true;
  for (std::size_t i = 0; works && i < lists.size(); ++i) {
    const auto its = std::span(done.statuses).subspan(row, lists[i].ids.size());
    row += lists[i].ids.size();
    const wiped_text text = statuses_to_csv(lists[i], its);
    const std::string name = name_in_folder(what.files[i]);
    out = out && to->write(name, {text.data(), text.size()}) == text.size();
    machine["files"].as_array().emplace_back(what.out + "/" + name);
  }
  if (works && (!out || !to->finish())) {
    machine["files"] = json::array();
    machine["deleted_rows"] = deleted_rows(lists, done);
    in.fail_having_done({errc::io_error,
                         "the statuses could not be written: run the same again, with "
                         "the same --out, and they are told as they were now"},
                        "--out", machine, [&] { print(machine, how.work); });
  }
  if (begun) begun->forget();
  in.answer(machine, [&] { print(machine, how.work); });
}

void add_match(command group, program& in) {
  auto command = group.add_command(
      "match", "Answer lists of hashes (California's DROP): who is on them, and a status a row");
  in.takes_book(command);
  auto what = std::make_shared<matching>();
  command.add_option("list", what->files, "Files with the header ID,Hash").required();
  command.add_option("--kind", what->kind,
                     "email, phone or name_birth_zip; else as DROP names the file (_Email, "
                     "_Phone, _NDZ)");
  command
      .add_option("--do", what->work,
                  "look (nothing is changed), opt-out (of sale and sharing), erase (who alone has "
                  "an identifier; the others are opted out)")
      .show_default()
      .one_of({"look", "opt-out", "erase"});
  command.add_option("--out", what->out, "A new folder for the statuses, to be sent back");
  command.add_flag("--recipients-told", what->recipients_told,
                   "Who has got data of those who are erased was told to delete it");
  command
      .add_option("--keep-apart", what->apart_years,
                  "What a law has the shop keep becomes records of their own, for so many years")
      .in_range(1U, unsigned{most_law_kept_years});
  command
      .add_flag("--kept-elsewhere", what->kept_elsewhere,
                "What a law has the shop keep is in its accounts")
      .excludes("--keep-apart");
  command.callback([&in, what] { match(in, *what); });
}

// --- what has expired -----------------------------------------------------------------------

struct expiring {
  std::string customer, recipient;
};

void list_expired(program& in) {
  const book opened = in.open();
  session reader = in.begin(opened);
  json::array all;
  for (const expired_disclosure& one :
       need(reader.expired_disclosures(), "looking for what has expired")) {
    all.push_back(
        {{"customer", hex<std::string>(one.customer.bytes)},
         {"ledger_index", one.ledger_index},
         {"recipient", one.recipient},
         {"purpose", word_for(one.purpose)},
         {"fields", keys_of(one.fields, reader.fields())},
         {"given_at", text(one.given_at)},
         {"until", one.until == timestamp{} ? json::value(nullptr) : json::value(text(one.until))},
         {"why", name_of(one.why)}});
  }
  in.answer({{"expired", all}}, [&] {
    for (const json::value& one : all) {
      std::printf("%s  %-24s %-10s given %s%s  %s\n", text_at(one, "customer").c_str(),
                  text_at(one, "recipient").c_str(), text_at(one, "why").c_str(),
                  text_at(one, "given_at").c_str(),
                  one.at("until").is_string() ? (", until " + text_at(one, "until")).c_str() : "",
                  text_at(one, "fields").c_str());
    }
    std::printf("%zu disclosures of which recipients are to delete what they got\n", all.size());
    if (!all.empty()) {
      std::printf(
          "when they were told: clientbook request expired BOOK --told CUSTOMER "
          "RECIPIENT\n");
    }
  });
}

void told_expired(program& in, const expiring& what) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const customer_id id = program::customer(writer, what.customer);
  const std::uint32_t count =
      need(writer.tell_expired(id, what.recipient), "noting that they were told");
  in.answer(
      {{"customer", hex<std::string>(id.bytes)},
       {"recipient", what.recipient},
       {"disclosures", count}},
      [&] { std::printf("the ledger says that they were told, of %u disclosures\n", count); });
}

void add_expired(command group, program& in) {
  auto command = group.add_command(
      "expired", "What recipients are to delete: its time is over, or the consent was taken back");
  in.takes_book(command);
  auto told = std::make_shared<std::vector<std::string>>();
  command.add_option("--told", *told, "CUSTOMER RECIPIENT: they were told to delete it").values(2);
  command.callback([&in, told] {
    if (told->empty()) return list_expired(in);
    told_expired(in, {.customer = told->at(0), .recipient = told->at(1)});
  });
}

// --- the onward chain -----------------------------------------------------------------------

struct passing_on {
  std::string customer, from, to, contact, party_class, on;
  std::vector<std::string> fields;
};

void report(program& in, const passing_on& said) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const customer_id id = program::customer(writer, said.customer);
  onward_report what{.from = said.from, .to = said.to, .contact = said.contact};
  const auto parties = need(writer.recipients(), "the registry");
  if (!said.party_class.empty()) {
    what.party_class = recipient_from(said.party_class, *parties);
  } else if (!parties->find(std::string_view(said.to))) {
    what.party_class = recipient::third_party;
  }
  if (!said.fields.empty()) what.fields = fields_from(said.fields, writer.fields());
  if (!said.on.empty()) what.on = need(parse_date(said.on), "--on");
  const std::uint64_t index = need(writer.report_onward(id, what), "noting the report");
  in.answer({{"customer", hex<std::string>(id.bytes)}, {"ledger_index", index}}, [&] {
    std::printf("entry %llu of the ledger says it; requests of the customer name %s too\n",
                static_cast<unsigned long long>(index), said.to.c_str());
  });
}

void add_onward(command group, program& in) {
  auto command = group.add_command(
      "onward", "Note what a recipient says of whom it has passed a customer's data on to");
  in.takes_book(command);
  auto said = std::make_shared<passing_on>();
  command.add_option("customer", said->customer, "Public id, or SYSTEM:VALUE").required();
  command.add_option("--from", said->from, "Who passed it on, as `ledger` names it").required();
  command.add_option("--to", said->to, "Legal name of who got it from them").required();
  command.add_option("--class", said->party_class,
                     "What the further recipient is; else as in the registry, or third_party");
  command.add_option("--contact", said->contact, "Where the further recipient is reached");
  command.add_option("--field", said->fields, "What was passed on; else all that they have got");
  command.add_option("--on", said->on, "The day on which they passed it on");
  command.callback([&in, said] { report(in, *said); });
}

}  // namespace

void add_hash_list_commands(command group, program& in) {
  add_match(group, in);
  add_expired(group, in);
  add_onward(group, in);
}

}  // namespace clientbook::cli
