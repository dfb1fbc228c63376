// What a decision costs: a record of 64 fields at once, in one state that is hot, in a thousand
// states, for a million customers who share five hundred; its explanation; the compilation.
//
// The peer is Casbin (Go), the closest general engine with hierarchies and deny-override. It gets
// the same twelve directives as rules, and DPV's graphs as roles. It decides one cell a call,
// so the ratio is of one field against one field.
#include <clientbook/consent/evaluate.hpp>
#include <clientbook/consent/shop_consent.hpp>
#include <clientbook/exchange/gpp.hpp>
#include <clientbook/exchange/tcf.hpp>
#include <clientbook/model/categories.hpp>
#include <clientbook/model/terms.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "figures.hpp"

using namespace clientbook;

namespace {

constexpr timestamp now{1'760'000'000};

void need(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "consent_bench: %s\n", what);
  std::exit(1);
}

// Categories of a retailer's record, dealt out to 64 fields.
constexpr category_id kinds[] = {
    category::name,        category::email_address, category::telephone_number,
    category::purchase,    category::birth_date,    category::physical_address,
    category::language,    category::loyalty_id,    category::note,
    category::payment_card};

consent_scope scope_of(purpose_set purposes, recipient_set recipients, category_set categories,
                       operation_set operations = {operation::collect, operation::store,
                                                   operation::use, operation::disclose}) {
  return {purposes, recipients, categories, operations};
}

struct shop {
  recipient_registry registry;
  std::vector<privacy_notice> notices;
  std::vector<field_terms> fields;
  recipient_id partner, parcels, broker;

  shop() {
    partner = add("Partner", recipient::selected_partner);
    parcels = add("Parcels", recipient::parcel_service);
    broker = add("Broker", recipient::data_broker);
    for (std::uint8_t i = 0; i < 64; ++i) {
      fields.push_back({field_id(i), {kinds[i % std::size(kinds)]}});
    }
    privacy_notice notice;
    notice.id = notice_id(1);
    notice.announced = everything();
    notice.announced.recipients = all_recipient_classes();
    notice.announced.recipients.remove(recipient::any);
    notice.announced.categories = all_categories();
    notice.registry_version = registry.version();
    notice.hash.fill(std::byte{1});
    notices.push_back(notice);
  }

  recipient_id add(const char* name, recipient_id kind) {
    recipient_party party;
    party.party_class = kind;
    party.name = short_text<64>(name);
    party.country = {'D', 'E'};
    party.contract = short_text<32>("C-1");
    party.onward = onward_rule::forbidden;
    const auto id = registry.add(party);
    need(id.has_value(), "the registry");
    return *id;
  }

  consent_environment environment() const { return {&gdpr_profile(), &registry, notices, fields}; }

  directive said(directive_kind kind, const consent_scope& scope, std::uint32_t number) const {
    consent_act act;
    store_be<std::uint32_t>(act.id.bytes.data(), number);
    act.at = timestamp{1'700'000'000 + number};
    act.evidence.hash.fill(std::byte{7});
    directive out = kind == directive_kind::grant ? make_grant(scope, notices.front(), act)
                                                  : make_directive(kind, scope, act);
    out.sequence = number;
    return out;
  }

  // A long history: what a customer of ten years may have said.
  std::vector<directive> history() const {
    using kind = directive_kind;
    const category_set contact{category::name, category::email_address, category::language};
    const std::pair<kind, consent_scope> all[] = {
        {kind::grant, scope_of({purpose::client_care}, {recipient::self},
                               contact | category_set{category::purchase, category::note})},
        {kind::grant, scope_of({purpose::email_marketing}, {recipient::self}, contact)},
        {kind::grant, scope_of({purpose::email_marketing}, {recipient::selected_partner}, contact)},
        {kind::grant, scope_of({purpose::birthday_greeting}, {recipient::self},
                               {category::name, category::birth_date})},
        {kind::withdraw,
         scope_of({purpose::birthday_greeting}, {recipient::self}, {category::birth_date})},
        {kind::grant, scope_of({purpose::provide_product_recommendations}, {recipient::self},
                               {category::purchase, category::name})},
        {kind::deny,
         scope_of({purpose::telephone_marketing}, {recipient::any}, {category::telephone_number})},
        {kind::object,
         scope_of({purpose::personalised_advertising}, {recipient::any}, all_categories())},
        {kind::refuse,
         scope_of({purpose::data_enrichment}, {recipient::third_party}, {category::personal_data})},
        {kind::grant, scope_of({purpose::loyalty_programme}, {recipient::self},
                               {category::loyalty_id, category::purchase, category::name})},
        {kind::deny, scope_of({purpose::postal_marketing}, {recipient::selected_partner},
                              {category::physical_address})},
        {kind::grant, scope_of({purpose::special_day_reminder}, {recipient::self},
                               {category::name, category::birth_date})},
    };
    std::vector<directive> out;
    for (const auto& [what, scope] : all) {
      out.push_back(said(what, scope, static_cast<std::uint32_t>(out.size() + 1)));
    }
    return out;
  }

  std::vector<std::byte> compiled(std::span<const directive> directives) const {
    static const auto workspace = std::make_unique<compile_workspace>();
    std::vector<std::byte> room(max_compiled_state);
    const auto bytes = compile(directives, environment(), {}, now, *workspace, room);
    need(bytes.has_value(), "compile");
    return {bytes->begin(), bytes->end()};
  }

  decision_request asked(purpose_id purpose, recipient_id to, operation_id how) const {
    decision_request out;
    out.purpose = purpose;
    out.recipient = to;
    out.operation = how;
    out.now = now;
    out.discharges = obligation_set::of_bits(0xffff);
    return out;
  }

  std::vector<decision_request> questions() const {
    return {asked(purpose::email_marketing, recipient::self, operation::use),
            asked(purpose::client_care, recipient::self, operation::use),
            asked(purpose::email_marketing, partner, operation::disclose),
            asked(purpose::customer_order_management, recipient::self, operation::use),
            asked(purpose::delivery_of_goods, parcels, operation::disclose),
            asked(purpose::birthday_greeting, recipient::self, operation::use),
            asked(purpose::sell_data_to_third_parties, broker, operation::sell),
            asked(purpose::telephone_marketing, recipient::self, operation::use)};
  }
};

const shop& the_shop() {
  static const shop one;
  return one;
}

// Many states: the long history with one grant more, of another purpose each, and parts left out.
struct interned {
  std::vector<std::vector<std::byte>> bytes;
  std::vector<compiled_state_view> views;

  explicit interned(std::size_t count) {
    const shop& s = the_shop();
    std::mt19937 random(7);
    while (bytes.size() < count) {
      std::vector<directive> said = s.history();
      std::erase_if(said, [&](const directive&) { return random() % 4 == 0; });
      const purpose_id purpose(static_cast<std::uint8_t>(1 + random() % 138));
      const category_id kind = kinds[random() % std::size(kinds)];
      said.push_back(
          s.said(directive_kind::grant, scope_of({purpose}, {recipient::self}, {kind}), 100));
      bytes.push_back(s.compiled(said));
    }
    for (const auto& one : bytes) {
      const auto opened = compiled_state_view::open(one);
      need(opened.has_value(), "open");
      views.push_back(*opened);
    }
  }
};

void decide(benchmark::State& run, const std::vector<compiled_state_view>& states,
            std::span<const std::uint32_t> order) {
  const auto questions = the_shop().questions();
  std::size_t at = 0;
  std::uint64_t permitted = 0;
  for (auto _ : run) {
    const record_decision decision = evaluate(states[order[at]], questions[at % 8]);
    permitted += decision.permitted.bits();
    benchmark::DoNotOptimize(permitted);
    if (++at == order.size()) at = 0;
  }
}

void mask64_hot(benchmark::State& run) {
  static const std::vector<std::byte> bytes = the_shop().compiled(the_shop().history());
  const std::vector<compiled_state_view> states{*compiled_state_view::open(bytes)};
  const std::vector<std::uint32_t> order(1024, 0);
  decide(run, states, order);
}
BENCHMARK(mask64_hot);

std::vector<std::uint32_t> customers(std::size_t count, std::uint32_t states) {
  std::mt19937 random(3);
  std::vector<std::uint32_t> out(count);
  for (std::uint32_t& one : out) one = static_cast<std::uint32_t>(random() % states);
  return out;
}

void mask64_1000_states(benchmark::State& run) {
  static const interned all(1000);
  static const auto order = customers(65'536, 1000);
  decide(run, all.views, order);
}
BENCHMARK(mask64_1000_states);

void mask64_1m_customers(benchmark::State& run) {
  static const interned all(500);
  static const auto order = customers(1'000'000, 500);
  decide(run, all.views, order);
}
BENCHMARK(mask64_1m_customers);

void one_field(benchmark::State& run) {
  static const std::vector<std::byte> bytes = the_shop().compiled(the_shop().history());
  const compiled_state_view state = *compiled_state_view::open(bytes);
  auto questions = the_shop().questions();
  for (decision_request& one : questions) one.fields = only(field_id(1));
  std::size_t at = 0;
  std::uint64_t permitted = 0;
  for (auto _ : run) {
    permitted += evaluate(state, questions[++at % 8]).permitted.bits();
    benchmark::DoNotOptimize(permitted);
  }
}
BENCHMARK(one_field);

void explain_one(benchmark::State& run) {
  static const std::vector<std::byte> bytes = the_shop().compiled(the_shop().history());
  const compiled_state_view state = *compiled_state_view::open(bytes);
  const auto questions = the_shop().questions();
  std::size_t at = 0;
  for (auto _ : run) {
    const explanation why =
        explain(state, questions[at % 8], field_id(static_cast<std::uint8_t>(at % 64)));
    benchmark::DoNotOptimize(why);
    ++at;
  }
}
BENCHMARK(explain_one);

void compile16(benchmark::State& run) {
  const shop& s = the_shop();
  std::vector<directive> said = s.history();
  for (std::uint32_t i = 13; i <= 16; ++i) {
    said.push_back(s.said(directive_kind::grant,
                          scope_of({purpose_id(static_cast<std::uint8_t>(i * 7))},
                                   {recipient::self}, {kinds[i % std::size(kinds)]}),
                          i));
  }
  const auto workspace = std::make_unique<compile_workspace>();
  std::vector<std::byte> room(max_compiled_state);
  const consent_environment environment = s.environment();
  for (auto _ : run) {
    const auto bytes = compile(said, environment, {}, now, *workspace, room);
    if (!bytes) run.SkipWithError("compile failed");
    benchmark::DoNotOptimize(bytes);
  }
}
BENCHMARK(compile16);

// --- signals that come with a request ---------------------------------------------------------

constexpr std::string_view fifty_vendors =
    "CQeEcwAQeEcwAAKACBENAqFsAP_gAH_gAAYgAZQAYAAgBkAGUAGAAIAZAAAA.IAZQAYAAgBkA.YAAAAAAAAAAA";

void tcf_decode(benchmark::State& run) {
  std::string_view text = fifty_vendors;
  for (auto _ : run) {
    benchmark::DoNotOptimize(text);
    const auto tc = read_tc_string(text);
    if (!tc) run.SkipWithError("refused");
    benchmark::DoNotOptimize(tc);
  }
}
BENCHMARK(tcf_decode);

void gpp_usnat_decode(benchmark::State& run) {
  std::string_view text = "DBABLA~CVVqGGGGGACA.QA";
  for (auto _ : run) {
    benchmark::DoNotOptimize(text);
    const auto gpp = read_gpp(text);
    const auto privacy = read_us_privacy(gpp_section::usnat, gpp->section(gpp_section::usnat));
    if (!privacy) run.SkipWithError("refused");
    benchmark::DoNotOptimize(privacy);
  }
}
BENCHMARK(gpp_usnat_decode);

// --- the peer ---------------------------------------------------------------------------------

// What a program prints, or nothing if it fails.
std::string printed_by(const std::string& command) {
  std::FILE* from = ::popen(command.c_str(), "r");
  std::string out;
  for (int c = 0; from != nullptr && (c = std::fgetc(from)) != EOF;) out += static_cast<char>(c);
  return from != nullptr && ::pclose(from) == 0 ? out : std::string();
}

template <class Id>
void write_edges(std::FILE* to, const char* graph, std::uint8_t count) {
  for (std::uint8_t i = 1; i < count; ++i) {
    const auto term = facts(Id(i));
    if (!term) continue;
    for (const std::uint8_t parent : term->parents) {
      const auto above = facts(Id(parent));
      std::fprintf(to, "%s, %s, %s\n", graph, std::string(term->name).c_str(),
                   std::string(above->name).c_str());
    }
  }
}

// The same twelve directives, as Casbin's rules: grants that stand allow, denials deny. What of a
// grant was withdrawn is left out, since a rule has no order.
bool write_policy(const std::string& path) {
  std::FILE* to = std::fopen(path.c_str(), "w");
  if (to == nullptr) return false;
  for (const directive& one : the_shop().history()) {
    if (one.kind == directive_kind::withdraw) continue;
    const char* effect = one.kind == directive_kind::grant ? "allow" : "deny";
    one.scope.purposes.for_each([&](purpose_id purpose) {
      one.scope.recipients.for_each([&](recipient_id to_whom) {
        one.scope.categories.for_each([&](category_id category) {
          std::fprintf(to, "p, %s, %s, %s, %s\n", std::string(facts(purpose)->name).c_str(),
                       std::string(facts(to_whom)->name).c_str(),
                       std::string(facts(category)->name).c_str(), effect);
        });
      });
    });
  }
  write_edges<purpose_id>(to, "g", 139);
  write_edges<recipient_id>(to, "g2", 29);
  write_edges<category_id>(to, "g3", 255);
  return std::fclose(to) == 0;
}

double casbin_nanoseconds(const std::string& peer) {
  const std::string policy =
      (std::filesystem::temp_directory_path() / "consent_bench_policy.csv").string();
  need(write_policy(policy), "the peer's policy cannot be written");
  // It knows no basis but consent; what consent permits it must permit, and nothing else.
  const std::vector<std::byte> bytes = the_shop().compiled(the_shop().history());
  const compiled_state_view state = *compiled_state_view::open(bytes);
  std::string answers;
  for (const decision_request& one : the_shop().questions()) {
    answers += evaluate(state, one).decided[5].has(field_id(1)) ? '1' : '0';
  }
  const double value = std::atof(printed_by(peer + " " + policy + " " + answers).c_str());
  std::filesystem::remove(policy);
  need(value > 0, "the peer failed");
  return value;
}

// --- instructions -----------------------------------------------------------------------------

constexpr const char* count_option = "--decide";

// Run under callgrind with two counts, so that only decisions are left in the difference.
int only_decide(long count) {
  const std::vector<std::byte> bytes = the_shop().compiled(the_shop().history());
  const compiled_state_view state = *compiled_state_view::open(bytes);
  const auto questions = the_shop().questions();
  std::uint64_t permitted = 0;
  for (long i = 0; i < count; ++i) {
    permitted += evaluate(state, questions[static_cast<std::size_t>(i % 8)]).permitted.bits();
  }
  benchmark::DoNotOptimize(permitted);
  return 0;
}

double instructions_of(const std::string& self, long count) {
  const std::string said =
      printed_by("valgrind --tool=callgrind --callgrind-out-file=/dev/null " + self + " " +
                 count_option + " " + std::to_string(count) + " 2>&1");
  const std::size_t at = said.find("Collected :");
  return at == std::string::npos ? 0 : std::atof(said.c_str() + at + std::strlen("Collected :"));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::strcmp(argv[1], count_option) == 0) return only_decide(std::atol(argv[2]));
  clientbook::benchmarking::figures figures(argc, argv);
  const std::string twelve = "a record of 64 fields, 12 directives, gdpr";
  figures.time({"consent.mask64_hot_ns", "ns", "<= 50", twelve + ", one state"}, "mask64_hot");
  figures.time({"consent.mask64_1000states_ns", "ns", "<= 100", twelve + ", 1,000 states"},
               "mask64_1000_states");
  figures.time({"consent.mask64_1m_customers_ns", "ns", "",
                twelve + ", 1,000,000 customers at random, 500 states"},
               "mask64_1m_customers");
  figures.time({"consent.explain_ns", "ns", "<= 1000", "one field, 12 directives"}, "explain_one");
  figures.time({"consent.compile16_ns", "ns", "<= 20000", "16 directives, 64 fields, gdpr"},
               "compile16");
  figures.time({"consent.tcf_decode_ns", "ns", "<= 2000", "a TC string of fifty vendors"},
               "tcf_decode");
  figures.time({"consent.gpp_usnat_decode_ns", "ns", "<= 1000", "header and section usnat"},
               "gpp_usnat_decode");
  const std::string self = argv[0];
  const std::string peer = (std::filesystem::path(self).parent_path() / "casbin_peer").string();
  if (std::filesystem::exists(peer)) {
    figures.ratio_to({"consent.ratio_to_casbin", "ratio", "",
                      "Casbin for Go 2.100, Enforce() of one cell; ours: evaluate() of one field"},
                     "one_field", [peer] { return casbin_nanoseconds(peer); });
  } else {
    std::fprintf(stderr, "consent_bench: no casbin_peer (needs go): its ratio is left out\n");
  }
  if (std::system("command -v valgrind >/dev/null") == 0) {
    figures.measure({"consent.instructions_per_decision", "instructions", "", twelve}, 1, [self] {
      constexpr long step = 20'000;
      return (instructions_of(self, 2 * step) - instructions_of(self, step)) / step;
    });
  } else {
    std::fprintf(stderr, "consent_bench: no valgrind: instructions are not counted\n");
  }
  return figures.run();
}
