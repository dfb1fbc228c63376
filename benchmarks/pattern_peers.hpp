// Pattern peers: how fast a general engine finds the spans of the same types by patterns.
//
// What a program would do that has RE2 or Vectorscan and no scanner of its own. The patterns
// judge forms only: no check digits, no calendar, ASCII digits, few words, so that a peer does
// less than scan() does. Finds that overlap are merged.
#ifndef CLIENTBOOK_BENCHMARKS_PATTERN_PEERS_HPP
#define CLIENTBOOK_BENCHMARKS_PATTERN_PEERS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#ifdef CLIENTBOOK_BENCH_RE2
#include <re2/re2.h>
#include <re2/set.h>
#endif
#ifdef CLIENTBOOK_BENCH_VECTORSCAN
#include <hs/hs.h>
#endif

namespace clientbook::benchmarking {

inline constexpr const char* peer_patterns[] = {
    // E-mail, payment card, IBAN.
    R"([A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+\.[A-Za-z]{2,})",
    R"(\b(?:[0-9][ .\-]?){11,18}[0-9]\b)",
    R"(\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b)",
    // Phone: with a country code; national.
    R"((?:\+|\b00)[1-9][0-9]{0,2}(?:[ ./()\-]{0,2}[0-9]{1,4}){2,6})",
    R"(\b0[0-9]{1,4}[ /\-]?[0-9]{2,8}(?:[ \-]?[0-9]{2,4}){0,4}\b)",
    // IPv4, IPv6, URL, MAC.
    R"(\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}\b)",
    R"(\b(?:[0-9A-Fa-f]{1,4}:){2,7}[0-9A-Fa-f]{1,4}\b)",
    R"((?:https?://|www\.)[^\s<>"]+)",
    R"(\b(?:[0-9A-Fa-f]{2}[:\-]){5}[0-9A-Fa-f]{2}\b)",
    // National ids: 3-2-4, codice fiscale, digits and a letter, digits.
    R"(\b[0-9]{3}[ \-][0-9]{2,3}[ \-][0-9]{4}\b)",
    R"(\b[A-Z]{6}[0-9]{2}[A-Z][0-9]{2}[A-Z][0-9]{3}[A-Z]\b)",
    R"(\b[0-9]{8}[A-Z]\b)",
    R"(\b[0-9]{9,15}\b)",
    // Dates.
    R"(\b[0-9]{1,2}[./\-][0-9]{1,2}[./\-][0-9]{2,4}\b)",
    R"(\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b)",
    // Addresses.
    R"(\b[0-9]{1,5} [A-Z][a-z]+ (?:Street|Road|Lane|Avenue|Drive)\b)",
    R"(\b(?:Via|Viale|Corso|Piazza|Calle|Avenida|Plaza|Paseo|ul\.|al\.) [A-Z][^,0-9]{2,30},? [0-9]{1,4}\b)",
    R"(\b[A-Z][a-z]+(?:straße|weg|gasse|allee|straat|laan|plein) [0-9]{1,4}\b)",
    R"(\b[0-9]{1,4} (?:rue|avenue|place|boulevard) [A-Za-z ]{3,30})",
};

using peer_span = std::pair<std::size_t, std::size_t>;

/// Sorts them and joins those that overlap.
inline void merge(std::vector<peer_span>& spans) {
  std::sort(spans.begin(), spans.end());
  std::size_t kept = 0;
  for (const peer_span& one : spans) {
    if (kept != 0 && one.first < spans[kept - 1].second) {
      spans[kept - 1].second = std::max(spans[kept - 1].second, one.second);
    } else {
      spans[kept++] = one;
    }
  }
  spans.resize(kept);
}

[[noreturn]] inline void peer_failed(const char* what) {
  std::fprintf(stderr, "redaction_bench: %s\n", what);
  std::exit(1);
}

#ifdef CLIENTBOOK_BENCH_RE2
/// RE2::Set says which patterns hit; each of those then looks for its spans.
class re2_peer {
 public:
  re2_peer() : set_(options(), RE2::UNANCHORED) {
    for (const char* const pattern : peer_patterns) {
      each_.push_back(std::make_unique<RE2>(pattern, options()));
      if (!each_.back()->ok() || set_.Add(pattern, nullptr) < 0) peer_failed("RE2: a pattern");
    }
    if (!set_.Compile()) peer_failed("RE2::Set");
  }

  void find(std::string_view text, std::vector<peer_span>& spans) {
    spans.clear();
    const re2::StringPiece whole(text.data(), text.size());
    if (!set_.Match(whole, &hits_)) return;
    for (const int hit : hits_) {
      const RE2& pattern = *each_[static_cast<std::size_t>(hit)];
      re2::StringPiece found;
      for (std::size_t from = 0; from < text.size();) {
        if (!pattern.Match(whole, from, text.size(), RE2::UNANCHORED, &found, 1)) break;
        const auto begin = static_cast<std::size_t>(found.data() - text.data());
        spans.emplace_back(begin, begin + found.size());
        from = begin + found.size();
      }
    }
    merge(spans);
  }

 private:
  static RE2::Options options() {
    RE2::Options out;
    out.set_never_capture(true);
    out.set_max_mem(std::int64_t{64} << 20U);
    return out;
  }
  RE2::Set set_;
  std::vector<std::unique_ptr<RE2>> each_;
  std::vector<int> hits_;
};
#endif

#ifdef CLIENTBOOK_BENCH_VECTORSCAN
/// One pass that reports where each match begins (SOM_LEFTMOST).
class vectorscan_peer {
 public:
  vectorscan_peer() {
    constexpr unsigned count = std::size(peer_patterns);
    const std::vector<unsigned> flags(count, HS_FLAG_SOM_LEFTMOST);
    std::vector<unsigned> ids(count);
    for (unsigned i = 0; i < count; ++i) ids[i] = i;
    hs_compile_error_t* wrong = nullptr;
    if (hs_compile_multi(peer_patterns, flags.data(), ids.data(), count, HS_MODE_BLOCK, nullptr,
                         &database_, &wrong) != HS_SUCCESS) {
      peer_failed(wrong->message);
    }
    if (hs_alloc_scratch(database_, &scratch_) != HS_SUCCESS) peer_failed("Vectorscan: memory");
  }
  ~vectorscan_peer() {
    hs_free_scratch(scratch_);
    hs_free_database(database_);
  }
  vectorscan_peer(const vectorscan_peer&) = delete;
  vectorscan_peer& operator=(const vectorscan_peer&) = delete;

  void find(std::string_view text, std::vector<peer_span>& spans) {
    spans.clear();
    const auto keep = [](unsigned, unsigned long long from, unsigned long long to, unsigned,
                         void* context) {
      auto& kept = *static_cast<std::vector<peer_span>*>(context);
      // Every end of a match is told: the longest counts.
      if (!kept.empty() && kept.back().first == from) {
        kept.back().second = std::max<std::size_t>(kept.back().second, to);
      } else {
        kept.emplace_back(from, to);
      }
      return 0;
    };
    if (hs_scan(database_, text.data(), static_cast<unsigned>(text.size()), 0, scratch_, keep,
                &spans) != HS_SUCCESS) {
      peer_failed("Vectorscan: the scan");
    }
    merge(spans);
  }

 private:
  hs_database_t* database_ = nullptr;
  hs_scratch_t* scratch_ = nullptr;
};
#endif

}  // namespace clientbook::benchmarking

#endif
