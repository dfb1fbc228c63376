// Finds the law profile that an argument means, a built-in name or a file, and tells its changes in
// words.
#include "profile_source.hpp"

#include <clientbook/exchange/profile_json.hpp>

#include <algorithm>
#include <cstdio>

#include "program.hpp"
#include "terms.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

void read_canonical(profile_source& into) {
  into.law = need(decode_profile(into.canonical, into.room), "the profile");
}

std::string text(std::string_view from) { return std::string(from); }

}  // namespace

std::string choice_of_profiles() {
  static constexpr std::pair<std::string_view, std::string_view> sentences[] = {
      {"gdpr",
       "The European Union and the EEA: orders, delivery and bookkeeping need no consent, "
       "marketing "
       "does."},
      {"us-ca",
       "California: as gdpr for orders, with opt-outs of sale and sharing, and signals such as "
       "GPC."},
      {"us",
       "Other states of the United States: what their privacy acts have in common, and COPPA for "
       "children."},
      {"strict", "No law assumed: nothing is kept or used without the customer's consent."}};
  std::string out;
  for (const auto& [name, sentence] : sentences) {
    out.append("  ").append(name).append(8 - name.size(), ' ').append(sentence).append("\n");
  }
  return out;
}

const law_profile& chosen_profile(const std::string& name) {
  if (!name.empty()) {
    if (const auto law = find_profile(name)) return **law;
  }
  const std::string about =
      "--profile NAME, one of these (no lawyer has verified any; the rows: "
      "`clientbook profile show NAME`)\n" +
      choice_of_profiles();
  if (name.empty()) {
    fail({errc::invalid_argument, "a new book follows a law that is chosen by name"}, about);
  }
  fail({errc::invalid_argument, "no such law profile"}, about);
}

std::unique_ptr<profile_source> read_signed_profile(byte_view file) {
  auto out = std::make_unique<profile_source>();
  out->file.assign(file.begin(), file.end());
  const signed_profile opened = need(open_signed_profile(out->file), "the signed profile");
  need(crypto::init(), "starting");
  need(check_profile_signature(opened, std::span(&opened.key, 1)), "the signed profile");
  out->canonical.assign(opened.canonical.begin(), opened.canonical.end());
  out->signer = opened.key;
  read_canonical(*out);
  return out;
}

std::unique_ptr<profile_source> load_profile(const std::string& name_or_file) {
  if (const auto built_in = find_profile(name_or_file)) {
    auto out = std::make_unique<profile_source>();
    out->canonical.resize(max_profile_bytes);
    out->canonical.resize(need(encode_profile(**built_in, out->canonical), "the profile").size());
    read_canonical(*out);
    return out;
  }
  const std::string content =
      content_of(name_or_file, "the profile (a file, or a name of `clientbook profile list`)");
  const std::size_t first = content.find_first_not_of(" \t\r\n");
  if (first != std::string::npos && content[first] != '{') {
    return read_signed_profile(as_bytes(content));
  }
  auto out = std::make_unique<profile_source>();
  std::string where;
  auto canonical = profile_of_json(content, where);
  if (!canonical) fail(canonical.error(), "the profile" + (where.empty() ? "" : " at " + where));
  out->canonical = std::move(*canonical);
  read_canonical(*out);
  return out;
}

json::object summary_of(const profile_source& from) {
  json::object out{{"name", from.law.name},
                   {"id", from.law.id.value},
                   {"version", from.law.version},
                   {"title", from.law.title},
                   {"unverified", from.law.unverified},
                   {"digest", hex<std::string>(profile_digest(from.canonical))},
                   {"signed_by", nullptr}};
  if (from.signer) out["signed_by"] = hex<std::string>(*from.signer);
  return out;
}

void print_summary(const profile_source& from) {
  std::printf("%s, version %u: %s\nnot verified: %s\ndigest %s\n", text(from.law.name).c_str(),
              from.law.version, text(from.law.title).c_str(), text(from.law.unverified).c_str(),
              hex<std::string>(profile_digest(from.canonical)).c_str());
  if (from.signer) std::printf("signed by %s\n", hex<std::string>(*from.signer).c_str());
}

json::array changes_of(std::span<const profile_change> all, const recipient_registry& registry,
                       const schema& fields) {
  json::array out;
  for (const profile_change& one : all) {
    out.push_back({{"recipient", word_for(one.recipient, registry)},
                   {"purpose", word_for(one.purpose)},
                   {"operation", facts(one.operation)->name},
                   {"opened", keys_of(one.opened, fields)},
                   {"closed", keys_of(one.closed, fields)}});
  }
  return out;
}

void print_changes(const json::array& changes) {
  for (const json::value& one : changes) {
    for (const auto& [sign, member] : {std::pair('+', "opened"), {'-', "closed"}}) {
      const std::string keys(one.at(member).as_string());
      if (keys.empty()) continue;
      std::printf("%c %-18s %-28s %-10s %s\n", sign, one.at("recipient").as_string().c_str(),
                  one.at("purpose").as_string().c_str(), one.at("operation").as_string().c_str(),
                  keys.c_str());
    }
  }
}

}  // namespace clientbook::cli
