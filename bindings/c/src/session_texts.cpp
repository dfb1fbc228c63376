// Sessions: what is hidden in texts beside what the library finds, and notes without others.
#include <clientbook/scanner/text_redactor.hpp>
#include <clientbook/transfer/view_json.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <string_view>
#include <vector>

#include "handles.hpp"
#include "session_text.hpp"
#include "text_out.hpp"

using namespace clientbook;
using namespace clientbook::c_abi;

namespace {

struct range {
  std::size_t begin = 0;
  std::size_t end = 0;
};

constexpr std::size_t most_ranges = 65'536;
constexpr std::size_t could_not_look = std::numeric_limits<std::size_t>::max();
constexpr error host_failed{errc::invalid_argument, "the host's finder could not look at a text"};

// Whether a place is between two code points of valid UTF-8.
bool is_between(std::string_view text, std::size_t place) noexcept {
  return place == text.size() || (static_cast<unsigned char>(text[place]) & 0xC0U) != 0x80U;
}

// A function of the host's beside scan(). What it claims of a find's bytes is the find's.
class host_finder final : public text_finder {
 public:
  explicit host_finder(const clientbook_text_finder& host) noexcept
      : host_(host),
        type_(host.names == 0 ? entity_type::tenant_pattern : entity_type::person_name) {}

  result<std::span<text_entity>> find(std::string_view text, const scan_options& options,
                                      std::span<text_entity> out) const noexcept override try {
    const auto found = scan(text, options, out);
    if (!found || !options.types.contains(type_)) return found;
    const auto claimed = ask(text);
    if (!claimed) return claimed.error();
    const std::vector<text_entity> both = merged(*found, *claimed);
    if (both.size() > out.size()) {
      return error{errc::buffer_too_small, "more finds than there is room for"};
    }
    std::copy(both.begin(), both.end(), out.begin());
    return out.first(both.size());
  } catch (const std::bad_alloc&) {
    return error{errc::limit_exceeded, "not enough memory"};
  } catch (...) {
    return host_failed;
  }

 private:
  // In order and apart.
  result<std::vector<range>> ask(std::string_view text) const {
    std::vector<std::uint64_t> room(128);
    std::size_t count = host_.find(host_.context, text.data(), text.size(), room.data(), 64);
    if (count != could_not_look && count > 64) {
      if (count > most_ranges) return error{errc::limit_exceeded, "too many finds", most_ranges};
      const std::size_t most = count;
      room.resize(2 * most);
      count = host_.find(host_.context, text.data(), text.size(), room.data(), most);
      if (count != could_not_look && count > most) return host_failed;
    }
    if (count == could_not_look) return host_failed;
    std::vector<range> all;
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t begin = room[2 * i];
      const std::uint64_t end = room[2 * i + 1];
      if (begin >= end || end > text.size() || !is_between(text, static_cast<std::size_t>(begin)) ||
          !is_between(text, static_cast<std::size_t>(end))) {
        return host_failed;
      }
      all.push_back({static_cast<std::size_t>(begin), static_cast<std::size_t>(end)});
    }
    std::sort(all.begin(), all.end(),
              [](const range& a, const range& b) { return a.begin < b.begin; });
    std::vector<range> apart;
    for (const range& one : all) {
      if (!apart.empty() && one.begin < apart.back().end) {
        apart.back().end = std::max(apart.back().end, one.end);
      } else {
        apart.push_back(one);
      }
    }
    return apart;
  }

  text_entity entity(range one) const noexcept {
    constexpr std::uint8_t sure = 100;
    return {.begin = one.begin,
            .end = one.end,
            .type = type_,
            .rule = scan_rule::tenant_pattern,
            .score = sure};
  }

  std::vector<text_entity> merged(std::span<const text_entity> finds,
                                  std::span<const range> claimed) const {
    std::vector<text_entity> out;
    auto find = finds.begin();
    for (range left : claimed) {
      for (; find != finds.end() && find->begin < left.end; ++find) {
        if (find->begin > left.begin) out.push_back(entity({left.begin, find->begin}));
        out.push_back(*find);
        left.begin = std::max(left.begin, find->end);
      }
      if (left.begin < left.end) out.push_back(entity(left));
    }
    out.insert(out.end(), find, finds.end());
    return out;
  }

  clientbook_text_finder host_;
  entity_type type_;
};

}  // namespace

clientbook_status clientbook_session_set_text_regions(clientbook_context* context,
                                                      clientbook_handle session,
                                                      const char* regions, size_t regions_size,
                                                      clientbook_error* error) {
  return with_session(
      context, session, error, given(regions), [&](opened_session& in) -> result<void> {
        std::array<std::string_view, max_scan_regions> list;
        std::size_t count = 0;
        std::string_view rest = text(regions, regions_size);
        while (!rest.empty()) {
          const std::size_t comma = std::min(rest.find(','), rest.size());
          if (count == list.size()) {
            return clientbook::error{errc::invalid_argument, "too many regions", max_scan_regions};
          }
          list[count++] = rest.substr(0, comma);
          rest.remove_prefix(std::min(comma + 1, rest.size()));
        }
        return in.session.set_text_regions(std::span(list).first(count));
      });
}

clientbook_status clientbook_session_set_text_finder(clientbook_context* context,
                                                     clientbook_handle session,
                                                     const clientbook_text_finder* finder,
                                                     clientbook_error* error) {
  return with_session(context, session, error, true, [&](opened_session& in) -> result<void> {
    if (finder == nullptr) {
      in.session.set_text_patterns(nullptr);
      return {};
    }
    const auto host = options(finder);
    if (!host) return host.error();
    if (host->find == nullptr) {
      return clientbook::error{errc::invalid_argument, "a finder needs a function that finds"};
    }
    if (host->names > 1) return clientbook::error{errc::invalid_argument, "names is 0 or 1"};
    in.session.set_text_patterns(std::make_shared<host_finder>(*host));
    return {};
  });
}

clientbook_status clientbook_session_notes_without(clientbook_context* context,
                                                   clientbook_handle session,
                                                   const clientbook_id* customer, uint8_t purpose,
                                                   const uint8_t* hidden, size_t hidden_size,
                                                   size_t most, clientbook_bytes* out,
                                                   clientbook_error* error) {
  return text_of_session(
      context, session, error, out, given(customer, hidden),
      [&](opened_session& in) -> result<wiped_text> {
        constexpr std::size_t id_size = sizeof(clientbook_id);
        const byte_view ids = bytes(hidden, hidden_size);
        if (ids.size() % id_size != 0) {
          return clientbook::error{errc::invalid_argument, "ids have 16 bytes each", id_size};
        }
        std::vector<customer_id> whom(ids.size() / id_size);
        for (std::size_t i = 0; i < whom.size(); ++i) {
          copy_bytes(byte_span(whom[i].bytes), ids.subspan(i * id_size, id_size));
        }
        const auto seen =
            in.session.notes_without(id_of(customer), purpose_id(purpose), whom, most);
        if (!seen) return seen.error();
        return items_to_json(*seen, field_type::note);
      });
}
