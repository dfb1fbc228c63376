// What recovery says, as JSON, and a restore as somebody asks for it. Shares are secrets: what
// holds them wipes itself.
#include <clientbook/base/hex.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/transfer/wiped_json.hpp>
#include <clientbook/transfer/recovery_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <clientbook/internal/exchange/json.hpp>
#include <clientbook/internal/exchange/json_node.hpp>

namespace clientbook {
namespace {

namespace json = boost::json;
using exchange::json_failure;
using exchange::json_node;

constexpr std::int64_t a_week = 7 * 86400;

std::string text_of(timestamp at) {
  char out[20];
  write_timestamp(at, out);
  return {out, sizeof out};
}

json::object to_object(const error& problem) {
  return {{"code", static_cast<int>(problem.code)}, {"text", problem.text.c_str()}};
}

json::object to_object(const mirror_state& one) {
  json::object out{{"path", one.path},
                   {"confirmed", one.confirmed},
                   {"heard", one.heard},
                   {"holds_all", one.holds_all}};
  if (one.epoch != 0) {
    out["epoch"] = one.epoch;
    out["refreshed"] = text_of(one.refreshed);
  }
  if (one.problem.code != errc::none) {
    out["problem"] = to_object(one.problem);
  }
  return out;
}

json::array to_array(std::span<const mirror_state> mirrors) {
  json::array out;
  for (const mirror_state& one : mirrors) out.push_back(to_object(one));
  return out;
}

json::array to_array(std::span<const customer_id> ids) {
  json::array out;
  for (const customer_id& id : ids) out.push_back(json::string(hex<std::string>(id.bytes)));
  return out;
}

json::object to_object(const restore_outcome& done) {
  json::array unheard = to_array(std::span(done.unheard));
  return {{"customers", done.customers},
          {"erased", done.erased},
          {"not_in_mirror", done.not_in_mirror},
          {"not_in_backup", done.not_in_backup},
          {"changed", done.changed},
          {"unheard", std::move(unheard)},
          {"backup_at", text_of(done.backup_at)},
          {"mirror_at", text_of(done.mirror_at)},
          {"ledger_index", done.ledger_index},
          {"epoch", done.epoch}};
}

void read_shares(const json_node& from, std::vector<crypto::share>& out) {
  const std::size_t count = from.size(crypto::most_shares);
  for (std::size_t i = 0; i < count && !from.failed(); ++i) {
    const json_node one = from.at(i);
    auto read = crypto::read_share(one.text());
    if (read) {
      out.push_back(std::move(*read));
    } else if (one.there()) {
      one.fail(read.error());
    }
  }
}

void read_places(const json_node& from, restore_kind kind, restore_document& out) {
  if (kind == restore_kind::drill) {
    out.scratch = from.required("scratch").text();
    return;
  }
  out.book = from.required("book").text();
  out.key = from.required("key").text();
}

}  // namespace

result<std::string> mirrors_to_json(std::span<const mirror_state> mirrors) try {
  return json::serialize(to_array(mirrors));
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<wiped_text> kit_to_json(const recovery_kit& kit) try {
  json::array shares(transfer::wiped_memory());
  for (const crypto::share_text& one : kit.shares) {
    one.with_bytes([&](byte_view text) { shares.emplace_back(as_text(text)); });
  }
  json::object out(transfer::wiped_memory());
  out["number"] = hex<std::string>(kit.number);
  out["needed"] = kit.threshold;
  out["shares"] = std::move(shares);
  out["mirrors"] = to_array(kit.mirrors);
  if (kit.problem.code != errc::none) out["problem"] = to_object(kit.problem);
  return transfer::written(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> recovery_to_json(const recovery_state& state, timestamp now) try {
  json::object out{{"has_key", state.has_key}};
  if (state.has_key) {
    out["number"] = hex<std::string>(state.number);
    out["key_made"] = text_of(state.key_made);
    out["shares"] = state.shares;
    out["needed"] = state.threshold;
  }
  out["mirrors"] = to_array(state.mirrors);
  out["newest_backup"] = nullptr;
  if (state.newest_backup) out["newest_backup"] = text_of(*state.newest_backup);
  out["to_ask"] = to_array(std::span(state.to_ask));
  json::array reminders;
  for (const std::string& one : recovery_reminders(state, now)) reminders.emplace_back(one);
  out["reminders"] = std::move(reminders);
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> backup_to_json(const backup_outcome& made) try {
  return json::serialize(json::object{{"customers", made.customers},
                                      {"rows", made.rows},
                                      {"bytes", made.bytes},
                                      {"full", made.full},
                                      {"at", text_of(made.at)},
                                      {"mirrors", to_array(made.mirrors)}});
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> restored_to_json(const restore_outcome& done, const verification& found) try {
  json::object out = to_object(done);
  out["verified"] = {{"customers", found.customers},
                     {"items", found.items},
                     {"directives", found.directives},
                     {"ledger_entries", found.ledger_entries},
                     {"problems", found.problems}};
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> pin_to_json(const pin_state& state) try {
  return json::serialize(json::object{{"kept", state.kept},
                                      {"pinned_version", state.pinned_version},
                                      {"pinned_ledger_size", state.pinned_ledger_size},
                                      {"version", state.version},
                                      {"ledger_size", state.ledger_size}});
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

std::vector<std::string> recovery_reminders(const recovery_state& state, timestamp now) {
  if (!state.has_key) {
    return {
        "no recovery key: if the disk or the key file is lost, so is the book "
        "(clientbook recovery init)"};
  }
  std::vector<std::string> out;
  if (state.mirrors.empty()) {
    out.emplace_back("no keyring mirror: nothing opens a backup (clientbook recovery mirror add)");
  }
  bool any = false;
  for (const mirror_state& one : state.mirrors) {
    any = any || one.confirmed;
    if (one.confirmed && !one.holds_all && now.seconds - one.refreshed.seconds > a_week) {
      out.push_back("the mirror " + one.path +
                    " has not been refreshed for a week: who came since would be lost "
                    "(clientbook recovery refresh)");
    }
    if (!one.heard) out.push_back("the mirror " + one.path + ": " + one.problem.text.c_str());
  }
  if (!state.mirrors.empty() && !any) {
    out.emplace_back("no mirror has followed: what was erased since still opens from there");
  }
  if (!state.to_ask.empty()) {
    out.push_back(std::to_string(state.to_ask.size()) +
                  " customers are to be asked for their consent since the restore (clientbook "
                  "recovery status lists them)");
  }
  if (!state.newest_backup) {
    out.emplace_back("no backup was made (clientbook backup)");
  } else if (now.seconds - state.newest_backup->seconds > a_week) {
    out.emplace_back("the newest backup is older than a week (clientbook backup)");
  }
  return out;
}

result<void> restore_from_json(std::string_view text, restore_kind kind, restore_document& out,
                               std::string& where) try {
  const auto value = exchange::read_json(text);
  if (!value) return value.error();
  json_failure failure;
  const json_node from(&*value, "", failure);
  if (kind == restore_kind::drill) {
    from.only({"mirror", "backups", "shares", "actor", "role", "scratch"});
  } else {
    from.only({"mirror", "backups", "shares", "actor", "role", "book", "key"});
  }
  out.mirror = from.required("mirror").text();
  const json_node backups = from.required("backups");
  const std::size_t count = backups.size(2);
  for (std::size_t i = 0; i < count; ++i) out.backups.emplace_back(backups.at(i).text());
  read_shares(from.required("shares"), out.shares);
  read_places(from, kind, out);
  out.who.id = actor_id(static_cast<std::uint32_t>(from.member("actor").integer(1, 0xffffffff, 1)));
  out.who.role = actor_role::owner;
  if (const json_node role = from.member("role"); role.there())
    out.who.role = role.found(find_role);
  if (!failure.happened()) return {};
  where = failure.where;
  return failure.what;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
