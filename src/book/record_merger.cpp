// Two records become one. Lists are united element by element, contact points by what they reach
// whatever their spelling; of everything else one value stays.
#include "record_merger.hpp"

#include <clientbook/internal/model/cbor.hpp>
#include <clientbook/model/validate.hpp>

#include <algorithm>
#include <array>

#include "contact_points.hpp"

namespace clientbook {
namespace {

using elements = std::vector<byte_view>;

result<elements> elements_of(byte_view list) {
  elements out;
  if (list.empty()) return out;
  cbor::reader from(list);
  const std::size_t count = from.array();
  for (std::size_t i = 0; i < count && !from.failed(); ++i) out.push_back(from.item());
  if (auto done = from.finish(); !done) return done.error();
  return out;
}

bool has(const elements& all, byte_view one) {
  return std::ranges::any_of(all, [&](byte_view each) { return std::ranges::equal(each, one); });
}

result<wiped_bytes> list_of_elements(const elements& all) {
  std::size_t size = 9;
  for (const byte_view one : all) size += one.size();
  wiped_bytes out(size);
  cbor::writer to(out);
  to.array(all.size());
  for (const byte_view one : all) to.item(one);
  const auto done = to.finish();
  if (!done) return done.error();
  const std::size_t used = done->size();
  out.resize(used);
  return out;
}

// Which elements of the other's list the one who stays has already.
class known_elements {
 public:
  static result<known_elements> make(const two_records& of, field_id field, byte_view mine,
                                     byte_view theirs) {
    known_elements out;
    auto own = elements_of(mine);
    if (!own) return own.error();
    out.mine_ = std::move(*own);
    if (!with_contact_points.has(field)) return out;
    auto points = contact_points_of(of.contact_key, field, mine);
    if (!points) return points.error();
    auto others = contact_points_of(of.contact_key, field, theirs);
    if (!others) return others.error();
    out.points_ = std::move(*points);
    out.others_ = std::move(*others);
    return out;
  }

  bool has(byte_view element, std::size_t place) const {
    if (clientbook::has(mine_, element)) return true;
    if (place >= others_.size() || others_[place].token == contact_point{}.token) return false;
    return std::ranges::find(points_, others_[place]) != points_.end();
  }
  const elements& mine() const noexcept { return mine_; }

 private:
  elements mine_;
  std::vector<contact_point> points_;
  std::vector<contact_point> others_;
};

class merger {
 public:
  merger(const two_records& of, field_set take) : of_(of), take_(take) {}

  result<merge_plan> run() {
    if (const auto named = check_take(); !named) return named.error();
    for (const field_value& theirs : of_.goes) {
      if (theirs.id == field::household) continue;
      if (auto done = take_one(theirs, value_of(of_.stays, theirs.id)); !done) return done.error();
    }
    if (auto linked = join_household(); !linked) return linked.error();
    std::ranges::sort(out_.fields, {}, &merged_field::field);
    return std::move(out_);
  }

 private:
  static byte_view value_of(std::span<const field_value> record, field_id field) {
    const auto at = std::ranges::find(record, field, &field_value::id);
    return at == record.end() ? byte_view() : at->value;
  }

  result<void> check_take() const {
    if (take_.has(field::external_ids)) {
      return error{errc::invalid_argument, "ids of both are always united: there is none to take",
                   field::external_ids.value};
    }
    for (const field_id field : take_) {
      if (!value_of(of_.goes, field).empty()) continue;
      return error{errc::invalid_argument, "the one who goes has no such field to take",
                   field.value};
    }
    return {};
  }

  bool is_list(field_id field) const {
    const auto known = of_.fields.find(field);
    return known && known->count != cardinality::one;
  }

  result<void> take_one(const field_value& theirs, byte_view mine) {
    merged_field told{.field = theirs.id};
    if (std::ranges::equal(mine, theirs.value)) {
      out_.fields.push_back(told);
      return {};
    }
    if (mine.empty() || take_.has(theirs.id)) {
      told.fate = mine.empty() ? merge_fate::added : merge_fate::taken;
      const auto all =
          is_list(theirs.id) ? elements_of(theirs.value) : result<elements>(elements());
      if (!all) return all.error();
      told.added = static_cast<std::uint32_t>(all->size());
      return change(told, theirs.value);
    }
    if (is_list(theirs.id)) return unite(told, theirs, mine);
    told.fate = merge_fate::stays;
    out_.fields.push_back(told);
    return {};
  }

  result<void> change(const merged_field& told, byte_view value) {
    out_.fields.push_back(told);
    return out_.changes.set_raw(told.field, value);
  }

  result<void> unite(merged_field told, const field_value& theirs, byte_view mine) {
    const auto known = known_elements::make(of_, theirs.id, mine, theirs.value);
    if (!known) return known.error();
    const auto others = elements_of(theirs.value);
    if (!others) return others.error();
    elements all = known->mine();
    for (std::size_t i = 0; i < others->size(); ++i) {
      if (known->has((*others)[i], i)) {
        ++told.alike;
      } else {
        all.push_back((*others)[i]);
        ++told.added;
      }
    }
    if (told.added == 0) {
      out_.fields.push_back(told);
      return {};
    }
    if (all.size() > limits::elements) {
      return error{errc::limit_exceeded,
                   "the two have more than 256 of that together: take some out before",
                   theirs.id.value};
    }
    told.fate = merge_fate::united;
    const auto list = list_of_elements(all);
    if (!list) return list.error();
    return change(told, *list);
  }

  // Nobody is of their own household: who linked the other links them no more.
  result<void> join_household() {
    const byte_view mine = value_of(of_.stays, field::household);
    const byte_view theirs = value_of(of_.goes, field::household);
    if (mine.empty() && theirs.empty()) return {};
    merged_field told{.field = field::household};
    const bool takes = take_.has(field::household);
    elements all;
    std::size_t before = 0;
    for (const byte_view list : {takes ? byte_view() : mine, theirs}) {
      const auto links = elements_of(list);
      const auto read = list_of<household_link>::of(list.empty() ? byte_view(empty_list) : list);
      if (!links || !read) return links ? read.error() : links.error();
      std::size_t i = 0;
      for (const household_link& link : *read) {
        const byte_view element = (*links)[i++];
        const bool of_the_two =
            link.customer && (*link.customer == of_.stays_id || *link.customer == of_.goes_id);
        if (!of_the_two && !has(all, element)) all.push_back(element);
      }
      if (list.data() == mine.data()) before = all.size();
    }
    told.added = static_cast<std::uint32_t>(all.size() - before);
    const auto list = list_of_elements(all);
    if (!list) return list.error();
    if (all.size() > limits::elements) {
      return error{errc::limit_exceeded,
                   "the two have more than 256 of that together: take some out before",
                   told.field.value};
    }
    if (all.empty() && !mine.empty()) out_.emptied.add(field::household);
    if (all.empty() || std::ranges::equal(*list, mine)) {
      if (!theirs.empty()) out_.fields.push_back(told);
      return {};
    }
    told.fate = mine.empty() ? merge_fate::added : takes ? merge_fate::taken : merge_fate::united;
    return change(told, *list);
  }

  static constexpr std::array<std::byte, 1> empty_list{std::byte{0x80}};

  const two_records& of_;
  field_set take_;
  merge_plan out_;
};

}  // namespace

std::string_view name_of(merge_fate fate) noexcept {
  switch (fate) {
    case merge_fate::same:
      return "same";
    case merge_fate::stays:
      return "stays";
    case merge_fate::taken:
      return "taken";
    case merge_fate::added:
      return "added";
    case merge_fate::united:
      return "united";
    case merge_fate::left_out:
      return "left_out";
  }
  return {};
}

result<merge_plan> plan_merge(const two_records& of, field_set take) {
  return merger(of, take).run();
}

result<wiped_bytes> list_without(byte_view now, byte_view taken, byte_view before) {
  const auto all = elements_of(now);
  const auto came = elements_of(taken);
  const auto own = elements_of(before);
  if (!all || !came || !own) return !all ? all.error() : !came ? came.error() : own.error();
  elements left;
  for (const byte_view one : *all) {
    if (!has(*came, one) || has(*own, one)) left.push_back(one);
  }
  if (left.empty()) return wiped_bytes();
  return list_of_elements(left);
}

}  // namespace clientbook
