// The words of requests.
#include <clientbook/book/request.hpp>
#include <clientbook/internal/base/named.hpp>

namespace clientbook {
namespace {

constexpr named<request_kind> kinds[] = {
    {request_kind::access, "access"},
    {request_kind::portability, "portability"},
    {request_kind::rectification, "rectification"},
    {request_kind::restriction, "restriction"},
    {request_kind::objection, "objection"},
    {request_kind::erasure, "erasure"},
};
constexpr named<request_state> states[] = {
    {request_state::waiting_for_identity, "waiting_for_identity"},
    {request_state::open, "open"},
    {request_state::extended, "extended"},
    {request_state::done, "done"},
    {request_state::closed, "closed"},
    {request_state::refused, "refused"},
    {request_state::withdrawn, "withdrawn"},
    {request_state::customer_erased, "customer_erased"},
};
constexpr named<request_channel> channels[] = {
    {request_channel::mail, "mail"},   {request_channel::letter, "letter"},
    {request_channel::shop, "shop"},   {request_channel::phone, "phone"},
    {request_channel::agent, "agent"},
};
constexpr named<told_state> tellings[] = {
    {told_state::to_tell, "to_tell"},
    {told_state::told, "told"},
    {told_state::confirmed, "confirmed"},
    {told_state::impossible, "impossible"},
};
constexpr named<recipient_duty> duties[] = {
    {recipient_duty::none, "nothing"},       {recipient_duty::correct, "correct"},
    {recipient_duty::restrict_, "restrict"}, {recipient_duty::stop, "stop"},
    {recipient_duty::erase, "erase"},
};
constexpr named<stay_place> stay_places[] = {
    {stay_place::apart, "apart"},
    {stay_place::elsewhere, "elsewhere"},
    {stay_place::remembered, "remembered"},
};

}  // namespace

recipient_duty duty_after(request_kind kind) noexcept {
  switch (kind) {
    case request_kind::rectification:
      return recipient_duty::correct;
    case request_kind::restriction:
      return recipient_duty::restrict_;
    case request_kind::objection:
      return recipient_duty::stop;
    case request_kind::erasure:
      return recipient_duty::erase;
    case request_kind::access:
    case request_kind::portability:
      return recipient_duty::none;
  }
  return recipient_duty::none;
}

std::string_view name_of(request_kind kind) noexcept { return name_in(kinds, kind); }
std::string_view name_of(request_state state) noexcept { return name_in(states, state); }
std::string_view name_of(request_channel channel) noexcept { return name_in(channels, channel); }
std::string_view name_of(told_state state) noexcept { return name_in(tellings, state); }
std::string_view name_of(recipient_duty duty) noexcept { return name_in(duties, duty); }
std::string_view name_of(stay_place place) noexcept { return name_in(stay_places, place); }

result<request_kind> find_request_kind(std::string_view name) noexcept {
  return find_in(kinds, name, "no such kind of request");
}
result<request_channel> find_request_channel(std::string_view name) noexcept {
  return find_in(channels, name, "no such channel of a request");
}
result<told_state> find_told_state(std::string_view name) noexcept {
  return find_in(tellings, name, "a recipient is told, confirmed, or impossible to tell");
}

}  // namespace clientbook
