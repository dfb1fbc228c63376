// A walk through a JSON document that remembers where it is: the first thing that is wrong is kept
// with a pointer to it, and everything read afterwards is empty.
#ifndef CLIENTBOOK_INTERNAL_EXCHANGE_JSON_NODE_HPP
#define CLIENTBOOK_INTERNAL_EXCHANGE_JSON_NODE_HPP

#include <clientbook/base/result.hpp>

#include <boost/json/value.hpp>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace clientbook::exchange {

struct json_failure {
  error what{};
  std::string where;  ///< JSON pointer
  bool happened() const noexcept { return what.code != errc::none; }
};

class json_node {
 public:
  json_node(const boost::json::value* value, std::string where, json_failure& failure)
      : value_(value), where_(std::move(where)), failure_(&failure) {}

  bool there() const noexcept { return value_ != nullptr && !failure_->happened(); }
  bool failed() const noexcept { return failure_->happened(); }
  void fail(const error& what) const;
  bool is_object() const noexcept { return there() && value_->is_object(); }

  /// Refuses members of other names. Precondition of member().
  void only(std::span<const std::string_view> names) const;
  void only(std::initializer_list<std::string_view> names) const {
    only(std::span(names.begin(), names.size()));
  }
  /// Absent members are not there().
  json_node member(std::string_view name) const;
  json_node required(std::string_view name) const;

  /// Elements of an array; a single value counts as an array of itself if `single_too`.
  std::size_t size(std::size_t most) const;
  json_node at(std::size_t index) const;

  /// Of something that is not there: `otherwise`.
  std::string_view text(std::string_view otherwise = {}) const;
  std::int64_t integer(std::int64_t least, std::int64_t most, std::int64_t otherwise = 0) const;
  bool boolean(bool otherwise) const;
  /// The value itself, of whatever type; null if it is not there.
  const boost::json::value* value() const noexcept { return there() ? value_ : nullptr; }

  /// What a look-up of the text gives, or the failure it ends in.
  template <class Find>
  auto found(Find&& find) const -> typename decltype(find(std::string_view()))::value_type {
    const auto answer = find(text());
    if (answer) return *answer;
    if (there()) fail(answer.error());
    return {};
  }

 private:
  const boost::json::value* value_;
  std::string where_;
  json_failure* failure_;
};

}  // namespace clientbook::exchange

#endif
