// What a purpose may search by, folded in memory: a text for each customer, and a signature that
// says which of them are worth reading.
//
// It holds what the purpose may search by and nothing else, so that a question takes the same way
// whether a value is not there or not permitted. It follows the book by the versions of the key
// tree's nodes: whatever anybody changes about a customer gives the nodes above a new version, and
// only the leaves that changed are read again. Decisions that end by themselves are made anew when
// their time comes; a change of the law, of parties or of the schema begins it anew.
//
// The signature: for every 32 customers one bit in each row that a text of theirs sets (parts of
// words, see rows_of()). A question names rows that must all be set; what is left is compared.
//
// Thread safety: shared by the sessions of a book; locks itself.
#ifndef CLIENTBOOK_BOOK_SEARCH_INDEX_HPP
#define CLIENTBOOK_BOOK_SEARCH_INDEX_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/base/time.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

#include "private_pages.hpp"
#include "search_reader.hpp"
#include "search_text.hpp"

namespace clientbook {

/// The best of those who answer, and how many they are.
struct search_candidates {
  struct one {
    customer_no number{};
    std::uint32_t score = 0;
  };
  /// `wanted`: nobody else is a candidate, nor counted; none: everybody. Borrowed.
  explicit search_candidates(std::size_t most,
                             const callback_ref<bool(customer_no)>* wanted = nullptr)
      : most_(most), wanted_(wanted) {}
  void add(customer_no number, std::uint32_t score);
  /// Best first, of equals the one who came first.
  std::vector<one> sorted() &&;
  std::uint64_t matches = 0;

 private:
  std::size_t most_;
  const callback_ref<bool(customer_no)>* wanted_;
  std::vector<one> best_;
};

// One purpose's index, made and followed under the lock by whichever session asks first. It is
// in step with one commit, or empty: a question never meets half of a change, in whatever order
// sessions ask and write.
class search_index {
 public:
  explicit search_index(purpose_id purpose) : purpose_(purpose) {}

  /// Brings it in step with what the session sees; returns of how many customers no index said
  /// anything for that. On error it is empty, and made anew when asked for next. Precondition: the
  /// session looked, and is not changing the book.
  result<std::uint64_t> follow(session_state& s);
  /// Precondition: follow().
  void find(const search::question& what, bool nearly, search_candidates& to) const;
  std::uint64_t unreadable() const;
  /// Bytes held; for figures.
  std::size_t bytes() const;

 private:
  struct law {
    std::uint32_t policy = 0;
    std::uint32_t registry = 0;
    std::uint32_t schema = 0;
    friend bool operator==(const law&, const law&) = default;
  };
  static law law_of(session_state& s) noexcept;

  bool in_step(session_state& s, timestamp now) const noexcept;
  result<std::uint64_t> follow_now(session_state& s);
  result<std::vector<std::uint64_t>> changed_leaves(session_state& s);
  result<void> refresh(search_reader& from, customer_no number);
  void keep(customer_no number, std::string_view text);
  void set_rows(customer_no number, std::string_view text);
  void write_rows() noexcept;
  void make_room(std::size_t blocks);
  void compact();
  void clear();
  void wipe_room() noexcept;
  std::vector<std::uint64_t> blocks_of(const search::question& what, bool nearly) const;
  void find_in(std::size_t block, const search::question& what, search_candidates& to) const;
  /// `plain`: somebody in it may answer without an error.
  void find_nearly_in(std::size_t block, bool plain, const search::question& what,
                      search_candidates& to) const;
  /// Blocks in which a word may be answered; all ones where anywhere.
  void and_blocks(const search::alternatives& word, std::vector<std::uint64_t>& to) const;

  static constexpr std::size_t block_size = 32;  ///< Customers of one bit.

  const purpose_id purpose_;
  mutable std::shared_mutex lock_;
  bool made_ = false;
  std::uint64_t snapshot_ = 0;
  law law_;
  std::array<std::vector<std::uint64_t>, key_tree::root_level> versions_;  ///< Of nodes, by level.
  private_texts texts_;
  std::vector<std::uint32_t> places_;                   ///< By customer number; 0: none.
  private_pages rows_;                                  ///< signature_rows times words_.
  std::size_t words_ = 0;                               ///< Of 64 blocks, for each row.
  private_pages word_;                                  ///< Of each row one word, to be written.
  std::size_t word_at_ = 0;                             ///< Which.
  std::unordered_map<std::uint64_t, timestamp> until_;  ///< Of decisions that end by themselves.
  timestamp next_end_ = end_of_time;
  std::set<std::uint64_t> unreadable_;
  search::text room_;
  std::vector<std::uint32_t> row_room_;
};

/// Those of a book, by purpose; the one that was used longest ago goes when there are too many.
class search_memory {
 public:
  std::shared_ptr<search_index> of(purpose_id purpose);

 private:
  static constexpr std::size_t most = 4;
  std::mutex lock_;
  std::vector<std::pair<purpose_id, std::shared_ptr<search_index>>> all_;
};

}  // namespace clientbook

#endif
