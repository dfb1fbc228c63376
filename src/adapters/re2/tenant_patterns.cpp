// A shop's own patterns, found by RE2 in time linear in the text, and joined with what scan()
// finds.
#include <clientbook/adapters/tenant_patterns.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>

#include <re2/re2.h>
#include <re2/stringpiece.h>
#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace clientbook {

struct tenant_patterns::compiled {
  std::vector<std::unique_ptr<const RE2>> patterns;
};

namespace {

constexpr std::uint8_t score_of_a_pattern = 90;  // A closed form.

struct range {
  std::size_t begin, end;
};

RE2::Options options_of(const tenant_pattern_limits& limits) {
  RE2::Options out;
  out.set_log_errors(false);  // RE2 would write the pattern to stderr.
  out.set_max_mem(static_cast<std::int64_t>(limits.memory));
  out.set_never_nl(true);
  out.set_never_capture(true);
  return out;
}

bool inside_code_point(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80;
}

// `\C` in a pattern is a byte: a match may begin or end in the middle of a code point.
range widened(std::string_view text, range one) {
  while (inside_code_point(text, one.begin)) --one.begin;
  while (inside_code_point(text, one.end)) ++one.end;
  return one;
}

void find_all(const RE2& pattern, std::string_view text, std::vector<range>& out) {
  const re2::StringPiece whole(text.data(), text.size());
  re2::StringPiece match;
  for (std::size_t from = 0; from < text.size();) {
    if (!pattern.Match(whole, from, text.size(), RE2::UNANCHORED, &match, 1)) return;
    const auto begin = static_cast<std::size_t>(match.data() - text.data());
    const std::size_t end = begin + match.size();
    if (match.empty()) {
      from = end + 1;
      while (inside_code_point(text, from)) ++from;
      continue;
    }
    out.push_back(widened(text, {begin, end}));
    from = out.back().end;
  }
}

// In order and apart.
void join(std::vector<range>& all) {
  std::sort(all.begin(), all.end(),
            [](const range& a, const range& b) { return a.begin < b.begin; });
  std::size_t kept = 0;
  for (const range& one : all) {
    if (kept != 0 && one.begin < all[kept - 1].end) {
      all[kept - 1].end = std::max(all[kept - 1].end, one.end);
    } else {
      all[kept++] = one;
    }
  }
  all.resize(kept);
}

text_entity find_of(range one) {
  return {.begin = one.begin,
          .end = one.end,
          .type = entity_type::tenant_pattern,
          .rule = scan_rule::tenant_pattern,
          .score = score_of_a_pattern};
}

// The finds, with what they leave of the matches between them.
std::vector<text_entity> merged(std::span<const text_entity> finds,
                                std::span<const range> matches) {
  std::vector<text_entity> out;
  auto find = finds.begin();
  for (range left : matches) {
    for (; find != finds.end() && find->begin < left.end; ++find) {
      if (find->begin > left.begin) out.push_back(find_of({left.begin, find->begin}));
      out.push_back(*find);
      left.begin = std::max(left.begin, find->end);
    }
    if (left.begin < left.end) out.push_back(find_of(left));
  }
  out.insert(out.end(), find, finds.end());
  return out;
}

}  // namespace

tenant_patterns::tenant_patterns(std::unique_ptr<compiled> all) noexcept : all_(std::move(all)) {}
tenant_patterns::tenant_patterns(tenant_patterns&&) noexcept = default;
tenant_patterns& tenant_patterns::operator=(tenant_patterns&&) noexcept = default;
tenant_patterns::~tenant_patterns() = default;

result<tenant_patterns> tenant_patterns::compile(std::span<const std::string_view> patterns,
                                                 const tenant_pattern_limits& limits) try {
  if (patterns.size() > limits.patterns) {
    return error{errc::limit_exceeded, "too many patterns", limits.patterns};
  }
  auto all = std::make_unique<compiled>();
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    if (patterns[i].size() > limits.pattern_bytes) {
      return error{errc::limit_exceeded, "a pattern is too long", i};
    }
    all->patterns.push_back(std::make_unique<const RE2>(
        re2::StringPiece(patterns[i].data(), patterns[i].size()), options_of(limits)));
    const RE2& pattern = *all->patterns.back();
    if (!pattern.ok()) return error{errc::invalid_value, "a pattern cannot be compiled", i};
    if (RE2::FullMatch("", pattern)) {
      return error{errc::invalid_value, "a pattern matches nothing at all", i};
    }
  }
  return tenant_patterns(std::move(all));
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::span<text_entity>> tenant_patterns::scan(std::string_view text,
                                                     const scan_options& options,
                                                     std::span<text_entity> out) const try {
  const auto found = clientbook::scan(text, options, out);
  if (!found || !options.types.contains(entity_type::tenant_pattern)) return found;
  std::vector<range> matches;
  for (const auto& pattern : all_->patterns) find_all(*pattern, text, matches);
  join(matches);
  const std::vector<text_entity> both = merged(*found, matches);
  const std::size_t fits = std::min(both.size(), out.size());
  std::copy_n(both.begin(), fits, out.begin());
  if (fits < both.size()) {
    return error{errc::buffer_too_small, "more finds than there is room for"};
  }
  return out.first(fits);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::span<text_entity>> tenant_patterns::find(std::string_view text,
                                                     const scan_options& options,
                                                     std::span<text_entity> out) const noexcept {
  return scan(text, options, out);
}

result<redacted_text> tenant_patterns::redact(std::string_view text,
                                              const text_redaction_options& options,
                                              byte_span out) const try {
  std::vector<text_entity> room(256);
  auto found = scan(text, options.scan, room);
  while (!found && found.error().code == errc::buffer_too_small) {
    room.resize(2 * room.size());
    found = scan(text, options.scan, room);
  }
  if (!found) return found.error();
  class these final : public text_finder {
   public:
    explicit these(std::span<text_entity> finds) : finds_(finds) {}
    result<std::span<text_entity>> find(std::string_view, const scan_options&,
                                        std::span<text_entity>) const noexcept override {
      return finds_;
    }

   private:
    std::span<text_entity> finds_;
  };
  const these finds(*found);
  const text_redaction_options with{.scan = options.scan, .mark = options.mark, .finder = &finds};
  text_redactor redactor(with);
  return redact_text(text, redactor, out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
