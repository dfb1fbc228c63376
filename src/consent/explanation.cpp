// Sentences for people: why a field is shown or not, in five languages.
//
// Templates and labels are data (labels.inc); here they are put together from an explanation that
// explain() gave, so nothing is decided or guessed. A sentence that does not fit fails whole: half
// a reason may say the opposite.
#include <clientbook/consent/explanation.hpp>
#include <clientbook/model/categories.hpp>
#include <clientbook/model/terms.hpp>

#include <algorithm>

#include "further_labels.hpp"

namespace clientbook {
namespace {

constexpr std::size_t languages = 5;

template <class Id>
struct translation {
  Id term;
  std::string_view labels[languages - 1];  // without English
};

struct reason_phrase {
  decision_code code = decision_code::none;
  std::string_view text;
};

struct phrasebook {
  std::string_view permitted;
  std::string_view denied;
  reason_phrase reasons[16];
  std::string_view would_grant;
  std::string_view would_override;
  std::string_view opens;  // what follows, in their order
  std::string_view consent;
  std::string_view given_by;
  std::string_view explicitly;
  std::string_view overriding;
  std::string_view evidenced;
  std::string_view announced;
  std::string_view lifting;
  std::string_view asserting;
  std::string_view nothing_opens;
  std::string_view no_contract;
  std::string_view no_rule_on_passing_on;
  std::string_view own_rule;
  std::string_view last_refused;
  std::string_view unknown_day;
  std::string_view who[5];  // by indicated_by
};

#include "labels.inc"

template <class Id, std::size_t Count>
std::string_view label_in(const translation<Id> (&all)[Count], Id term, language speech) noexcept {
  const auto named = facts(term);
  if (!named) return {};
  if (speech == language::en) return named->label;
  for (const auto& each : all) {
    if (each.term == term) return each.labels[static_cast<std::size_t>(speech) - 1];
  }
  return named->label;
}

// Text that is cut off nowhere: what does not fit makes the whole fail.
class text_sink {
 public:
  explicit text_sink(std::span<char> out) noexcept : out_(out) {}
  void put(std::string_view text) noexcept {
    if (text.size() > out_.size() - size_) {
      full_ = true;
      return;
    }
    std::copy(text.begin(), text.end(), out_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += text.size();
  }
  void put_number(std::uint32_t value) noexcept {
    char digits[10];
    std::size_t at = sizeof digits;
    do {
      digits[--at] = static_cast<char>('0' + value % 10);
      value /= 10;
    } while (value != 0);
    put({digits + at, sizeof digits - at});
  }
  void put_day(timestamp at) noexcept {
    char day[10];
    const std::size_t size = write_date(date_of(at), day);
    put({day, size});
  }
  bool full() const noexcept { return full_; }
  std::string_view text() const noexcept { return {out_.data(), size_}; }

 private:
  std::span<char> out_;
  std::size_t size_ = 0;
  bool full_ = false;
};

// Fills the places of a phrase (%p the purpose, %r the recipient, %d the day, ...) from one
// explanation and what was compiled. What is missing from the context is said as "?", never left
// out: the sentence would mean something else.
struct teller {
  const explanation& why;
  const decision_request& request;
  const explanation_context& context;
  language speech;
  const phrasebook& phrases;
  const directive* cause = nullptr;
  const directive* refusal = nullptr;
  recipient_party party;
  text_sink out;

  void put(char placeholder) noexcept {
    switch (placeholder) {
      case 'c':
        out.put(why.category == category_id() ? label(category::personal_data, speech)
                                              : label(why.category, speech));
        break;
      case 'o':
        out.put(label(request.operation, speech));
        break;
      case 'p':
        out.put(label(request.purpose, speech));
        break;
      case 'r':
        out.put(party.name.view().empty() ? label(request.recipient, speech) : party.name.view());
        break;
      case 'd':
        if (const directive* dated = cause != nullptr ? cause : refusal) {
          out.put_day(dated->event_at);
        } else {
          out.put(phrases.unknown_day);
        }
        break;
      case 'n':
        out.put_number(why.sequence);
        break;
      case 'w':
        out.put(cause == nullptr ? std::string_view("?")
                                 : phrases.who[static_cast<std::size_t>(cause->by) - 1]);
        break;
      case 'l':
        out.put(law());
        break;
      case 'a':
        out.put(phrases.who[static_cast<std::size_t>(context.remedy->by) - 1]);
        break;
      case 'x':
        put_overrides();
        break;
      case 'e':
        out.put(law_of_assertion());
        break;
      case 'h':
        out.put(opt_out_law(*context.profile, request.purpose));
        break;
      default:
        break;
    }
  }

  std::string_view law() const noexcept {
    if (context.profile == nullptr || why.source != rule_source::profile) return "?";
    if (why.code == decision_code::basis && why.row < context.profile->bases.size()) {
      return context.profile->bases[why.row].law;
    }
    if (why.code == decision_code::legal_prohibition &&
        why.row < context.profile->prohibitions.size()) {
      return context.profile->prohibitions[why.row].law;
    }
    return "?";
  }

  void put_overrides() noexcept {
    for (std::size_t i = 0; i < context.remedy->overrides.size(); ++i) {
      const std::uint32_t sequence = context.remedy->overrides[i];
      if (sequence == 0) break;
      if (i != 0) out.put(", ");
      out.put_number(sequence);
    }
  }

  std::string_view law_of_assertion() const noexcept {
    const std::size_t row = context.remedy->basis_row;
    if (context.profile == nullptr || row >= context.profile->bases.size()) return "?";
    return context.profile->bases[row].law;
  }

  // What anybody does who is told "a consent": the customer's own, expressed, under some notice,
  // naming at most the one that this explanation names.
  bool is_plain(const remedy& found) const noexcept {
    const bool one =
        found.overrides[0] == 0 || (found.overrides[0] == why.sequence && found.overrides[1] == 0 &&
                                    why.source == rule_source::directive);
    // Whoever overrides is told of evidence in any case.
    const bool bare = !found.evidenced || found.overrides[0] != 0;
    return one && bare && found.by == indicated_by::subject && found.announced &&
           found.strength == consent_strength::expressed;
  }

  void tell_consent(const remedy& found) noexcept {
    if (is_plain(found)) {
      say(found.overrides[0] == 0 ? phrases.would_grant : phrases.would_override);
      return;
    }
    say(phrases.opens);
    say(phrases.consent);
    if (found.by != indicated_by::subject) say(phrases.given_by);
    if (found.strength == consent_strength::explicit_) say(phrases.explicitly);
    if (found.overrides[0] != 0) say(phrases.overriding);
    if (found.evidenced) say(phrases.evidenced);
    if (!found.announced) say(phrases.announced);
    out.put(".");
  }

  void tell_nothing(const remedy& found) noexcept {
    if (why.code != decision_code::legal_prohibition) say(phrases.nothing_opens);
    if (found.obstacle == remedy_obstacle::no_contract) say(phrases.no_contract);
    if (found.obstacle == remedy_obstacle::no_rule_on_passing_on) {
      say(phrases.no_rule_on_passing_on);
    }
  }

  void tell_remedy(const remedy& found) noexcept {
    switch (found.kind) {
      case remedy_kind::consent:
        tell_consent(found);
        break;
      case remedy_kind::lift:
      case remedy_kind::assertion:
        say(phrases.opens);
        say(found.kind == remedy_kind::lift ? phrases.lifting : phrases.asserting);
        break;
      case remedy_kind::none:
        tell_nothing(found);
        break;
    }
    // Where nothing but the shop's own choice asks for a consent.
    if (why.code == decision_code::no_basis && found.kind == remedy_kind::consent &&
        found.by == indicated_by::subject && found.strength == consent_strength::expressed &&
        context.profile != nullptr && !opt_out_law(*context.profile, request.purpose).empty()) {
      say(phrases.own_rule);
    }
  }

  void say(std::string_view phrase) noexcept {
    for (std::size_t i = 0; i < phrase.size(); ++i) {
      if (phrase[i] == '%' && i + 1 < phrase.size()) {
        put(phrase[++i]);
      } else {
        out.put({&phrase[i], 1});
      }
    }
  }
};

bool refuses(directive_kind kind) noexcept {
  return kind == directive_kind::refuse || kind == directive_kind::deny ||
         kind == directive_kind::withdraw || kind == directive_kind::object;
}

// The last time that somebody said no to just this.
const directive* last_refusal(const explanation_context& context, const decision_request& request,
                              category_id category, const recipient_party& party) noexcept {
  const purpose_set purposes = denied_through(request.purpose);
  const operation_set operations = denied_through(request.operation);
  const category_set categories = denied_through(category);
  recipient_set recipients = denied_through(request.recipient);
  if (party.party_class != recipient_id()) recipients |= denied_through(party.party_class);
  const directive* found = nullptr;
  for (const directive& each : context.directives) {
    if (!refuses(each.kind)) continue;
    if ((each.scope.purposes & purposes).empty()) continue;
    if ((each.scope.operations & operations).empty()) continue;
    if ((each.scope.recipients & recipients).empty()) continue;
    if ((each.scope.categories & categories).empty()) continue;
    if (found == nullptr || found->event_at <= each.event_at) found = &each;
  }
  return found;
}

}  // namespace

result<language> find_language(std::string_view tag) noexcept {
  constexpr std::array<std::string_view, languages> known{"en", "de", "fr", "es", "it"};
  const bool is_longer = tag.size() > 2 && tag[2] != '-' && tag[2] != '_';
  for (std::size_t i = 0; i < languages && !is_longer; ++i) {
    if (tag.starts_with(known[i])) return static_cast<language>(i);
  }
  return error{errc::invalid_value, "the languages are en, de, fr, es and it"};
}

language language_of(std::string_view tag) noexcept {
  const auto found = find_language(tag);
  return found ? *found : language::en;
}

std::string_view label(purpose_id term, language speech) noexcept {
  const std::string_view further = further_label(term, speech);
  return further.empty() ? label_in(purpose_labels, term, speech) : further;
}
std::string_view label(recipient_id term, language speech) noexcept {
  return label_in(recipient_labels, term, speech);
}
std::string_view label(category_id term, language speech) noexcept {
  return label_in(category_labels, term, speech);
}
std::string_view label(operation_id term, language speech) noexcept {
  return label_in(operation_labels, term, speech);
}

result<std::string_view> describe(const explanation& why, const decision_request& request,
                                  const explanation_context& context, language speech,
                                  std::span<char> out) noexcept {
  teller tell{
      why,     request, context, speech,        phrasebooks[static_cast<std::size_t>(speech)],
      nullptr, nullptr, {},      text_sink(out)};
  if (why.source == rule_source::directive) {
    for (const directive& each : context.directives) {
      if (each.sequence == why.sequence) tell.cause = &each;
    }
  }
  if (is_party(request.recipient) && context.registry != nullptr) {
    if (const auto found = context.registry->find(request.recipient)) tell.party = *found;
  }

  tell.say(why.permitted ? tell.phrases.permitted : tell.phrases.denied);
  for (const reason_phrase& reason : tell.phrases.reasons) {
    if (reason.code == why.code) tell.say(reason.text);
  }
  if (!why.permitted && context.remedy != nullptr) tell.tell_remedy(*context.remedy);
  if (why.code == decision_code::no_basis) {
    tell.refusal = last_refusal(context, request, why.category, tell.party);
    if (tell.refusal != nullptr) tell.say(tell.phrases.last_refused);
  }
  if (tell.out.full()) {
    return error{errc::buffer_too_small, "the buffer is too small for the explanation",
                 max_explanation};
  }
  return tell.out.text();
}

}  // namespace clientbook
