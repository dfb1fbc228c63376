// Following the book, and asking what is in memory.
#include "search_index.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace clientbook {
namespace {

bool better(const search_candidates::one& a, const search_candidates::one& b) noexcept {
  return a.score != b.score ? a.score > b.score : a.number < b.number;
}

}  // namespace

void search_candidates::add(customer_no number, std::uint32_t score) {
  if (wanted_ != nullptr && !(*wanted_)(number)) return;
  ++matches;
  const one next{number, score};
  if (best_.size() == most_) {
    if (!better(next, best_.front())) return;
    std::pop_heap(best_.begin(), best_.end(), better);
    best_.pop_back();
  }
  best_.push_back(next);
  std::push_heap(best_.begin(), best_.end(), better);
}

std::vector<search_candidates::one> search_candidates::sorted() && {
  std::sort_heap(best_.begin(), best_.end(), better);
  return std::move(best_);
}

// --- in step ------------------------------------------------------------------------------------

search_index::law search_index::law_of(session_state& s) noexcept {
  const book_row& row = s.core->row();
  return {row.policy, row.registry_version, row.schema.value};
}

// A session that looked before another one brought it further finds it further: what it answers is
// held against the record.
bool search_index::in_step(session_state& s, timestamp now) const noexcept {
  return made_ && s.core->read().snapshot() <= snapshot_ && law_of(s) == law_ && now < next_end_;
}

result<std::uint64_t> search_index::follow(session_state& s) {
  const timestamp now = s.clock_now();
  {
    const std::shared_lock reading(lock_);
    if (in_step(s, now)) return std::uint64_t{0};
  }
  const std::unique_lock writing(lock_);
  if (in_step(s, now)) return std::uint64_t{0};
  try {
    const auto done = follow_now(s);
    wipe_room();
    if (!done) clear();
    return done;
  } catch (...) {
    wipe_room();
    clear();
    throw;
  }
}

// The last customer's text lies outside of the pages that no dump holds; a short one even where no
// allocator wipes.
void search_index::wipe_room() noexcept {
  room_.resize(room_.capacity());  // Also what a longer one has left behind.
  std::ranges::fill(room_, '\0');
  search::text().swap(room_);
}

result<std::uint64_t> search_index::follow_now(session_state& s) {
  if (made_ && law_of(s) != law_) clear();
  search_reader from(s, purpose_, reach::all, std::nullopt, text_source::index);
  const auto leaves = changed_leaves(s);
  if (!leaves) return leaves.error();
  const customer_no next = s.core->row().next;
  if (places_.size() < next.value) places_.resize(next.value, 0);
  make_room(next.value / block_size + 1);
  for (const std::uint64_t leaf : *leaves) {
    const std::uint64_t begin = std::max(leaf * key_tree::leaf_fan_out, first_customer.value);
    const std::uint64_t end = std::min((leaf + 1) * key_tree::leaf_fan_out, next.value);
    for (std::uint64_t number = begin; number < end; ++number) {
      if (auto done = refresh(from, customer_no(number)); !done) return done.error();
    }
  }
  if (from.now() >= next_end_) {
    std::vector<std::uint64_t> ended;
    for (const auto& [number, until] : until_) {
      if (until <= from.now()) ended.push_back(number);
    }
    for (const std::uint64_t number : ended) {
      if (auto done = refresh(from, customer_no(number)); !done) return done.error();
    }
    next_end_ = end_of_time;
    for (const auto& [number, until] : until_) next_end_ = std::min(next_end_, until);
  }
  if (texts_.dropped() > texts_.kept() + (std::size_t{1} << 20)) compact();
  write_rows();
  snapshot_ = s.core->read().snapshot();
  law_ = law_of(s);
  made_ = true;
  return from.scanned();
}

result<std::vector<std::uint64_t>> search_index::changed_leaves(session_state& s) {
  std::vector<std::uint64_t> out;
  const std::uint64_t leaves = s.core->row().next.value / key_tree::leaf_fan_out + 1;
  const auto walked =
      s.core->tree().walk([&](unsigned level, std::uint64_t index, std::uint64_t version) {
        // What lies behind the customers are months of refusals.
        if (index >= (leaves >> (5U * level)) + 1) return false;
        std::vector<std::uint64_t>& seen = versions_[level];
        if (seen.size() <= index) seen.resize(index + 1, 0);
        if (seen[index] == version) return false;
        seen[index] = version;
        if (level == 0) out.push_back(index);
        return true;
      });
  if (!walked) return walked.error();
  return out;
}

result<void> search_index::refresh(search_reader& from, customer_no number) {
  if (auto may = from.may_go_on(); !may) return may;
  timestamp until = end_of_time;
  const auto read = from.read(number, room_, until);
  unreadable_.erase(number.value);
  if (!read) {
    if (!is_damage(read.error().code)) return read;
    unreadable_.insert(number.value);
    room_.assign(1, search::end_of_text);
  }
  if (until == end_of_time) {
    until_.erase(number.value);
  } else {
    until_[number.value] = until;
    next_end_ = std::min(next_end_, until);
  }
  keep(number, room_);
  return {};
}

void search_index::keep(customer_no number, std::string_view text) {
  std::uint32_t& place = places_[number.value];
  if (place != 0) {
    const std::string_view from = texts_.from(place);
    const std::string_view before = from.substr(0, from.find(search::end_of_text) + 1);
    if (before == text) return;
    texts_.drop(place, before.size());
    place = 0;
  }
  if (text.size() <= 1) return;
  place = texts_.keep(text);
  set_rows(number, text);
}

// Rows are never taken back: what they say too much is compared in vain, until compact(). A text
// sets some hundred of them that lie far apart: those of 2,048 customers are gathered before.
void search_index::set_rows(customer_no number, std::string_view text) {
  row_room_.clear();
  search::rows_of(text, row_room_);
  const std::size_t block = number.value / block_size;
  if (block / 64 != word_at_) write_rows();
  word_at_ = block / 64;
  if (word_.bytes().empty()) {
    word_ = private_pages(search::signature_rows * sizeof(std::uint64_t));
  }
  auto* bits = reinterpret_cast<std::uint64_t*>(word_.bytes().data());
  for (const std::uint32_t row : row_room_) bits[row] |= std::uint64_t{1} << (block % 64);
}

void search_index::write_rows() noexcept {
  if (word_.bytes().empty()) return;
  auto* from = reinterpret_cast<std::uint64_t*>(word_.bytes().data());
  auto* to = reinterpret_cast<std::uint64_t*>(rows_.bytes().data());
  for (std::size_t row = 0; row < search::signature_rows; ++row) {
    if (from[row] != 0) to[row * words_ + word_at_] |= std::exchange(from[row], 0);
  }
}

void search_index::make_room(std::size_t blocks) {
  const std::size_t wanted = (blocks + 63) / 64;
  if (wanted <= words_) return;
  const std::size_t words = words_ == 0 ? wanted : std::max(wanted, words_ + words_ / 2);
  private_pages wider(search::signature_rows * words * sizeof(std::uint64_t));
  const auto* from = reinterpret_cast<const std::uint64_t*>(rows_.bytes().data());
  auto* to = reinterpret_cast<std::uint64_t*>(wider.bytes().data());
  for (std::size_t row = 0; row < search::signature_rows && words_ != 0; ++row) {
    std::copy_n(from + row * words_, words_, to + row * words);
  }
  rows_ = std::move(wider);
  words_ = words;
}

void search_index::compact() {
  write_rows();
  private_texts kept;
  private_pages fresh(search::signature_rows * words_ * sizeof(std::uint64_t));
  std::swap(rows_, fresh);
  for (std::uint64_t number = 0; number < places_.size(); ++number) {
    if (places_[number] == 0) continue;
    const std::string_view from = texts_.from(places_[number]);
    const std::string_view text = from.substr(0, from.find(search::end_of_text) + 1);
    places_[number] = kept.keep(text);
    set_rows(customer_no(number), text);
  }
  texts_ = std::move(kept);
}

void search_index::clear() {
  made_ = false;
  for (auto& level : versions_) level.clear();
  texts_ = private_texts();
  places_.clear();
  rows_ = private_pages();
  word_ = private_pages();
  words_ = 0;
  until_.clear();
  next_end_ = end_of_time;
  unreadable_.clear();
}

// --- asking -------------------------------------------------------------------------------------

void search_index::and_blocks(const search::alternatives& word,
                              std::vector<std::uint64_t>& to) const {
  if (word.empty()) return;
  const auto* bits = reinterpret_cast<const std::uint64_t*>(rows_.bytes().data());
  std::vector<std::uint64_t> any(words_, 0);
  std::vector<std::uint64_t> all(words_);
  for (const std::vector<std::uint32_t>& rows : word) {
    std::fill(all.begin(), all.end(), ~std::uint64_t{0});
    for (const std::uint32_t row : rows) {
      const std::uint64_t* from = bits + row * words_;
      for (std::size_t i = 0; i < words_; ++i) all[i] &= from[i];
    }
    for (std::size_t i = 0; i < words_; ++i) any[i] |= all[i];
  }
  for (std::size_t i = 0; i < words_; ++i) to[i] &= any[i];
}

void search_index::find_in(std::size_t block, const search::question& what,
                           search_candidates& to) const {
  const std::size_t end = std::min((block + 1) * block_size, places_.size());
  for (std::size_t number = block * block_size; number < end; ++number) {
    if (places_[number] == 0) continue;
    const search::match found = what.matches(texts_.from(places_[number]), false);
    if (found.score != 0) to.add(customer_no(number), found.score);
  }
}

// Most are passed over by their name alone.
void search_index::find_nearly_in(std::size_t block, bool plain, const search::question& what,
                                  search_candidates& to) const {
  const std::size_t end = std::min((block + 1) * block_size, places_.size());
  for (std::size_t number = block * block_size; number < end; ++number) {
    if (places_[number] == 0) continue;
    const std::string_view text = texts_.from(places_[number]);
    if (!plain && !what.may_be_nearly(text)) continue;
    const search::match found = what.matches(text, true);
    if (found.score != 0) to.add(customer_no(number), found.score);
  }
}

std::vector<std::uint64_t> search_index::blocks_of(const search::question& what,
                                                   bool nearly) const {
  std::vector<std::uint64_t> out(words_, ~std::uint64_t{0});
  for (const search::alternatives& word : what.rows(nearly)) and_blocks(word, out);
  return out;
}

void search_index::find(const search::question& what, bool nearly, search_candidates& to) const {
  const std::shared_lock reading(lock_);
  const std::vector<std::uint64_t> plain = blocks_of(what, false);
  const std::vector<std::uint64_t> blocks = nearly ? blocks_of(what, true) : plain;
  const std::size_t last = places_.size() / block_size;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    for (std::uint64_t left = blocks[i]; left != 0; left &= left - 1) {
      const auto bit = static_cast<std::size_t>(std::countr_zero(left));
      const std::size_t block = i * 64 + bit;
      if (block > last) continue;
      if (nearly) {
        find_nearly_in(block, ((plain[i] >> bit) & 1) != 0, what, to);
      } else {
        find_in(block, what, to);
      }
    }
  }
}

std::uint64_t search_index::unreadable() const {
  const std::shared_lock reading(lock_);
  return unreadable_.size();
}

std::size_t search_index::bytes() const {
  const std::shared_lock reading(lock_);
  std::size_t out = texts_.kept() + texts_.dropped() + rows_.bytes().size() +
                    places_.capacity() * sizeof(std::uint32_t) + until_.size() * 48;
  for (const auto& level : versions_) out += level.capacity() * sizeof(std::uint64_t);
  return out;
}

std::shared_ptr<search_index> search_memory::of(purpose_id purpose) {
  const std::scoped_lock lock(lock_);
  auto at =
      std::find_if(all_.begin(), all_.end(), [&](const auto& one) { return one.first == purpose; });
  if (at == all_.end()) {
    if (all_.size() == most) all_.erase(all_.begin());
    all_.emplace_back(purpose, std::make_shared<search_index>(purpose));
    at = all_.end() - 1;
  }
  std::rotate(at, at + 1, all_.end());
  return all_.back().second;
}

}  // namespace clientbook
