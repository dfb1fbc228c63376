// Reads consent strings of IAB Tech Lab's own encoders and says where a value differs.
//
//   clientbook_iab_strings < LINES             every string decodes to its values
//   clientbook_iab_strings --mutate < LINES    every string, changed in ways of its own, is read or
//                                              refused: a sanitizer tells the rest
//
// scripts/check_iab_strings makes the lines (scripts/iab/strings.mjs) and runs both. A line is
// kind, string and values, with tabs between.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <clientbook/exchange/consent_signal.hpp>
#include <clientbook/exchange/gpp.hpp>
#include <clientbook/exchange/tcf.hpp>

using namespace clientbook;

namespace {

std::string runs_of(const vendor_ids& set) {
  std::vector<std::pair<unsigned, unsigned>> runs;
  vendor_ids::cursor all(set);
  while (const auto run = all.next()) {
    if (!runs.empty() && runs.back().second + 1 == run->first) {
      runs.back().second = run->last;
    } else {
      runs.emplace_back(run->first, run->last);
    }
  }
  std::string out;
  for (const auto& [first, last] : runs) {
    if (!out.empty()) out += ',';
    out += std::to_string(first);
    if (last != first) out += '-' + std::to_string(last);
  }
  return out;
}

std::string list_of(tcf_numbers set) {
  std::string out;
  for (unsigned i = 1; i <= 64; ++i) {
    if (!set.contains(i)) continue;
    if (!out.empty()) out += ',';
    out += std::to_string(i);
  }
  return out;
}

std::string restrictions_of(const publisher_restrictions& list) {
  std::vector<std::pair<unsigned, std::string>> found;
  publisher_restrictions::cursor all(list);
  while (const auto one = all.next()) {
    const unsigned type = static_cast<unsigned>(one->type);
    found.emplace_back(
        one->purpose * 4u + type,
        std::to_string(one->purpose) + ':' + std::to_string(type) + ':' + runs_of(one->vendors));
  }
  std::sort(found.begin(), found.end());
  std::string out;
  for (const auto& [order, text] : found) out += (out.empty() ? "" : "|") + text;
  return out;
}

std::string text_of(const tc_string& tc) {
  const auto letters = [](const std::array<char, 2>& code) {
    return code[0] == '\0' ? std::string("--") : std::string(code.data(), 2);
  };
  const auto number = [](auto value) { return std::to_string(value); };
  std::string out =
      "v=" + number(tc.version) + " created=" + number(tc.created.seconds) +
      " updated=" + number(tc.last_updated.seconds) + " cmp=" + number(tc.cmp_id) +
      " cmpv=" + number(tc.cmp_version) + " screen=" + number(tc.consent_screen) +
      " lang=" + letters(tc.consent_language) + " list=" + number(tc.vendor_list_version) +
      " policy=" + number(tc.policy_version) + " own=" + number(int{tc.is_service_specific}) +
      " texts=" + number(int{tc.non_standard_texts});
  out += " sf=" + list_of(tc.special_feature_opt_ins) + " pc=" + list_of(tc.purpose_consents) +
         " pli=" + list_of(tc.purpose_legitimate_interests) +
         " p1=" + number(int{tc.purpose_one_treatment}) + " cc=" + letters(tc.publisher_country) +
         " vc=" + runs_of(tc.vendor_consents) + " vli=" + runs_of(tc.vendor_legitimate_interests) +
         " r=" + restrictions_of(tc.restrictions);
  out += " d=" + (tc.vendors_disclosed ? runs_of(*tc.vendors_disclosed) : "-");
  out += " a=" + (tc.vendors_allowed ? runs_of(*tc.vendors_allowed) : "-");
  out += " pub=";
  if (!tc.publisher) return out + '-';
  return out + list_of(tc.publisher->purpose_consents) + '/' +
         list_of(tc.publisher->purpose_legitimate_interests) + '/' +
         list_of(tc.publisher->custom_consents) + '/' +
         list_of(tc.publisher->custom_legitimate_interests) + '/' +
         number(tc.publisher->custom_purposes);
}

std::string refused(const error& why) {
  return "refused " + std::to_string(static_cast<int>(why.code)) + " at " + std::to_string(why.at) +
         ": " + why.text.c_str();
}

template <class Values>
std::string digits(const Values& values, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += std::to_string(static_cast<unsigned>(values[i]));
  return out;
}

std::string section_of(const gpp_part& part) {
  if (part.id == 2 || part.id == 5) {
    const auto tc = part.id == 2 ? read_tc_string(part.text) : read_tc_string_canada(part.text);
    return tc ? text_of(*tc) : refused(tc.error());
  }
  if (part.id == 6) {
    const auto usp = read_usp(part.text);
    if (!usp) return refused(usp.error());
    return {usp->notice, usp->opt_out_sale, usp->lspa_covered};
  }
  if (part.id > 27) return "unknown";
  const auto read = read_us_privacy(static_cast<gpp_section>(part.id), part.text);
  if (!read) return refused(read.error());
  return "v=" + std::to_string(read->version) + ":f=" + digits(read->fields, us_field_count) +
         ":s=" + digits(read->sensitive, read->sensitive_count) +
         ":c=" + digits(read->child, read->child_count) +
         ":gpc=" + (read->gpc ? std::string(*read->gpc ? "1" : "0") : "-");
}

std::string values_of(std::string_view kind, std::string_view text) {
  if (kind == "tcf") {
    const auto tc = read_tc_string(text);
    return tc ? text_of(*tc) : refused(tc.error());
  }
  const auto gpp = read_gpp(text);
  if (!gpp) return refused(gpp.error());
  std::string out;
  for (const gpp_part& part : gpp->sections()) {
    if (!out.empty()) out += ';';
    out += std::to_string(part.id) + ':' + section_of(part);
  }
  return out;
}

struct line {
  std::string_view kind, text, values;
};

line cut(std::string_view whole) {
  const std::size_t first = std::min(whole.find('\t'), whole.size());
  const std::size_t second = std::min(whole.find('\t', first + 1), whole.size());
  return {whole.substr(0, first), whole.substr(first + 1, second - first - 1),
          second == whole.size() ? std::string_view() : whole.substr(second + 1)};
}

// One to six changes: a character, a cut, a piece again, a dot or a tilde, a bit.
std::string changed(std::string text, std::mt19937_64& random) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~=\n";
  const auto below = [&](std::size_t most) { return static_cast<std::size_t>(random() % most); };
  for (std::size_t changes = 1 + below(6); changes > 0 && !text.empty(); --changes) {
    const std::size_t at = below(text.size());
    switch (below(5)) {
      case 0:
        text[at] = alphabet[below(alphabet.size())];
        break;
      case 1:
        text.resize(at);
        break;
      case 2:
        text.insert(at, text.substr(below(text.size()), below(40)));
        break;
      case 3:
        text.insert(at, 1, alphabet[64 + below(3)]);
        break;
      default:
        text[at] = static_cast<char>(text[at] ^ static_cast<char>(1 << below(8)));
    }
  }
  return text;
}

// What an importer does with a string that was read.
std::size_t signals_in(std::string_view kind, std::string_view text) {
  if (kind == "tcf") {
    const auto tc = read_tc_string(text);
    return tc ? signals_of(*tc).size() : 0;
  }
  const auto found = signals_of_gpp(text);
  return found ? found->size() : 0;
}

}  // namespace

int main(int count, char** arguments) {
  const bool mutate = count > 1 && std::strcmp(arguments[1], "--mutate") == 0;
  std::mt19937_64 random(20260701);
  std::uint64_t strings = 0, wrong = 0, read = 0, signals = 0;
  std::string whole;
  while (std::getline(std::cin, whole)) {
    const line one = cut(whole);
    ++strings;
    const std::string text =
        mutate ? changed(std::string(one.text), random) : std::string(one.text);
    const std::string got = values_of(one.kind, text);
    if (mutate) {
      // Every hundredth also becomes signals, which takes longer than reading does.
      if (strings % 100 == 0) signals += signals_in(one.kind, text);
      if (got.find("refused") == std::string::npos) ++read;
      continue;
    }
    if (got == one.values) continue;
    if (++wrong <= 5) {
      std::printf("wrong: %s\n  is   %s\n  read %s\n", text.c_str(),
                  std::string(one.values).c_str(), got.c_str());
    }
  }
  if (mutate) {
    std::printf("%llu strings changed, %llu of them still readable, %llu signals\n",
                static_cast<unsigned long long>(strings), static_cast<unsigned long long>(read),
                static_cast<unsigned long long>(signals));
  } else {
    std::printf("%llu strings, %llu wrong\n", static_cast<unsigned long long>(strings),
                static_cast<unsigned long long>(wrong));
  }
  return strings == 0 || wrong != 0 ? 1 : 0;
}
