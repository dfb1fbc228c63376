// Joins the names of a text to what was found in it. A find that has proof keeps its place; of a
// name that it cuts the rest is hidden too.
#include <clientbook/forms/people_finder.hpp>

#include <clientbook/internal/base/out_of_memory.hpp>

#include <algorithm>

#include "names.hpp"

namespace clientbook {
namespace {

bool between_characters(std::string_view text, std::size_t at) {
  return at == text.size() || (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U;
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

class joined_finds {
 public:
  joined_finds(std::string_view text, std::span<text_entity> room, std::size_t count)
      : text_(text), room_(room), count_(count) {}

  // What of a name nothing else covers, without spaces around it.
  bool add(std::size_t begin, std::size_t end, scan_rule rule, std::uint8_t score,
           entity_type type = entity_type::person_name) {
    for (std::size_t i = 0; i < count_ && begin < end; ++i) {
      const text_entity other = room_[i];
      if (other.end <= begin) continue;
      if (other.begin >= end) break;
      if (other.begin > begin) {
        if (!put(begin, other.begin, rule, score, type)) return false;
        ++i;  // The one that was put stands before it.
      }
      begin = other.end;
    }
    return begin >= end || put(begin, end, rule, score, type);
  }
  std::span<text_entity> all() const { return room_.first(count_); }

 private:
  bool put(std::size_t begin, std::size_t end, scan_rule rule, std::uint8_t score,
           entity_type type) {
    while (begin < end && is_space(text_[begin])) ++begin;
    while (begin < end && is_space(text_[end - 1])) --end;
    if (begin == end) return true;
    if (count_ == room_.size()) return false;
    std::size_t at = count_++;
    for (; at > 0 && room_[at - 1].begin > begin; --at) room_[at] = room_[at - 1];
    room_[at] = {begin, end, type, rule, score};
    return true;
  }

  std::string_view text_;
  std::span<text_entity> room_;
  std::size_t count_;
};

constexpr error no_room{errc::buffer_too_small, "the text holds more than there is room for"};
constexpr std::uint8_t model_score = 70;

struct of_model {
  std::string_view text;
  joined_finds& finds;
  bool good = true;
  bool fits = true;
};

}  // namespace

result<std::span<text_entity>> people_finder::find(std::string_view text,
                                                   const scan_options& options,
                                                   std::span<text_entity> out) const noexcept try {
  const auto found =
      beside_ != nullptr ? beside_->find(text, options, out) : scan(text, options, out);
  if (!found) return found;
  joined_finds finds(text, out, found->size());
  for (const forms::hit& one : forms::names_in(text)) {
    if (options.types.contains(one.as.type) &&
        !finds.add(one.begin, one.end, one.as.rule, one.as.score, one.as.type)) {
      return no_room;
    }
  }
  if (!options.types.contains(entity_type::person_name)) return finds.all();
  if (model_.find == nullptr) return finds.all();
  of_model to{text, finds};
  const name_sink sink{
      [](void* into, std::size_t begin, std::size_t end) noexcept {
        of_model& it = *static_cast<of_model*>(into);
        it.good = it.good && begin < end && end <= it.text.size() &&
                  between_characters(it.text, begin) && between_characters(it.text, end);
        if (!it.good) return;
        it.fits = it.finds.add(begin, end, scan_rule::name_list, model_score) && it.fits;
      },
      &to};
  if (!model_.find(model_.context, text, sink) || !to.good) {
    return error{errc::invalid_argument, "the model for names could not look at the text"};
  }
  if (!to.fits) return no_room;
  return finds.all();
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
