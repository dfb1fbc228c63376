// Processes that take turns: every order of their calls on store and root cell, in turn.
//
// Each process is a thread, of which one runs at a time. At every call on a port it asks the
// schedule what happens: the call is done, it fails, the process dies before it, or another
// process goes on first. A schedule is the list of these choices; `next()` leads from one to
// the following until all within the budget were there. Nothing depends on time.
#ifndef CLIENTBOOK_TESTS_BOOK_INTERLEAVING_HPP
#define CLIENTBOOK_TESTS_BOOK_INTERLEAVING_HPP

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace clientbook::testing {

enum class call { begin_read, begin_write, commit, load, stage, promote, drop, slots };

/// What becomes of a call. `crash`: the process dies before it. The others return an error:
/// `full` and `lost` have done nothing, `landed` has done everything all the same.
enum class fate { done, crash, full, lost, landed };

/// One list of choices, and the way to the next.
class schedule {
 public:
  /// A number below `options`.
  std::size_t pick(std::size_t options) {
    if (at_ == picked_.size()) picked_.push_back({0, options});
    return picked_[at_++].first;
  }
  bool next() {
    while (!picked_.empty() && picked_.back().first + 1 == picked_.back().second) {
      picked_.pop_back();
    }
    if (picked_.empty()) return false;
    ++picked_.back().first;
    at_ = 0;
    return true;
  }

 private:
  std::vector<std::pair<std::size_t, std::size_t>> picked_;
  std::size_t at_ = 0;
};

class interleaving {
 public:
  /// `budget`: how many times a process that could go on makes room for another, or a call
  /// does not do what it should, both together.
  interleaving(schedule& choices, std::size_t budget) : choices_(choices), budget_(budget) {}

  /// Runs the processes to their ends.
  void run(std::span<const std::function<void()>> processes) {
    states_.assign(processes.size(), {});
    std::vector<std::thread> threads;
    for (std::size_t me = 0; me < processes.size(); ++me) {
      threads.emplace_back([&, me] {
        wait_for_turn(me);
        processes[me]();
        std::unique_lock lock(mutex_);
        states_[me].over = true;
        give_turn_to_any(me);
      });
    }
    {
      const std::unique_lock lock(mutex_);
      give_turn_to_any(processes.size());
    }
    for (std::thread& one : threads) one.join();
  }

  /// Asked by process `me` before a call. Fates that a call of this kind can have: given.
  fate at(std::size_t me, call what, std::span<const fate> failures) {
    std::unique_lock lock(mutex_);
    state& mine = states_[me];
    if (mine.dead) return fate::crash;
    mine.wants_lock = what == call::begin_write;
    std::vector<std::size_t> others;
    const bool blocked = !can_run(me);
    if (blocked || budget_ > 0) others = runnable(me);
    const std::size_t first_failure = blocked ? 0 : 1;
    const std::size_t failing = blocked || budget_ == 0 ? 0 : failures.size();
    std::size_t picked = choices_.pick(first_failure + failing + others.size());
    if (picked >= first_failure + failing) {
      if (!blocked) --budget_;
      turn_ = others[picked - first_failure - failing];
      turned_.notify_all();
      turned_.wait(lock, [&] { return turn_ == me; });
      // Who let this one go on could have chosen another: only the call itself is open.
      picked = choices_.pick(1 + (budget_ > 0 ? failures.size() : 0));
    } else if (blocked) {
      picked = 0;
    }
    mine.wants_lock = false;
    const fate happens = picked == 0 ? fate::done : failures[picked - 1];
    if (happens != fate::done) {
      --budget_;
      mine.failed = true;
      mine.dead = happens == fate::crash;
    }
    note(me, what, happens);
    return happens;
  }

  /// The write lock of the store. Precondition of take: at() said so.
  void take_lock(std::size_t me) { owner_ = me; }
  void release_lock(std::size_t me) {
    if (owner_ == me) owner_ = nobody;
  }
  bool lock_is_held_by(std::size_t me) const { return owner_ == me; }

  bool failed(std::size_t process) const { return states_[process].failed; }
  bool dead(std::size_t process) const { return states_[process].dead; }
  /// What happened, for people.
  const std::string& told() const { return told_; }

 private:
  static constexpr std::size_t nobody = ~std::size_t{0};
  struct state {
    bool over = false, wants_lock = false, dead = false, failed = false;
  };

  bool can_run(std::size_t process) const {
    return !states_[process].over && (!states_[process].wants_lock || owner_ == nobody);
  }
  std::vector<std::size_t> runnable(std::size_t but) const {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < states_.size(); ++i) {
      if (i != but && can_run(i)) out.push_back(i);
    }
    return out;
  }
  void give_turn_to_any(std::size_t me) {
    const std::vector<std::size_t> others = runnable(me);
    turn_ = others.empty() ? nobody : others[choices_.pick(others.size())];
    turned_.notify_all();
  }
  void wait_for_turn(std::size_t me) {
    std::unique_lock lock(mutex_);
    turned_.wait(lock, [&] { return turn_ == me; });
  }
  void note(std::size_t me, call what, fate happens) {
    static constexpr const char* calls[] = {"view",  "lock",    "commit", "load",
                                            "stage", "promote", "drop",   "slots"};
    static constexpr const char* fates[] = {"", " (dies)", " (full)", " (lost)", " (landed)"};
    told_ += static_cast<char>('A' + me);
    told_ += std::string(":") + calls[static_cast<int>(what)] + fates[static_cast<int>(happens)];
    told_ += ' ';
  }

  schedule& choices_;
  std::size_t budget_;
  std::mutex mutex_;
  std::condition_variable turned_;
  std::size_t turn_ = nobody;
  std::size_t owner_ = nobody;
  std::vector<state> states_;
  std::string told_;
};

}  // namespace clientbook::testing

#endif
