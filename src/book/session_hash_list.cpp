// Lists of hashes from outside: whom their rows are about.
//
// Hashes of the list cannot be turned into tokens of the book, nor the other way round: so every
// customer is looked at, once for all kinds of the list, and of each the fields are opened that the
// kinds are of. Nothing of them is kept and no field is shown.
#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "session_state.hpp"

namespace clientbook {
namespace {

constexpr std::size_t kinds_of_lists = 3;

field_set fields_of(hash_list_kind kind) noexcept {
  switch (kind) {
    case hash_list_kind::email:
      return only(field::emails);
    case hash_list_kind::phone:
      return only(field::phones);
    case hash_list_kind::name_birth_zip:
      return only(field::name) | only(field::birth_date) | only(field::addresses);
  }
  return {};
}

// Rows by kind and by what their hashes begin with, close together in memory. Whoever has made the
// list chooses the hashes: what they begin with finds rows that are then compared, and those of one
// beginning cost nobody anything whose hash begins otherwise.
class rows_by_hash {
 public:
  result<void> take(std::span<const listed_hash> rows) {
    rows_ = rows;
    std::array<std::size_t, kinds_of_lists> counts{};
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (name_of(rows[i].kind).empty()) {
        return error{errc::invalid_argument, "a row is of no kind of list", i};
      }
      ++counts[place_of(rows[i].kind)];
      fields_ |= fields_of(rows[i].kind);
    }
    for (std::size_t kind = 0; kind < kinds_of_lists; ++kind) {
      of_kind_[kind].sorted.reserve(counts[kind]);
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
      of_kind_[place_of(rows[i].kind)].sorted.push_back(
          {load_be<std::uint64_t>(rows[i].hash.data()), static_cast<std::uint32_t>(i)});
    }
    for (of_one_kind& one : of_kind_) one.sort();
    return {};
  }

  field_set fields() const noexcept { return fields_; }

  template <class Each>
  void find(hash_list_kind kind, const list_hash& hash, Each&& each) const {
    const auto begin = load_be<std::uint64_t>(hash.data());
    for (const entry& one : of_kind_[place_of(kind)].from(begin)) {
      if (one.begin != begin) break;
      if (std::memcmp(rows_[one.row].hash.data(), hash.data(), hash.size()) == 0) each(one.row);
    }
  }

 private:
  struct entry {
    std::uint64_t begin;
    std::uint32_t row;
  };
  struct of_one_kind {
    std::vector<entry, wiping_allocator<entry>> sorted;
    std::vector<std::uint32_t> begins;  // By the first 16 bits.

    void sort() {
      std::sort(sorted.begin(), sorted.end(), [](const entry& a, const entry& b) {
        return a.begin != b.begin ? a.begin < b.begin : a.row < b.row;
      });
      begins.assign((1U << 16U) + 1, 0);
      for (const entry& one : sorted) ++begins[(one.begin >> 48U) + 1];
      for (std::size_t i = 1; i < begins.size(); ++i) begins[i] += begins[i - 1];
    }
    std::span<const entry> from(std::uint64_t begin) const {
      const auto first = sorted.begin() + begins[begin >> 48U];
      const auto last = sorted.begin() + begins[(begin >> 48U) + 1];
      const auto at = std::lower_bound(
          first, last, begin, [](const entry& one, std::uint64_t to) { return one.begin < to; });
      return {at, last};
    }
  };
  static std::size_t place_of(hash_list_kind kind) noexcept {
    return static_cast<std::size_t>(kind) - 1;
  }

  std::span<const listed_hash> rows_;
  std::array<of_one_kind, kinds_of_lists> of_kind_;
  field_set fields_;
};

class matching {
 public:
  matching(session_state& s, const rows_by_hash& rows) noexcept : s_(s), rows_(rows) {}

  result<listed_customers> run() {
    for (customer_no number = first_customer; number < s_.core->row().next; ++number.value) {
      const auto own = s_.entry(number);
      if (!own && own.error().code == errc::key_erased) continue;
      if (!own) return own.error();
      // A record that does not open is no person of whom there is nothing: the list has no answer.
      const auto opened =
          s_.opener.record(opening::hash_list, number, **own, opened_, rows_.fields());
      if (!opened) return opened.error();
      if (auto done = look_at(number, *opened); !done) return done.error();
    }
    std::sort(found_.begin(), found_.end(), [](const auto& a, const auto& b) {
      return a.row != b.row ? a.row < b.row : a.place < b.place;
    });
    listed_customers out;
    out.reserve(found_.size());
    for (const auto& one : found_) {
      const about& whose = about_[one.place];
      out.push_back({one.row, s_.core->keys().ids->id(one.number), whose.held, whose.kept_by_law});
    }
    return out;
  }

 private:
  struct found {
    std::uint32_t row;
    std::uint32_t place;  // Among those whom any row is about, in the order of the book.
    customer_no number;
  };

  struct about {
    bool held;
    field_set kept_by_law;
  };

  result<void> look_at(customer_no number, std::span<const opened_field> record) {
    const std::size_t before = found_.size();
    const auto hashed = hash_all(number, record);
    if (!hashed || found_.size() == before) return hashed;
    // Two of their addresses may be one row's.
    const auto first = found_.begin() + static_cast<std::ptrdiff_t>(before);
    std::sort(first, found_.end(), [](const auto& a, const auto& b) { return a.row < b.row; });
    found_.erase(std::unique(first, found_.end(),
                             [](const auto& a, const auto& b) { return a.row == b.row; }),
                 found_.end());
    const auto free = s_.check_held(s_.core->keys().ids->id(number), 0);
    if (!free && free.error().code != errc::kept_by_law) return free;
    const auto kept = s_.kept_by_law_of(number);
    if (!kept) return kept.error();
    about_.push_back({!free, *kept});
    return {};
  }

  result<void> hash_all(customer_no number, std::span<const opened_field> record) {
    person_name name;
    date born;
    list_of<postal_address> addresses;
    for (const opened_field& one : record) {
      result<void> read;
      if (one.id == field::emails) {
        const auto all = list_of<email_address>::of(one.plaintext);
        if (!all) return all.error();
        for (const email_address& each : *all) {
          look_for(number, hash_list_kind::email, hash_of_email(each.address.reveal()));
        }
      } else if (one.id == field::phones) {
        const auto all = list_of<phone_number>::of(one.plaintext);
        if (!all) return all.error();
        for (const phone_number& each : *all) {
          look_for(number, hash_list_kind::phone, hash_of_phone(each.number.reveal()));
        }
      } else if (one.id == field::name) {
        read = decode_value(one.plaintext, name);
      } else if (one.id == field::birth_date) {
        read = decode_value(one.plaintext, born);
      } else if (one.id == field::addresses) {
        const auto all = list_of<postal_address>::of(one.plaintext);
        if (!all) return all.error();
        addresses = *all;
      }
      if (!read) return read;
    }
    for (const postal_address& each : addresses) {
      look_for(number, hash_list_kind::name_birth_zip,
               hash_of_person(name.given.reveal(), name.family.reveal(), born,
                              each.postal_code.reveal()));
    }
    return {};
  }

  void look_for(customer_no number, hash_list_kind kind, const std::optional<list_hash>& hash) {
    if (!hash) return;
    rows_.find(kind, *hash, [&](std::uint32_t row) {
      found_.push_back({row, static_cast<std::uint32_t>(about_.size()), number});
    });
  }

  session_state& s_;
  const rows_by_hash& rows_;
  std::array<opened_field, max_fields> opened_;
  std::vector<found, wiping_allocator<found>> found_;
  std::vector<about> about_;  // By place.
};

}  // namespace

// Written down before anything is told, as a list over everybody: nobody goes over a book unseen.
result<listed_customers> session::match_hash_list(std::span<const listed_hash> rows) try {
  session_state& s = *state_;
  if (rows.empty()) return error{errc::invalid_argument, "a list of hashes has no row"};
  if (rows.size() > max_listed_hashes) {
    return error{errc::limit_exceeded, "more rows than one call takes: take them in parts",
                 max_listed_hashes};
  }
  if (auto may = s.may_go_over_everybody(); !may) return may.error();
  rows_by_hash sorted;
  if (auto taken = sorted.take(rows); !taken) return taken.error();
  if (auto written = s.look_over_everybody(purpose::rights_fulfilment, sorted.fields()); !written) {
    return written.error();
  }
  if (auto again = s.look_again(); !again) return again.error();
  return matching(s, sorted).run();
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::note_list_answered() try {
  session_state& s = *state_;
  return s.change(action::open_case, [&]() -> result<void> {
    s.core->edit_row().list_answered_at = s.now().seconds;
    return {};
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
