// What is done with those whom a list of hashes is about: the same calls as for a letter, one after
// the other, with a status for every row at the end.
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/exchange/consent_import.hpp>
#include <clientbook/exchange/consent_signal.hpp>
#include <clientbook/internal/base/named.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/exchange/json.hpp>
#include <clientbook/internal/exchange/json_node.hpp>
#include <clientbook/internal/transfer/wiped_json.hpp>
#include <clientbook/rights/answer_hash_list.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "evidence_parts.hpp"
#include "json_parts.hpp"

namespace clientbook {
namespace {

namespace json = boost::json;
using transfer::wiped_memory;
using transfer::written;

constexpr std::size_t opt_outs_at_once = 500;
constexpr std::size_t most_lists = 64;

// Begins the reference of a request that is kept for the identifier behind it, and refused.
constexpr std::string_view shared_one = "list of hashes, shared identifier ";
constexpr std::string_view whose_it_was =
    "somebody who was erased had this identifier too: whose request it was nobody knows";

constexpr named<hash_list_work> works[] = {{hash_list_work::look, "look"},
                                           {hash_list_work::opt_out, "opt_out"},
                                           {hash_list_work::erase, "erase"}};

// Sale and sharing with anybody but the shop and its processors, as an agent has said it for them.
result<std::vector<directive>> opt_out_of(session& in) {
  const auto law = in.profile();
  crypto::system_random random;
  auto made = directives_of(signals_of_gpc(),
                            {.now = in.request(purpose::rights_fulfilment).now,
                             .jurisdiction = law->id,
                             .profile_version = law->version,
                             .profile = law.get()},
                            random);
  if (!made) return made.error();
  for (directive& one : made->directives) {
    one.by = indicated_by::agent;
    one.channel = consent_channel::other;
    one.id = {};
  }
  return std::move(made->directives);
}

class answering_lists {
 public:
  answering_lists(session& in, std::span<const hash_list> lists, const hash_list_options& how,
                  hash_list_answer& out)
      : in_(in), lists_(lists), how_(how), out_(out) {}

  result<void> run() {
    if (auto matched = match(); !matched) return matched;
    if (how_.work == hash_list_work::look) {
      tell();
      return {};
    }
    if (how_.work == hash_list_work::erase) {
      if (auto asked = ask_for_erasures(); !asked) return end_with(asked);
      // A row that waits would be told as not found once the others are gone: all of them, or none.
      if (out_.requests.empty() && out_.unanswered.empty()) {
        if (auto noted = note_shared(); !noted) return end_with(noted);
        if (auto done = erase_all(); !done) return end_with(done);
      }
    }
    if (auto done = opt_out(); !done) return end_with(done);
    tell();
    return out_.count(list_status::waiting) == 0 ? in_.note_list_answered() : result<void>();
  }

 private:
  static constexpr std::uint32_t nobody = ~std::uint32_t{0};
  struct person {
    std::uint32_t alone_in = nobody;  ///< A row that is about them alone.
    bool exempt = false;              ///< Nothing of theirs may be deleted.
    bool erased = false;
    std::vector<std::uint32_t> unanswered{};     ///< Requests of access and portability.
    std::set<wiped_text, std::less<>> shared{};  ///< Identifiers that somebody erased had too.
  };

  result<void> match() {
    listed_hashes rows;
    std::size_t count = 0;
    for (const hash_list& one : lists_) count += one.hashes.size();
    rows.reserve(count);
    for (const hash_list& one : lists_) {
      for (const list_hash& hash : one.hashes) rows.push_back({hash, one.kind});
    }
    auto found = in_.match_hash_list(rows);
    if (!found) return found.error();
    found_ = std::move(*found);
    out_.statuses.assign(count, list_status::not_found);
    for (const listed_customer& each : found_) people_[each.customer];
    if (auto read = know_requests(); !read) return read;
    for (std::size_t i = 0; i < found_.size(); ++i) {
      person& one = people_[found_[i].customer];
      const bool alone = (i == 0 || found_[i - 1].row != found_[i].row) &&
                         (i + 1 == found_.size() || found_[i + 1].row != found_[i].row) &&
                         !was_shared(one, found_[i].row);
      if (alone && one.alone_in == nobody) one.alone_in = found_[i].row;
      one.exempt = found_[i].held ||
                   (how_.law_kept == law_kept_records::refuse && !found_[i].kept_by_law.empty());
    }
    for (const auto& [id, one] : people_) {
      if (one.alone_in == nobody || one.exempt) continue;
      out_.unanswered.insert(out_.unanswered.end(), one.unanswered.begin(), one.unanswered.end());
    }
    out_.customers = people_.size();
    return {};
  }

  // What they have asked for themselves, and of which identifiers an earlier list has left open
  // whose they are.
  result<void> know_requests() {
    const auto all = in_.requests();
    if (!all) return all.error();
    for (const request_record& each : *all) {
      const auto whose = people_.find(each.customer);
      if (whose == people_.end()) continue;
      const bool copy = each.kind == request_kind::access || each.kind == request_kind::portability;
      if (copy && each.done_at == timestamp{} && each.ended_at == timestamp{}) {
        whose->second.unanswered.push_back(each.number);
      }
      if (each.kind != request_kind::erasure || each.state != request_state::refused) continue;
      const auto whole = in_.find_request(each.number);
      if (!whole) return whole.error();
      const std::string_view reference = whole->words.reference;
      if (!reference.starts_with(shared_one)) continue;
      whose->second.shared.emplace(reference.substr(shared_one.size()));
    }
    return {};
  }

  bool was_shared(const person& one, std::uint32_t row) const {
    return !one.shared.empty() && one.shared.contains(hash_text(row));
  }

  wiped_text hash_text(std::uint32_t row) const {
    wiped_text out;
    for (const hash_list& one : lists_) {
      if (row < one.hashes.size()) {
        add_base64(out, one.hashes[row]);
        return out;
      }
      row -= static_cast<std::uint32_t>(one.hashes.size());
    }
    return out;
  }

  // Once one of those who share a row is gone the others would be alone in it.
  result<void> note_shared() {
    std::set<customer_id> leaving;
    for (const auto& [id, number] : to_erase_) leaving.insert(id);
    const auto goes = [&](const customer_id& id) { return leaving.contains(id); };
    for (std::size_t i = 0; i < found_.size();) {
      std::size_t end = i + 1;
      while (end < found_.size() && found_[end].row == found_[i].row) ++end;
      const auto row = std::span(found_).subspan(i, end - i);
      i = end;
      const auto gone = std::ranges::count_if(row, goes, &listed_customer::customer);
      if (gone == 0 || gone == std::ssize(row)) continue;
      for (const listed_customer& each : row) {
        if (goes(each.customer)) continue;
        if (auto noted = note_shared(each.customer, hash_text(each.row)); !noted) return noted;
      }
    }
    return {};
  }

  result<void> note_shared(const customer_id& id, const wiped_text& hash) {
    if (!people_[id].shared.insert(hash).second) return {};
    const auto number = open(id, wiped_text(shared_one) + hash);
    if (!number) return number.error();
    auto refused = in_.refuse_request(*number, whose_it_was);
    // A run that was cut off has refused it.
    if (!refused && refused.error().code == errc::invalid_state) return {};
    return refused;
  }

  std::string_view id_of(std::uint32_t row) const noexcept {
    for (const hash_list& one : lists_) {
      if (row < one.ids.size()) return {one.ids[row].data(), one.ids[row].size()};
      row -= static_cast<std::uint32_t>(one.ids.size());
    }
    return {};
  }

  result<std::uint32_t> open(const customer_id& id, std::string_view reference) {
    const auto opened = in_.open_request(id, {.kind = request_kind::erasure,
                                              .received = today(),
                                              .channel = request_channel::agent,
                                              .reference = reference,
                                              .identity = "an identifier on a list of hashes"});
    if (opened) return *opened;
    // An earlier run has opened it.
    if (opened.error().code != errc::already_exists) return opened.error();
    return static_cast<std::uint32_t>(opened.error().at);
  }

  date today() const { return date_of(in_.request(purpose::rights_fulfilment).now); }

  // A request for whoever is alone in a row, and who is to be told of it.
  result<void> ask_for_erasures() {
    for (auto& [id, one] : people_) {
      if (one.alone_in == nobody || one.exempt) continue;
      std::string reference = "list of hashes, row " + std::string(id_of(one.alone_in));
      auto number = open(id, reference);
      if (!number) return number.error();
      auto all = in_.list_recipients(*number);
      if (!all && all.error().code == errc::invalid_state) {
        // Somebody has ended that one, and the row is there again.
        number = open(id, reference + ", " + clientbook::text_of(today()));
        if (!number) return number.error();
        all = in_.list_recipients(*number);
      }
      if (!all) return all.error();
      if (auto told = tell_recipients(*number, *all); !told) return told;
      to_erase_.emplace_back(id, *number);
    }
    return {};
  }

  result<void> tell_recipients(std::uint32_t number, std::span<const request_recipient> all) {
    bool waits = false;
    for (const request_recipient& each : all) {
      if (each.state != told_state::to_tell) continue;
      if (how_.recipients_told) {
        const auto told = in_.tell_recipient(number, {.who = {each.name, each.party_class}});
        if (!told) return told;
      } else {
        ++untold_[each.name];
        waits = true;
      }
    }
    if (waits) out_.requests.push_back(number);
    return {};
  }

  result<void> erase_all() {
    if (to_erase_.empty()) return {};
    if (how_.about_to_erase) {
      for (const auto& [id, number] : to_erase_) people_[id].erased = true;
      tell();
      const std::vector<work_item_id> rows = rows_told(list_status::deleted);
      for (const auto& [id, number] : to_erase_) people_[id].erased = false;
      if (auto kept = how_.about_to_erase(rows); !kept) return kept;
    }
    for (const auto& [id, number] : to_erase_) {
      if (auto done = erase(id, number); !done) return done;
    }
    return {};
  }

  // What has changed about one of them since they were found ends nobody else's erasure.
  result<void> erase(const customer_id& id, std::uint32_t number) {
    person& one = people_[id];
    const auto done = in_.erase(
        id, erasure_reason::subject_request,
        {.request = number, .law_kept = how_.law_kept, .law_kept_years = how_.law_kept_years});
    if (!done && done.error().code == errc::key_erased) {
      one.erased = true;
      return {};
    }
    if (!done && done.error().code == errc::kept_by_law) {
      one.exempt = true;
      return in_.refuse_request(number, "kept by a hold, a case or a law since the list was read");
    }
    if (!done) return done.error();
    one.erased = true;
    ++out_.erased;
    return in_.close_request(number);
  }

  std::vector<work_item_id> rows_told(list_status status) const {
    std::vector<work_item_id> out;
    std::size_t row = 0;
    for (const hash_list& list : lists_) {
      for (const work_item_id& id : list.ids) {
        if (out_.statuses[row++] == status) out.push_back(id);
      }
    }
    return out;
  }

  // Whoever is not erased, or not yet.
  result<void> opt_out() {
    const auto said = opt_out_of(in_);
    if (!said) return said.error();
    std::vector<customer_id> left;
    for (const auto& [id, one] : people_) {
      if (!one.erased) left.push_back(id);
    }
    for (std::size_t i = 0; i < left.size(); i += opt_outs_at_once) {
      const auto some = std::span(left).subspan(i, std::min(opt_outs_at_once, left.size() - i));
      if (auto begun = in_.begin(); !begun) return begun;
      auto done = record(some, *said);
      if (done) done = in_.commit();
      if (!done) {
        in_.rollback();
        return done;
      }
      out_.opted_out += some.size();
    }
    return {};
  }

  result<void> record(std::span<const customer_id> some, std::span<const directive> said) {
    for (const customer_id& id : some) {
      for (const directive& one : said) {
        if (const auto recorded = in_.record(id, one); !recorded) return recorded.error();
      }
    }
    return {};
  }

  // What was done before is told all the same.
  result<void> end_with(const result<void>& why) {
    tell();
    return why;
  }

  // What is told of each row.
  void tell() {
    for (std::size_t i = 0; i < found_.size();) {
      std::size_t end = i + 1;
      while (end < found_.size() && found_[end].row == found_[i].row) ++end;
      list_status& status = out_.statuses[found_[i].row];
      const person& one = people_[found_[i].customer];
      const bool is_shared =
          end - i > 1 || (one.alone_in == nobody && was_shared(one, found_[i].row));
      status = is_shared ? list_status::opted_out : alone(one);
      i = end;
    }
    tell_begun();
    out_.recipients.assign(untold_.begin(), untold_.end());
  }

  // Of an earlier run that was cut off: whom it has erased nobody finds.
  void tell_begun() {
    if (how_.begun.empty()) return;
    std::vector<work_item_id> begun(how_.begun.begin(), how_.begun.end());
    std::sort(begun.begin(), begun.end());
    std::size_t row = 0;
    for (const hash_list& list : lists_) {
      for (const work_item_id& id : list.ids) {
        list_status& status = out_.statuses[row++];
        if (status == list_status::not_found &&
            std::binary_search(begun.begin(), begun.end(), id)) {
          status = list_status::deleted;
        }
      }
    }
  }

  list_status alone(const person& one) const noexcept {
    if (one.erased) return list_status::deleted;
    if (one.exempt || how_.work == hash_list_work::opt_out) return list_status::exempted;
    return how_.work == hash_list_work::look ? list_status::deleted : list_status::waiting;
  }

  session& in_;
  std::span<const hash_list> lists_;
  const hash_list_options& how_;
  hash_list_answer& out_;
  listed_customers found_;
  std::map<customer_id, person> people_;
  std::vector<std::pair<customer_id, std::uint32_t>> to_erase_;  ///< With its request.
  std::map<std::string, std::uint64_t> untold_;
};

json::object statuses_of(const hash_list_answer& done) {
  return {{"exempted", done.count(list_status::exempted)},
          {"deleted", done.count(list_status::deleted)},
          {"opted_out", done.count(list_status::opted_out)},
          {"not_found", done.count(list_status::not_found)},
          {"waiting", done.count(list_status::waiting)}};
}

date again_by(timestamp answered) noexcept {
  return date_of(timestamp{answered.seconds + std::int64_t{hash_list_days} * 86400});
}

result<law_kept_records> law_kept_of(std::string_view word) noexcept {
  if (word == "elsewhere") return law_kept_records::elsewhere;
  if (word == "apart") return law_kept_records::apart;
  return error{errc::invalid_value, "what a law has the shop keep: elsewhere, or apart"};
}

}  // namespace

std::string_view name_of(hash_list_work work) noexcept { return name_in(works, work); }

std::uint64_t hash_list_answer::count(list_status status) const noexcept {
  return static_cast<std::uint64_t>(std::count(statuses.begin(), statuses.end(), status));
}

result<void> answer_hash_lists(session& in, std::span<const hash_list> lists,
                               const hash_list_options& how, hash_list_answer& out) try {
  out = {};
  if (how.law_kept != law_kept_records::refuse && how.work != hash_list_work::erase) {
    return error{errc::invalid_argument, "what a law has the shop keep is asked of an erasure"};
  }
  return answering_lists(in, lists, how, out).run();
} catch (const std::bad_alloc&) {
  in.rollback();
  return not_enough_memory;
}

namespace {

// Of rows that were told nothing yet: those that are gone, which nobody finds again.
json::array rows_of(std::span<const hash_list> lists, const hash_list_answer& done,
                    list_status status) {
  json::array out(wiped_memory());
  std::size_t row = 0;
  for (const hash_list& list : lists) {
    for (const work_item_id& id : list.ids) {
      if (done.statuses[row++] == status) out.emplace_back(json::string_view(id.data(), id.size()));
    }
  }
  return out;
}

json::object answer_to_json(std::span<const hash_list> lists, const hash_list_options& how,
                            const hash_list_answer& done, const result<void>& ended, session& in) {
  json::object out(wiped_memory());
  out["work"] = name_of(how.work);
  out["rows"] = done.statuses.size();
  out["customers"] = done.customers;
  out["erased"] = done.erased;
  out["opted_out"] = done.opted_out;
  out["statuses"] = statuses_of(done);
  out["requests"] = json::array(done.requests.begin(), done.requests.end());
  out["unanswered"] = json::array(done.unanswered.begin(), done.unanswered.end());
  json::array untold(wiped_memory());
  for (const auto& [name, count] : done.recipients) {
    untold.push_back({{"recipient", name}, {"customers", count}});
  }
  out["recipients"] = std::move(untold);
  out["lists"] = json::array();
  out["again_by"] = nullptr;
  out["deleted_rows"] = rows_of(lists, done, list_status::deleted);
  if (!ended) {
    out["stopped"] = {{"error", static_cast<int>(ended.error().code)},
                      {"text", ended.error().text.c_str()}};
    return out;
  }
  if (how.work == hash_list_work::look || done.count(list_status::waiting) != 0) return out;
  json::array texts(wiped_memory());
  std::size_t row = 0;
  for (const hash_list& list : lists) {
    const auto its = std::span(done.statuses).subspan(row, list.ids.size());
    row += list.ids.size();
    const wiped_text text = statuses_to_csv(list, its);
    texts.push_back(
        {{"kind", name_of(list.kind)}, {"statuses", json::string_view(text.data(), text.size())}});
  }
  out["lists"] = std::move(texts);
  out["again_by"] = clientbook::text_of(again_by(in.request(purpose::rights_fulfilment).now));
  return out;
}

std::vector<work_item_id> ids_in(const exchange::json_node& all) {
  std::vector<work_item_id> out;
  if (!all.there()) return out;
  for (std::size_t i = 0; i < all.size(max_listed_hashes); ++i) {
    const std::string_view text = all.at(i).text();
    work_item_id id{};
    if (text.size() == id.size()) {
      std::copy(text.begin(), text.end(), id.begin());
      out.push_back(id);
    } else {
      all.at(i).fail({errc::invalid_value, "the id of a row is 12 letters and digits"});
    }
  }
  return out;
}

}  // namespace

result<wiped_text> answer_hash_lists_json(std::string_view document, session& in,
                                          std::string& where) try {
  where.clear();
  const auto tree = exchange::read_json(document, wiped_memory());
  if (!tree) return tree.error();
  exchange::json_failure failure;
  const exchange::json_node root(&*tree, "", failure);
  root.only({"lists", "work", "recipients_told", "law_kept", "law_kept_years", "begun"});
  hash_list_options how;
  std::vector<hash_list> lists;
  const exchange::json_node all = root.required("lists");
  for (std::size_t i = 0; i < all.size(most_lists) && !failure.happened(); ++i) {
    const exchange::json_node one = all.at(i);
    one.only({"kind", "text"});
    const auto kind = one.required("kind").found(find_hash_list_kind);
    const std::string_view text = one.required("text").text();
    if (failure.happened()) break;
    auto read = read_hash_list(text, kind);
    if (!read) {
      where = "/lists/" + std::to_string(i) + "/text";
      return read.error();
    }
    lists.push_back(std::move(*read));
  }
  if (const auto work = root.member("work"); work.there()) {
    how.work = work.found([](std::string_view word) {
      return find_in(works, word, "what is done with a list: look, opt_out or erase");
    });
  }
  how.recipients_told = root.member("recipients_told").boolean(false);
  if (const auto kept = root.member("law_kept"); kept.there()) {
    how.law_kept = kept.found(law_kept_of);
  }
  how.law_kept_years =
      static_cast<std::uint8_t>(root.member("law_kept_years").integer(0, most_law_kept_years, 0));
  const std::vector<work_item_id> begun = ids_in(root.member("begun"));
  how.begun = begun;
  if (failure.happened()) {
    where = failure.where;
    return failure.what;
  }
  hash_list_answer done;
  const auto ended = answer_hash_lists(in, lists, how, done);
  // What is done stays done: it is told with what has stopped it.
  if (!ended && done.erased == 0 && done.opted_out == 0) return ended.error();
  return written(answer_to_json(lists, how, done, ended, in));
} catch (const std::bad_alloc&) {
  in.rollback();
  return not_enough_memory;
}

std::vector<std::string> hash_list_reminders(const book_figures& figures, timestamp now) {
  if (figures.list_answered_at == timestamp{}) return {};
  const date by = again_by(figures.list_answered_at);
  const date soon = date_of(timestamp{now.seconds + 7 * std::int64_t{86400}});
  if (soon < by) return {};
  const bool over = by < date_of(now);
  return {"lists of hashes were answered last on " +
          clientbook::text_of(date_of(figures.list_answered_at)) + ": " +
          (over ? "they were to be answered again by " : "answer them again by ") +
          clientbook::text_of(by) + " (clientbook request match)"};
}

}  // namespace clientbook
