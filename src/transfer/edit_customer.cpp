// A record edited as JSON: what the purposes show of it, with what is added and without what is
// dropped, read back by the same rules as any record that comes in.
//
// Reading and writing are one transaction, so that nobody's change in between is lost.
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/exchange/json.hpp>
#include <clientbook/internal/exchange/json_node.hpp>
#include <clientbook/internal/transfer/wiped_json.hpp>
#include <clientbook/internal/unicode/fold.hpp>
#include <clientbook/internal/unicode/utf8.hpp>
#include <clientbook/model/validate.hpp>
#include <clientbook/transfer/edit_customer.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace clientbook {
namespace {

namespace json = boost::json;
using exchange::json_failure;
using exchange::json_node;
using transfer::wiped_memory;
using transfer::written;

constexpr std::size_t most_bytes = record_json_options().most_bytes;
constexpr std::size_t most_of_a_list = 60'000;  // A field holds 65,527 bytes.

void add_to(json::value& known, const json::value& more) {
  if (json::array* list = known.if_array()) {
    const auto add = [&](const json::value& one) {
      if (std::find(list->begin(), list->end(), one) == list->end()) list->push_back(one);
    };
    if (const json::array* all = more.if_array()) {
      for (const json::value& one : *all) add(one);
    } else {
      add(more);
    }
    return;
  }
  if (known.is_object() && more.is_object()) {
    for (const auto& member : more.get_object()) {
      known.get_object()[member.key()] = member.value();
    }
    return;
  }
  known = more;
}

bool says(const json::value& element, const json::value& text) {
  if (element == text) return true;
  const json::object* members = element.if_object();
  return members != nullptr && std::any_of(members->begin(), members->end(),
                                           [&](const auto& one) { return one.value() == text; });
}

// Of the elements that are as they were seen the first one gets other members; null takes one out.
bool change_in(json::value& known, const json::value& seen, const json::value& to) {
  json::array* list = known.if_array();
  if (list == nullptr) return false;
  const auto found = std::find(list->begin(), list->end(), seen);
  if (found == list->end()) return false;
  if (!found->is_object() || !to.is_object()) {
    *found = to;
    return true;
  }
  for (const auto& member : to.get_object()) {
    if (member.value().is_null()) {
      found->get_object().erase(member.key());
    } else {
      found->get_object()[member.key()] = member.value();
    }
  }
  return true;
}

bool is_finished(const json::value& one) {
  const json::object* members = one.if_object();
  const json::value* state = members == nullptr ? nullptr : members->if_contains("state");
  return state != nullptr && *state != json::value("open");
}

// What says how old an entry is; an entry without it is younger than all that have one, since of
// those that have it is known.
std::string_view age_of(const json::value& one, field_type type) {
  const json::object* members = one.if_object();
  const json::value* when =
      members == nullptr ? nullptr : members->if_contains(type == field_type::task ? "due" : "at");
  return when == nullptr || !when->is_string() ? "~" : std::string_view(when->get_string());
}

// A log without an end in a field that has one: its oldest entries go, by their time, and of tasks
// those that are done or dropped, by the day on which they were due; of equals the first in the
// list. What this edit adds stays. False: there is nothing that may go.
bool drop_oldest(json::array& list, field_type type, const json::value* added) {
  auto oldest = list.end();
  for (auto at = list.begin(); at != list.end(); ++at) {
    if (type == field_type::task && !is_finished(*at)) continue;
    if (added != nullptr && added->is_array() &&
        std::find(added->get_array().begin(), added->get_array().end(), *at) !=
            added->get_array().end()) {
      continue;
    }
    if (oldest == list.end() || age_of(*at, type) < age_of(*oldest, type)) oldest = at;
  }
  if (oldest == list.end()) return false;
  list.erase(oldest);
  return true;
}

// Whether anything was dropped.
bool drop_from(json::value& known, const json::value& texts) {
  json::array* list = known.if_array();
  if (list == nullptr || !texts.is_array()) return false;
  const std::size_t before = list->size();
  for (const json::value& text : texts.get_array()) {
    list->erase(std::remove_if(list->begin(), list->end(),
                               [&](const json::value& one) { return says(one, text); }),
                list->end());
  }
  return list->size() != before;
}

// The letters of a text one by one, folded.
class folded_letters {
 public:
  explicit folded_letters(std::string_view text) : text_(text) {}

  /// 0: there is none any more.
  char32_t next() {
    for (;;) {
      while (at_ < now_.letters.size()) {
        if (const char32_t letter = now_.letters[at_++]; letter != 0) return letter;
      }
      if (text_.empty()) return 0;
      const code_point one = code_point_at(text_, 0);
      now_ = one.size == 0 ? unicode::folded{{U'\xFFFD', 0}} : unicode::fold(one.value);
      at_ = 0;
      text_.remove_prefix(std::max<std::size_t>(one.size, 1));
    }
  }

 private:
  std::string_view text_;
  unicode::folded now_{};
  std::size_t at_ = now_.letters.size();
};

class editor {
 public:
  editor(session& in, const customer_id& id, const kept_purposes& purposes, std::string& where)
      : in_(in), id_(id), purposes_(purposes), where_(where) {}

  result<edited> run(std::string_view text) {
    if (auto read = take(text); !read) return read.error();
    if (auto begun = in_.begin(); !begun) return begun.error();
    const auto done = apply();
    if (!done) {
      in_.rollback();
      if (done.error().code == errc::no_basis || done.error().code == errc::denied) {
        if (auto noted = note_age(); !noted) return noted.error();
      }
      return done;
    }
    if (auto kept = in_.commit(); !kept) return kept.error();
    return done;
  }

  result<edited> run_within(std::string_view text) {
    if (auto read = take(text); !read) return read.error();
    return apply();
  }

 private:
  result<void> take(std::string_view text) {
    if (text.size() > most_bytes) {
      return error{errc::limit_exceeded, "the JSON text is longer than it may be", most_bytes};
    }
    const auto tree = exchange::read_json(text, wiped_memory());
    if (!tree) return tree.error();
    tree_ = *tree;
    return take(tree_);
  }

  // What is wrong with the edit itself, told by its own pointers.
  result<void> take(const json::value& tree) {
    json_failure failure;
    const json_node root(&tree, {}, failure);
    root.only({"add", "drop", "change", "set", "remove", "make_room"});
    for (const auto& [part, to] : {std::pair{"set", &set_}, std::pair{"add", &add_}}) {
      if (failure.happened() || root.member(part).value() == nullptr) continue;
      *to = root.member(part).value();
      std::string below;
      const auto good = record_from_json(written(**to), in_.fields(), &below);
      if (good) continue;
      where_ = "/" + std::string(part) + below;
      return good.error();
    }
    if (const json::value* all = root.member("drop").value()) {
      drop_ = all;
      if (!all->is_object()) root.member("drop").fail({errc::wrong_type, "want an object"});
      for (std::size_t i = 0; !failure.happened() && i < all->get_object().size(); ++i) {
        const std::string_view key = (all->get_object().begin() + i)->key();
        const json_node texts = root.member("drop").member(key);
        const std::size_t count = texts.size(256);
        for (std::size_t k = 0; k < count; ++k) texts.at(k).text();
        if (!in_.fields().find(key)) texts.fail({errc::unknown_field, "no such field"});
      }
    }
    take_changes(root.member("change"));
    make_room_ = root.member("make_room").boolean(false);
    const json_node gone = root.member("remove");
    for (std::size_t i = 0; i < gone.size(max_fields); ++i) {
      remove_.add(gone.at(i).found([&](std::string_view key) -> result<field_id> {
        const auto known = in_.fields().find(key);
        if (!known) return error{errc::unknown_field, "no such field"};
        return known->number;
      }));
    }
    if (failure.happened()) {
      where_ = failure.where;
      return failure.what;
    }
    if (set_ == nullptr && add_ == nullptr && drop_ == nullptr && change_ == nullptr &&
        remove_.empty()) {
      return error{errc::missing_field, "say what to add, drop, change, set or remove"};
    }
    return {};
  }

  void take_changes(const json_node& all) {
    if (!all.there()) return;
    change_ = all.value();
    if (!all.is_object()) return all.fail({errc::wrong_type, "want an object"});
    for (const auto& member : all.value()->get_object()) {
      const json_node list = all.member(member.key());
      const auto field = in_.fields().find(member.key());
      if (!field) return list.fail({errc::unknown_field, "no such field"});
      if (field->count != cardinality::many) {
        return list.fail({errc::wrong_type, "what is no list is changed by add or set"});
      }
      const std::size_t count = list.size(limits::elements);
      for (std::size_t i = 0; i < count; ++i) {
        list.at(i).only({"seen", "to"});
        for (const std::string_view part : {"seen", "to"}) {
          const json_node one = list.at(i).member(part);
          if (!one.there()) one.fail({errc::missing_field, "want seen and to"});
        }
      }
    }
  }

  // A birth date of an edit that is refused makes no adult all the same.
  result<void> note_age() {
    for (const json::value* part : {set_, add_}) {
      if (part == nullptr) continue;
      const auto told = record_from_json(written(*part), in_.fields());
      const auto born = told ? told->view().birth_date() : result<date>(told.error());
      if (!born) continue;
      const auto noted = in_.note_birth_date(id_, *born);
      if (!noted && noted.error().code != errc::invalid_value) return noted;
    }
    return {};
  }

  // The field as one of the purposes shows it; empty: it is absent.
  result<wiped_text> known(field_id field) {
    // Of purposes that nobody named, those count that this role has.
    std::optional<error> not_ours;
    std::size_t asked = 0;
    for (const purpose_id each : purposes_to_look_under(in_, id_, field, purposes_)) {
      if (auto read = in_.read_into(seen_, id_, each, only(field)); !read) {
        const errc code = read.error().code;
        if (purposes_.named() || (code != errc::role_denied && code != errc::case_required)) {
          return read.error();
        }
        not_ours = read.error();
        continue;
      }
      ++asked;
      if (seen_.state(field) == field_state::shown && seen_.left_out(field) == 0) {
        return record_to_json(seen_.record(), in_.fields());
      }
      // What is not there is so for every purpose.
      if (seen_.state(field) == field_state::absent) return wiped_text();
    }
    if (asked == 0 && not_ours) return *not_ours;
    const auto why = in_.why_not_kept(id_, field, purposes_);
    if (!why) return why.error();
    if (*why != decision_code::none) {
      return error{errc::no_basis, "neither the customer nor the law permits to keep this field",
                   field.value};
    }
    return error{
        errc::denied,
        "no purpose of these shows the whole field as it is: set it whole, or name one that does",
        field.value};
  }

  // Tree of what is there already, by the keys of the fields that are completed or cut.
  result<void> look_at(const json::value* part, json::object& to) {
    if (part == nullptr) return {};
    for (const auto& member : part->get_object()) {
      const auto field = in_.fields().find(member.key());
      if (!field) {
        return error{errc::unknown_field, "what has a number and no name can only be set whole"};
      }
      if (to.contains(member.key())) continue;
      const auto text = known(field->number);
      if (!text) return text.error();
      json::value is(field->count == cardinality::many ? json::value(json::array())
                                                       : json::value(nullptr));
      if (!text->empty()) is = json::parse(*text, wiped_memory()).at(member.key());
      to[member.key()] = is;
    }
    return {};
  }

  result<edited> apply() {
    json::value whole = json::object(wiped_memory());
    json::object& fields = whole.get_object();
    if (auto seen = look_at(add_, fields); !seen) return seen.error();
    if (auto seen = look_at(drop_, fields); !seen) return seen.error();
    if (auto seen = look_at(change_, fields); !seen) return seen.error();
    if (drop_ != nullptr) {
      for (const auto& member : drop_->get_object()) {
        if (drop_from(fields[member.key()], member.value())) continue;
        return error{errc::not_found, "the field has nothing that says this",
                     in_.fields().find(member.key())->number.value};
      }
    }
    if (auto changed = apply_changes(fields); !changed) return changed.error();
    if (add_ != nullptr) {
      for (const auto& member : add_->get_object()) add_to(fields[member.key()], member.value());
    }
    if (set_ != nullptr) {
      for (const auto& member : set_->get_object()) {
        if (fields.contains(member.key())) {
          return error{errc::already_exists, "a field is set whole or in parts, not both"};
        }
        fields[member.key()] = member.value();
      }
    }
    return write(fields, whole);
  }

  result<void> apply_changes(json::object& fields) {
    if (change_ == nullptr) return {};
    for (const auto& member : change_->get_object()) {
      for (const json::value& one : member.value().get_array()) {
        if (change_in(fields[member.key()], one.at("seen"), one.at("to"))) continue;
        return error{errc::not_found,
                     "the field has nothing that is as it was seen: read it and say it again",
                     in_.fields().find(member.key())->number.value};
      }
    }
    return {};
  }

  // Of lists that grow for years, what is too much for one field.
  std::uint32_t make_room(json::object& fields) {
    std::uint32_t gone = 0;
    for (auto& member : fields) {
      json::array* list = member.value().if_array();
      const auto field = in_.fields().find(member.key());
      if (list == nullptr || !field) continue;
      if (field->type != field_type::contact && field->type != field_type::task) continue;
      const json::value* added =
          add_ == nullptr ? nullptr : add_->get_object().if_contains(member.key());
      // As JSON a list is longer than as CBOR.
      while ((list->size() > limits::elements || written(*list).size() > most_of_a_list) &&
             drop_oldest(*list, field->type, added)) {
        ++gone;
      }
    }
    return gone;
  }

  result<edited> write(json::object& fields, const json::value& whole) {
    edited out;
    if (make_room_) out.made_room = make_room(fields);
    field_set gone = remove_;
    for (auto at = fields.begin(); at != fields.end();) {
      const json::array* list = at->value().if_array();
      if (list != nullptr && list->empty()) {
        gone.add(in_.fields().find(at->key())->number);
        at = fields.erase(at);
      } else {
        ++at;
      }
    }
    const auto record = record_from_json(written(whole), in_.fields(), &where_);
    if (!record) return record.error();
    const auto news = changes(*record);
    if (!news) return news.error();
    if (!news->empty()) {
      if (auto done = in_.update(id_, *news, purposes_); !done) return done.error();
    }
    for (const field_value& one : *news) out.changed.add(one.id);
    for (const field_id field : gone) {
      if (auto done = in_.remove(id_, field, purposes_); !done) return done.error();
      out.removed.add(field);
    }
    if (out.changed.empty() && out.removed.empty()) {
      return error{errc::already_exists, "the record has all of this: nothing was changed"};
    }
    return out;
  }

  // Fields that are otherwise than what is seen of them.
  result<std::vector<field_value>> changes(const customer& record) {
    std::vector<field_value> out;
    for (const field_value& one : record.fields()) {
      if (!is_there(one)) out.push_back(one);
    }
    return out;
  }

  // Whether the field is seen, and is so.
  bool is_there(const field_value& one) {
    for (const purpose_id each : purposes_to_look_under(in_, id_, one.id, purposes_)) {
      if (!in_.read_into(seen_, id_, each, only(one.id))) continue;
      if (seen_.state(one.id) == field_state::absent) return false;
      if (seen_.state(one.id) != field_state::shown || seen_.left_out(one.id) != 0) continue;
      return std::ranges::equal(seen_.record().raw(one.id), one.value);
    }
    return false;
  }

  session& in_;
  const customer_id& id_;
  const kept_purposes& purposes_;
  std::string& where_;
  json::value tree_ =
      json::value(nullptr, wiped_memory());  ///< The edit; what follows points into it.
  view seen_;
  const json::value* set_ = nullptr;
  const json::value* add_ = nullptr;
  const json::value* drop_ = nullptr;
  const json::value* change_ = nullptr;
  bool make_room_ = false;
  field_set remove_;
};

}  // namespace

bool begins_as_typed(std::string_view text, std::string_view typed) noexcept {
  folded_letters there(text);
  folded_letters wanted(typed);
  bool any = false;
  while (const char32_t letter = wanted.next()) {
    if (there.next() != letter) return false;
    any = true;
  }
  return any;
}

std::vector<purpose_id> purposes_to_look_under(session& in, const customer_id& id, field_id field,
                                               const kept_purposes& purposes) {
  std::vector<purpose_id> out;
  if (purposes.named()) {
    purposes.all().for_each([&](purpose_id each) { out.push_back(each); });
    return out;
  }
  std::vector<purpose_id> others;
  in.purposes().for_each([&](purpose_id each) {
    const auto why = in.why_not_kept(id, field, each);
    if (why && *why != decision_code::none) return;
    (why ? out : others).push_back(each);
  });
  out.insert(out.end(), others.begin(), others.end());
  return out;
}

result<edited> edit_customer(session& in, const customer_id& id, std::string_view edit,
                             const kept_purposes& purposes, std::string& where) try {
  where.clear();
  return editor(in, id, purposes, where).run(edit);
} catch (const std::bad_alloc&) {
  in.rollback();
  return not_enough_memory;
}

result<edited> edit_customer_within(session& in, const customer_id& id, std::string_view edit,
                                    const kept_purposes& purposes, std::string& where) try {
  where.clear();
  return editor(in, id, purposes, where).run_within(edit);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
