// One place of a JSON document that is read strictly: where it is, what it must be, what went
// wrong.
//
// The first failure is kept with its pointer, and everything read after it is empty, so that
// readers are written without a test behind every step.
#include <clientbook/internal/exchange/json_node.hpp>

#include <algorithm>

namespace clientbook::exchange {
namespace {

constexpr error wrong_type{errc::wrong_type, "a member of another type than it must have"};

}  // namespace

void json_node::fail(const error& what) const {
  if (failure_->happened()) return;
  failure_->what = what;
  failure_->where = where_;
}

void json_node::only(std::span<const std::string_view> names) const {
  if (!there()) return;
  if (!value_->is_object()) return fail({errc::wrong_type, "want an object"});
  for (const auto& member : value_->get_object()) {
    if (std::find(names.begin(), names.end(), std::string_view(member.key())) != names.end()) {
      continue;
    }
    return fail({errc::unknown_field, "an object here has a member that nobody knows"});
  }
}

json_node json_node::member(std::string_view name) const {
  const boost::json::value* found = nullptr;
  if (there() && value_->is_object()) found = value_->get_object().if_contains(name);
  return {found, where_ + "/" + std::string(name), *failure_};
}

json_node json_node::required(std::string_view name) const {
  const json_node found = member(name);
  if (there() && found.value_ == nullptr) {
    found.fail({errc::missing_field, "a member that must be there"});
  }
  return found;
}

std::size_t json_node::size(std::size_t most) const {
  if (!there()) return 0;
  if (!value_->is_array()) {
    fail({errc::wrong_type, "want an array"});
    return 0;
  }
  const std::size_t count = value_->get_array().size();
  if (count > most) {
    fail({errc::limit_exceeded, "an array has more elements than it may have", most});
    return 0;
  }
  return count;
}

json_node json_node::at(std::size_t index) const {
  const boost::json::value* found = nullptr;
  if (there() && value_->is_array() && index < value_->get_array().size()) {
    found = &value_->get_array()[index];
  }
  return {found, where_ + "/" + std::to_string(index), *failure_};
}

std::string_view json_node::text(std::string_view otherwise) const {
  if (!there()) return otherwise;
  if (value_->is_string()) return value_->get_string();
  fail(wrong_type);
  return otherwise;
}

std::int64_t json_node::integer(std::int64_t least, std::int64_t most,
                                std::int64_t otherwise) const {
  if (!there()) return otherwise;
  if (!value_->is_int64()) {
    fail({value_->is_uint64() ? errc::invalid_value : errc::wrong_type, "want a whole number"});
    return otherwise;
  }
  const std::int64_t value = value_->get_int64();
  if (value >= least && value <= most) return value;
  fail({errc::invalid_value, "a number is outside its range"});
  return otherwise;
}

bool json_node::boolean(bool otherwise) const {
  if (!there()) return otherwise;
  if (value_->is_bool()) return value_->get_bool();
  fail(wrong_type);
  return otherwise;
}

}  // namespace clientbook::exchange
