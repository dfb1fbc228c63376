// Prints random cases with the library's answers, for tests/python/reference_evaluator.py.
//
// usage: clientbook_consent_cases SEED HISTORIES
//
// One JSON value a line.
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "random_consent.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

// --- JSON ---------------------------------------------------------------------------------------

std::string text;

[[gnu::format(printf, 1, 2)]] void put(const char* format, ...) {
  char buffer[256];
  va_list arguments;
  va_start(arguments, format);
  const int size = std::vsnprintf(buffer, sizeof buffer, format, arguments);
  va_end(arguments);
  text.append(buffer, static_cast<std::size_t>(size));
}

template <class Set>
void put_set(const char* name, const Set& terms) {
  put("\"%s\":[", name);
  bool first = true;
  terms.for_each([&](auto id) {
    put(first ? "%u" : ",%u", unsigned{id.value});
    first = false;
  });
  put("]");
}

void put_scope(const char* name, const consent_scope& scope) {
  put("\"%s\":{", name);
  put_set("purposes", scope.purposes & all_purposes());
  put(",");
  put_set("recipients", scope.recipients);
  put(",");
  put_set("categories", scope.categories & all_categories());
  put(",");
  put_set("operations", scope.operations);
  put("}");
}

void put_obligations(const char* name, const obligations& value) {
  put("\"%s\":{\"required\":%u,\"mask\":%u,\"encrypt_for\":%u,\"expire\":%u,", name,
      unsigned{value.required.bits()}, static_cast<unsigned>(value.mask),
      unsigned{value.encrypt_for.value}, value.expire_seconds);
  put("\"attach_notice\":%u,\"contract\":%u,\"rate_count\":%u,\"rate_seconds\":%u}",
      value.attach_notice.value, value.contract, value.rate_count, value.rate_seconds);
}

template <class Rows, class Each>
void put_rows(const char* name, const Rows& rows, Each&& each) {
  put("\"%s\":[", name);
  bool first = true;
  for (const auto& row : rows) {
    put(first ? "{" : ",{");
    first = false;
    each(row);
    put("}");
  }
  put("],");
}

void put_name(const char* name, std::string_view value) {
  put("\"%s\":\"%.*s\"", name, static_cast<int>(value.size()), value.data());
}

void put_by(std::uint8_t bits) {
  put("\"by\":[");
  bool first = true;
  for (unsigned i = 1; i <= 5; ++i) {
    if (((bits >> i) & 1U) == 0) continue;
    const std::string_view name = name_of(static_cast<indicated_by>(i));
    put(first ? "\"%.*s\"" : ",\"%.*s\"", static_cast<int>(name.size()), name.data());
    first = false;
  }
  put("]");
}

void flush_line() {
  text += '\n';
  std::fwrite(text.data(), 1, text.size(), stdout);
  text.clear();
}

void print_profile(const law_profile& profile) {
  put("{\"profile\":{\"id\":%u,\"minimum_strength\":%u,\"child_below\":%u,",
      unsigned{profile.id.value}, static_cast<unsigned>(profile.minimum_strength),
      unsigned{profile.child_below});
  put_rows("prohibitions", profile.prohibitions, [](const prohibition_rule& row) {
    put_scope("scope", row.scope);
    const char* const names[] = {"always", "transfer_without_basis", "child"};
    put(",\"condition\":\"%s\"", names[static_cast<unsigned>(row.condition)]);
  });
  put_rows("reaches", profile.reaches, [](const reach_rule& row) {
    put_name("kind", name_of(row.kind));
    put(",");
    put_by(row.by);
    put(",\"bases\":[");
    bool first = true;
    for (unsigned i = 1; i < 8; ++i) {
      if (((row.bases >> i) & 1U) == 0) continue;
      const std::string_view name = name_of(static_cast<lawful_basis>(i));
      put(first ? "\"%.*s\"" : ",\"%.*s\"", static_cast<int>(name.size()), name.data());
      first = false;
    }
    put("],");
    put_set("always", row.always);
    put(",");
    put_set("except_purposes", row.except_purposes);
    put(",");
    put_set("except_operations", row.except_operations);
    put(",");
    put_set("direct_marketing", row.direct_marketing);
    put(",");
    put_set("only_categories", row.only_categories);
  });
  put_rows("bases", profile.bases, [](const basis_rule& row) {
    put_scope("scope", row.scope);
    put(",");
    put_name("basis", name_of(row.basis));
    put(",\"needs_assertion\":%s,\"sensitive\":%s", row.needs_assertion ? "true" : "false",
        row.sensitive ? "true" : "false");
  });
  put_rows("obligations", profile.obligations, [](const obligation_rule& row) {
    put_scope("scope", row.scope);
    put(",");
    put_obligations("required", row.required);
  });
  put_rows("sensitive", profile.sensitive, [](const sensitive_rule& row) {
    put_set("categories", row.categories);
    put(",\"strength\":%u", static_cast<unsigned>(row.strength));
  });
  bool first = true;
  put_rows("ages", profile.ages, [&first](const age_rule& row) {
    put("\"below\":%u,\"strength\":%u,", unsigned{row.below}, static_cast<unsigned>(row.strength));
    put_set("purposes", row.purposes & all_purposes());
    put(",");
    put_by(row.by);
    put(",\"states\":[");
    for (std::size_t i = 0; i < row.states.size() && row.states[i] != country_code{}; ++i) {
      put(i == 0 ? "\"%c%c\"" : ",\"%c%c\"", row.states[i][0], row.states[i][1]);
    }
    put("],\"services\":[");
    first = true;
    for (const service_kind kind : {service_kind::online, service_kind::in_shop}) {
      if ((row.services >> static_cast<unsigned>(kind) & 1U) == 0) continue;
      const std::string_view name = name_of(kind);
      put(first ? "\"%.*s\"" : ",\"%.*s\"", static_cast<int>(name.size()), name.data());
      first = false;
    }
    put("]");
  });
  put("\"adequate\":[");
  first = true;
  for (const country_code& each : profile.adequate) {
    put(first ? "\"%c%c\"" : ",\"%c%c\"", each[0], each[1]);
    first = false;
  }
  put("]}}");
  flush_line();
}

void print_world(const world& all) {
  put("{\"environment\":{\"version\":%u,", all.registry.version());
  put_rows("parties", all.registry.parties(), [](const recipient_party& party) {
    put("\"id\":%u,\"class\":%u,\"country\":\"%c%c\",\"contract\":%u,\"transfer\":%u,",
        unsigned{party.id.value}, unsigned{party.party_class.value}, party.country[0],
        party.country[1], party.contract.view().empty() ? 0U : 1U,
        static_cast<unsigned>(party.transfer));
    put("\"onward\":%u,\"added\":%u,\"removed\":%u", static_cast<unsigned>(party.onward),
        party.added, party.removed);
  });
  put_rows("notices", all.notices, [](const privacy_notice& notice) {
    put("\"reference\":[%u,%u,%u],\"registry_version\":%u,", notice.id.value, notice.version,
        static_cast<unsigned>(notice.hash[0]), notice.registry_version);
    put_scope("announced", notice.announced);
  });
  put("\"fields\":{");
  bool first = true;
  for (const field_terms& terms : all.fields) {
    put(first ? "\"%u\":[" : ",\"%u\":[", unsigned{terms.field.value});
    first = false;
    for (std::size_t i = 0; i < 4 && terms.categories[i] != category_id{}; ++i) {
      put(i == 0 ? "%u" : ",%u", unsigned{terms.categories[i].value});
    }
    put("]");
  }
  put("}}}");
  flush_line();
}

void put_instant(const char* name, const std::optional<timestamp>& at) {
  if (at) {
    put("\"%s\":%lld,", name, static_cast<long long>(at->seconds));
  } else {
    put("\"%s\":null,", name);
  }
}

void put_directive(const directive& one) {
  put("{\"id\":%u,\"sequence\":%u,", load_be<std::uint32_t>(one.id.bytes.data()), one.sequence);
  put_name("kind", name_of(one.kind));
  put(",");
  put_name("by", name_of(one.by));
  put(",");
  put_name("channel", name_of(one.channel));
  const char* const works[] = {"", "yes", "no"};
  put(",\"jurisdiction\":%u,\"works_here\":\"%s\",\"residence\":\"%.*s\",",
      unsigned{one.jurisdiction.value}, works[static_cast<unsigned>(one.works_here)],
      one.residence == state_code{} ? 0 : 2, one.residence.data());
  put_name("basis", name_of(one.basis));
  put(",\"strength\":%u,\"informed\":%s,\"registry_version\":%u,\"event_at\":%lld,",
      static_cast<unsigned>(one.strength), one.informed ? "true" : "false", one.registry_version,
      static_cast<long long>(one.event_at.seconds));
  put_instant("not_before", one.not_before);
  put_instant("not_after", one.not_after);
  put("\"evidence\":%s,\"notice\":[%u,%u,%u],\"supersedes\":[",
      one.evidence.hash == consent_hash{} ? "false" : "true", one.notice.id.value,
      one.notice.version, static_cast<unsigned>(one.notice.hash[0]));
  for (std::size_t i = 0; i < 4 && one.supersedes[i] != directive_id{}; ++i) {
    put(i == 0 ? "%u" : ",%u", load_be<std::uint32_t>(one.supersedes[i].bytes.data()));
  }
  put("],");
  const date& believed = one.age.believed;
  if (believed == date{}) {
    put("\"believed\":null,");
  } else {
    put("\"believed\":\"%04d-%02u-%02u\",", int{believed.year}, unsigned{believed.month},
        unsigned{believed.day});
  }
  put_scope("scope", one.scope);
  put(",");
  put_obligations("conditions", one.conditions);
  put("}");
}

// The request with the answers of both evaluators of the library, which must agree (P8).
void put_answers(const compiled_state_view& state, decision_request request, const world& all) {
  const record_decision decision = evaluate(state, request);
  put("{\"purpose\":%u,\"recipient\":%u,\"operation\":%u,\"now\":%lld,\"trusted\":%s,",
      unsigned{request.purpose.value}, unsigned{request.recipient.value},
      unsigned{request.operation.value}, static_cast<long long>(request.now.seconds),
      request.clock == clock_confidence::trusted ? "true" : "false");
  put("\"discharges\":%u,\"country\":\"%s\",", unsigned{request.discharges.bits()},
      request.country == country_code{} ? "" : "DE");
  put_obligations("required", decision.required);
  put(",\"operators\":{");
  bool first = true;
  for (unsigned i = 0; i < 64; ++i) {
    if (decision.operators[i] == redaction_operator::none) continue;
    put(first ? "\"%u\":%u" : ",\"%u\":%u", i, static_cast<unsigned>(decision.operators[i]));
    first = false;
  }
  put("},\"answers\":[");
  std::vector<field_id> asked;
  for (const field_terms& terms : all.fields) asked.push_back(terms.field);
  if (request.now.seconds % 8 == 1) asked.push_back(field_id(1));  // not a field of this world
  first = true;
  for (const field_id field : asked) {
    const explanation why = explain(state, request, field);
    const bool same =
        why.permitted == decision.permitted.has(field) && decision.decided[why.stage].has(field);
    if (!same) {
      std::fprintf(stderr, "explain and evaluate disagree about field %u\n", unsigned{field.value});
      std::exit(1);
    }
    const char* const sources[] = {"none", "directive", "profile"};
    const unsigned which = why.source == rule_source::profile ? why.row : why.sequence;
    put(first ? "[%u,{" : ",[%u,{", unsigned{field.value});
    first = false;
    put("\"permitted\":%s,\"stage\":%u,", why.permitted ? "true" : "false", unsigned{why.stage});
    put_name("code", name_of(why.code));
    put(",\"source\":\"%s\",\"which\":%u", sources[static_cast<unsigned>(why.source)], which);
    if (why.permitted || why.stage == 8) {
      put(",");
      put_obligations("obligations", why.required);
    }
    put("}]");
  }
  put("]}");
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) {
    std::fprintf(stderr, "usage: clientbook_consent_cases SEED HISTORIES\n");
    return 2;
  }
  generator make(static_cast<std::uint32_t>(std::atoi(arguments[1])));
  make.with_parties().with_moves();
  const int histories = std::atoi(arguments[2]);
  const auto workspace = std::make_unique<compile_workspace>();
  std::vector<std::byte> buffer(max_compiled_state);
  std::unique_ptr<world> all;
  for (int i = 0; i < histories; ++i) {
    if (i % 50 == 0) {
      all = make.make_world();
      print_profile(all->profile);
      print_world(*all);
    }
    const std::vector<directive> said = make.history();
    subject_facts subject{make.age()};
    subject.residence = make.residence();
    const consent_environment environment{&all->profile, &all->registry, all->notices, all->fields};
    const auto bytes = compile(said, environment, subject, timestamp{now_at}, *workspace, buffer);
    if (!bytes) {
      std::fprintf(stderr, "history %d: %s\n", i, bytes.error().text.c_str());
      return 1;
    }
    const auto state = compiled_state_view::open(*bytes);
    if (!state) {
      std::fprintf(stderr, "history %d: the state does not open\n", i);
      return 1;
    }
    put("{\"age\":");
    if (subject.age) {
      put("%u", unsigned{*subject.age});
    } else {
      put("null");
    }
    if (subject.residence == country_code{}) {
      put(",\"residence\":\"\"");
    } else {
      put(",\"residence\":\"%c%c\"", subject.residence[0], subject.residence[1]);
    }
    put(",\"as_of\":%lld,\"history\":[", static_cast<long long>(now_at));
    for (std::size_t k = 0; k < said.size(); ++k) {
      if (k != 0) put(",");
      put_directive(said[k]);
    }
    put("],\"requests\":[");
    for (int k = 0; k < 4; ++k) {
      if (k != 0) put(",");
      put_answers(*state, make.request(said), *all);
    }
    put("]}");
    flush_line();
  }
  return 0;
}
