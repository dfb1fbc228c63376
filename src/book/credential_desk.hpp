// Challenges that an opened book has drawn and nobody has answered yet, and wrong proofs that are
// not written down yet. Of one process: what was answered in another is unknown here, and so
// refused.
//
// Its lock is never held while the store's is waited for: a thread that has a transaction in one
// session may begin another.
#ifndef CLIENTBOOK_BOOK_CREDENTIAL_DESK_HPP
#define CLIENTBOOK_BOOK_CREDENTIAL_DESK_HPP

#include <clientbook/book/credential.hpp>

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "wrong_proofs.hpp"

namespace clientbook {

class credential_desk {
 public:
  static constexpr std::size_t most_waiting = 1024;  ///< Beyond it the oldest one goes.

  std::mutex& lock() noexcept { return lock_; }

  /// Precondition of these: the lock is held.
  void wait_for(const credential_challenge& drawn, timestamp at) {
    if (waiting_.size() >= most_waiting) waiting_.erase(waiting_.begin());
    waiting_.push_back({.drawn = drawn, .at = at});
  }
  /// Takes it, whatever becomes of the answer: none is answered twice.
  std::optional<credential_challenge> take(const std::array<std::byte, 32>& drawn, const actor& who,
                                           timestamp at) {
    const auto found =
        std::ranges::find_if(waiting_, [&](const one& held) { return held.drawn.drawn == drawn; });
    if (found == waiting_.end()) return std::nullopt;
    const one held = *found;
    waiting_.erase(found);
    const std::int64_t ago = at.seconds - held.at.seconds;
    const bool theirs = held.drawn.who.id == who.id && held.drawn.who.role == who.role;
    if (!theirs || ago < 0 || ago > challenge_lasts_seconds) return std::nullopt;
    return held.drawn;
  }
  /// Wrong proofs of an actor that the book does not know of yet, within the last hour.
  std::uint32_t& unwritten(actor_id who, timestamp at) {
    wrong_proofs& theirs = unwritten_[who.value];
    theirs.add(0, at);
    return theirs.count;
  }

 private:
  struct one {
    credential_challenge drawn;
    timestamp at{};
  };
  std::mutex lock_;
  std::vector<one> waiting_;
  std::unordered_map<std::uint32_t, wrong_proofs> unwritten_;
};

}  // namespace clientbook

#endif
