// Credentials in words, numbers and days.
#include <clientbook/base/hex.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/transfer/credentials_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <limits>

#include <clientbook/internal/exchange/json.hpp>
#include <clientbook/internal/exchange/json_node.hpp>

namespace clientbook {
namespace {

namespace json = boost::json;
using exchange::json_failure;
using exchange::json_node;

std::string time_of(timestamp at) {
  char out[20];
  write_timestamp(at, out);
  return {out, sizeof out};
}

std::string_view word_of(credential_state state) noexcept {
  switch (state) {
    case credential_state::waits:
      return "waits";
    case credential_state::in_force:
      return "in_force";
    case credential_state::revoked:
      return "revoked";
  }
  return "";
}

json::object to_object(const credential_record& one) {
  json::array roles;
  for (const actor_role role : all_roles()) {
    if (one.roles.has(role)) roles.emplace_back(name_of(role));
  }
  json::object out{{"number", one.number},
                   {"actor", one.whose.value},
                   {"roles", std::move(roles)},
                   {"name", one.name},
                   {"kind", name_of(one.key.kind)},
                   {"key", hex<std::string>(one.key.key)},
                   {"state", word_of(one.state)},
                   {"enrolled_by", one.enrolled_by.value},
                   {"enrolled_with", one.enrolled_with},
                   {"enrolled_at", time_of(one.enrolled_at)}};
  if (one.confirmed_by != actor_id()) {
    out["confirmed_by"] = one.confirmed_by.value;
    out["confirmed_at"] = time_of(one.confirmed_at);
  }
  if (one.until != timestamp{}) out["until"] = time_of(one.until);
  if (one.revoked_by != actor_id()) {
    out["revoked_by"] = one.revoked_by.value;
    out["revoked_at"] = time_of(one.revoked_at);
  }
  return out;
}

}  // namespace

result<std::string> credentials_to_json(std::span<const credential_record> all) try {
  json::array out;
  for (const credential_record& one : all) out.push_back(to_object(one));
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> credential_settings_to_json(const credential_settings& what) try {
  json::object out{{"use", name_of(what.use)}};
  if (what.since != timestamp{}) out["since"] = time_of(what.since);
  if (what.proposed) {
    out["proposed"] = json::object{{"number", what.proposed->number},
                                   {"use", name_of(what.proposed->wanted)},
                                   {"by", what.proposed->by.id.value},
                                   {"role", name_of(what.proposed->by.role)},
                                   {"at", time_of(what.proposed->at)}};
  }
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<credential_document> credential_from_json(std::string_view text, std::string& where) try {
  constexpr std::int64_t most_number = std::numeric_limits<std::uint32_t>::max();
  constexpr std::size_t most_roles = 32;
  const auto value = exchange::read_json(text);
  if (!value) return value.error();
  json_failure failure;
  const json_node from(&*value, "", failure);
  from.only({"actor", "roles", "name", "days"});
  credential_document out;
  out.whose = actor_id(static_cast<std::uint32_t>(from.required("actor").integer(0, most_number)));
  const json_node roles = from.required("roles");
  const std::size_t count = roles.size(most_roles);
  for (std::size_t i = 0; i < count && !failure.happened(); ++i) {
    out.roles |= roles.at(i).found(find_role);
  }
  out.name = from.required("name").text();
  out.days = static_cast<std::uint32_t>(from.member("days").integer(0, most_number));
  if (failure.happened()) {
    where = failure.where;
    return failure.what;
  }
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
