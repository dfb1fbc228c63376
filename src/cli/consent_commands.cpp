// consent grant | withdraw | deny | object | history
#include <boost/json/array.hpp>
#include <cstdio>
#include <memory>
#include <vector>

#include "program.hpp"
#include "terms.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

struct consent_options {
  std::string who;
  std::vector<std::string> purposes, recipients, categories = {"all"}, operations;
  std::string notice;
  std::string channel = "store";
  std::string strength = "expressed";
  std::string evidence;
  std::string expires;
};

void record(program& in, const consent_options& what, directive_kind kind) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const customer_id id = program::customer(writer, what.who);
  const recipient_registry registry = *need(writer.recipients(), "reading the registry");

  directive said;
  said.kind = kind;
  said.channel = need(find_consent_channel(what.channel), "--channel");
  said.scope =
      scope_from(what.purposes, what.recipients, what.categories, what.operations, registry);
  said.registry_version = registry.version();
  said.jurisdiction = writer.profile()->id;
  said.profile_version = writer.profile()->version;
  said.event_at = writer.request(purpose_id()).now;
  said.recorder = writer.who().id;
  if (!said.evidence.reference.fits(what.evidence)) {
    fail({errc::limit_exceeded, "a reference has at most 64 bytes"}, "--evidence");
  }
  if (!what.evidence.empty()) {
    said.evidence.reference = short_text<64>(what.evidence);
    said.evidence.hash = crypto::hash(as_bytes(what.evidence));
  }
  if (kind == directive_kind::grant) {
    const auto notices = need(writer.notices(), "reading the notices");
    const privacy_notice* shown = notice_titled(what.notice, notices);
    if (shown == nullptr) {
      fail({errc::unknown_notice, "no such notice: a grant needs the one that was shown"},
           "--notice");
    }
    said.notice = {.id = shown->id, .version = shown->version, .hash = shown->hash};
    said.strength = need(find_consent_strength(what.strength), "--strength");
    said.informed = true;
    if (!what.expires.empty()) said.not_after = need(parse_timestamp(what.expires), "--expires");
  } else {
    // Whatever it was for: taking back is never narrower than asked.
    if (what.operations.empty()) said.scope.operations = all_operations;
    if (what.categories == consent_options().categories) said.scope.categories = all_categories();
  }
  const std::uint32_t sequence = need(writer.record(id, said), "recording what was said");
  in.answer(
      {{"customer", hex<std::string>(id.bytes)}, {"sequence", sequence}, {"kind", name_of(kind)}},
      [&] {
        std::printf("directive %u of this customer: %s\n", sequence,
                    std::string(name_of(kind)).c_str());
      });
}

template <class Set, class Name>
std::string names(const Set& set, const Set& all, Name&& name) {
  if (set == all) return "all";
  constexpr std::size_t most = 4;
  std::string out;
  std::size_t count = 0;
  set.for_each([&](auto id) {
    if (count++ < most) out += (out.empty() ? "" : ", ") + name(id);
  });
  if (count > most) out += " and " + std::to_string(count - most) + " more";
  return out;
}

void history(program& in, const std::string& who) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const customer_id id = program::customer(reader, who);
  const auto all = need(reader.directives(id), "reading what was said");
  const recipient_registry registry = *need(reader.recipients(), "reading the registry");
  json::array out;
  for (const directive& one : all) {
    out.push_back(
        {{"sequence", one.sequence},
         {"kind", name_of(one.kind)},
         {"at", text(one.event_at)},
         {"channel", name_of(one.channel)},
         {"by", name_of(one.by)},
         {"purposes",
          names(one.scope.purposes, all_purposes(), [](purpose_id p) { return word_for(p); })},
         {"recipients", names(one.scope.recipients, {recipient::any},
                              [&](recipient_id r) { return word_for(r, registry); })},
         {"notice", one.notice.id.value},
         {"expires", one.not_after ? json::value(text(*one.not_after)) : json::value(nullptr)}});
  }
  in.answer({{"customer", hex<std::string>(id.bytes)}, {"directives", out}}, [&] {
    for (const json::value& one : out) {
      std::printf("%3lld  %s  %-9s %s -> %s (%s)\n",
                  static_cast<long long>(one.at("sequence").to_number<std::int64_t>()),
                  one.at("at").as_string().c_str(), one.at("kind").as_string().c_str(),
                  one.at("purposes").as_string().c_str(), one.at("recipients").as_string().c_str(),
                  one.at("channel").as_string().c_str());
    }
    if (all.empty()) std::printf("nothing was said yet\n");
  });
}

}  // namespace

void add_consent_commands(CLI::App& app, program& in) {
  auto* group = app.add_subcommand("consent", "What a customer has decided");
  group->require_subcommand(1);
  const auto add = [&](const char* name, const char* help, directive_kind kind) {
    auto* command = group->add_subcommand(name, help);
    in.takes_book(*command);
    auto what = std::make_shared<consent_options>();
    const bool grants = kind == directive_kind::grant;
    if (!grants) what->recipients = {"all"};
    command->add_option("customer", what->who, "Public id, or SYSTEM:VALUE")->required();
    command->add_option("-p,--purpose", what->purposes, "Purposes")->required()->delimiter(',');
    auto* to = command->add_option("--to", what->recipients, "Recipients: classes or parties")
                   ->delimiter(',')
                   ->capture_default_str();
    if (grants) to->required();
    command->add_option("--category", what->categories, "Data categories, or all")
        ->delimiter(',')
        ->capture_default_str();
    command->add_option("--operation", what->operations, "Operations")->delimiter(',');
    command->add_option("--channel", what->channel, "store, web, phone, paper, import or other")
        ->capture_default_str();
    command->add_option("--evidence", what->evidence, "Reference to what proves it");
    if (grants) {
      command->add_option("--notice", what->notice, "Title of the notice that was shown")
          ->required();
      command->add_option("--strength", what->strength, "implied, expressed or explicit")
          ->capture_default_str();
      command->add_option("--expires", what->expires, "YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ");
    }
    command->callback([&in, what, kind] { record(in, *what, kind); });
  };
  add("grant", "The customer agrees", directive_kind::grant);
  add("withdraw", "The customer takes back what was granted", directive_kind::withdraw);
  add("deny", "The customer says no, now and for later", directive_kind::deny);
  add("object", "The customer objects (GDPR 21)", directive_kind::object);
  auto* past = group->add_subcommand("history", "All that was said, oldest first");
  in.takes_book(*past);
  auto who = std::make_shared<std::string>();
  past->add_option("customer", *who, "Public id, or SYSTEM:VALUE")->required();
  past->callback([&in, who] { history(in, *who); });
  add_consent_exchange_commands(*group, in);
}

}  // namespace clientbook::cli
