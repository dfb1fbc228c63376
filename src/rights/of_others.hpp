// What a copy for the customer leaves out: who of the staff sold, wrote or has to do something
// (CJEU C-579/21), and which other customer somebody of the household is (GDPR 15(4), 20(4)).
#ifndef CLIENTBOOK_RIGHTS_OF_OTHERS_HPP
#define CLIENTBOOK_RIGHTS_OF_OTHERS_HPP

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <string_view>

namespace clientbook::rights {

/// Whether a member of a value, by its name in JSON, is of somebody else.
inline bool is_of_others(std::string_view member) noexcept {
  constexpr std::string_view names[] = {"associate", "author", "assigned", "customer"};
  return std::ranges::find(names, member) != std::end(names);
}

/// Takes such members out of a value, or out of each of a list; what says nothing any more goes.
inline void drop_of_others(boost::json::value& from) {
  if (boost::json::array* list = from.if_array()) {
    for (boost::json::value& one : *list) drop_of_others(one);
    list->erase(std::remove_if(list->begin(), list->end(),
                               [](const boost::json::value& one) {
                                 return one.is_object() && one.get_object().empty();
                               }),
                list->end());
  }
  boost::json::object* members = from.if_object();
  if (members == nullptr) return;
  for (auto at = members->begin(); at != members->end();) {
    at = is_of_others({at->key().data(), at->key().size()}) ? members->erase(at) : at + 1;
  }
}

}  // namespace clientbook::rights

#endif
