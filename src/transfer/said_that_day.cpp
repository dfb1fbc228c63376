// Compares what was said with what was recorded of the same day.
#include "said_that_day.hpp"

namespace clientbook {
namespace {

// An import reads its clock before it records.
constexpr std::int64_t longest_import = 3'600;

bool same_words(const directive& a, const directive& b) noexcept {
  return a.kind == b.kind && a.by == b.by && a.channel == b.channel && a.scope == b.scope &&
         a.not_before == b.not_before && a.not_after == b.not_after && a.evidence == b.evidence &&
         a.contacts == b.contacts;
}

bool without_hour(const directive& one, const said_day& day) noexcept {
  const std::int64_t waited = one.recorded_at.seconds - one.event_at.seconds;
  return one.event_at == day.begin || one.event_at.seconds == day.end.seconds - 1 ||
         (waited >= 0 && waited <= longest_import);
}

}  // namespace

timestamp time_of_that_day(const directive& no, const said_day& day,
                           std::span<const directive> said) noexcept {
  for (const directive& one : said) {
    const bool of_day = one.event_at >= day.begin && one.event_at < day.end;
    if (of_day && one.channel == consent_channel::import && same_words(one, no) &&
        without_hour(one, day)) {
      return one.event_at;
    }
  }
  return no.event_at;
}

}  // namespace clientbook
