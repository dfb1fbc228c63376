// profile list | show | diff
#include <clientbook/profile_difference.hpp>
#include <clientbook/terms.hpp>

#include <boost/json/array.hpp>
#include <cstdio>
#include <memory>
#include <vector>

#include "program.hpp"
#include "terms.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

const law_profile* const laws[] = {&strict_profile(), &gdpr_profile(), &us_profile(),
                                   &us_ca_profile()};

const law_profile& profile_named(const std::string& name) {
  return *need(find_profile(name), "the profile (see `clientbook profile list`)");
}

void list(program& in) {
  json::array all;
  for (const law_profile* one : laws) {
    all.push_back({{"name", one->name}, {"version", one->version}, {"title", one->title}});
  }
  in.answer({{"profiles", all}}, [&] {
    for (const law_profile* one : laws) {
      std::printf("%-8s version %u  %s\n", std::string(one->name).c_str(), one->version,
                  std::string(one->title).c_str());
    }
  });
}

template <class Rows>
json::array laws_of(const Rows& rows) {
  json::array out;
  for (const auto& row : rows) out.push_back(json::string(row.law));
  return out;
}

// Every row of every table by its reference to the law.
void show(program& in, const std::string& name) {
  const law_profile& law = profile_named(name);
  const std::pair<const char*, json::array> tables[] = {
      {"prohibit", laws_of(law.prohibitions)}, {"reach", laws_of(law.reaches)},
      {"basis", laws_of(law.bases)},           {"obligations", laws_of(law.obligations)},
      {"sensitive", laws_of(law.sensitive)},   {"ages", laws_of(law.ages)},
      {"deadlines", laws_of(law.deadlines)},   {"signals", laws_of(law.signals)}};
  json::object machine{{"name", law.name},
                       {"version", law.version},
                       {"title", law.title},
                       {"unverified", law.unverified}};
  for (const auto& [table, rows] : tables) machine[table] = rows;
  in.answer(machine, [&] {
    std::printf("%s, version %u: %s\nnot verified: %s\n", std::string(law.name).c_str(),
                law.version, std::string(law.title).c_str(), std::string(law.unverified).c_str());
    for (const auto& [table, rows] : tables) {
      std::printf("%-12s", table);
      for (const json::value& row : rows) std::printf(" [%s]", row.as_string().c_str());
      std::printf("\n");
    }
  });
}

struct collector final : profile_change_sink {
  std::vector<profile_change> all;
  void change(const profile_change& found) noexcept override { all.push_back(found); }
};

std::string keys_of(std::uint64_t set, const schema& fields) {
  std::string out;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const field_definition field = fields.at(i);
    if (((set >> field.number.value) & 1U) == 0) continue;
    out += (out.empty() ? "" : ", ") + std::string(field.key);
  }
  return out;
}

void diff(program& in, const std::string& from, const std::string& to) {
  const schema fields = standard_schema();
  std::array<field_terms, schema::max_fields> room;
  const recipient_registry nobody;
  const consent_environment environment{.profile = &profile_named(from),
                                        .registry = &nobody,
                                        .notices = {},
                                        .fields = terms_of(fields, room)};
  const auto workspace = std::make_unique<preview_workspace>();
  collector found;
  const profile_difference count =
      need(compare_profiles({}, environment, profile_named(to), {}, timestamp{}, *workspace, found),
           "comparing");
  json::array changes;
  for (const profile_change& one : found.all) {
    changes.push_back({{"recipient", name_of_recipient(one.recipient, nobody)},
                       {"purpose", name_of_purpose(one.purpose)},
                       {"operation", facts(one.operation)->name},
                       {"opened", keys_of(one.opened, fields)},
                       {"closed", keys_of(one.closed, fields)}});
  }
  in.answer(
      {{"from", from},
       {"to", to},
       {"opened", count.opened},
       {"closed", count.closed},
       {"changes", changes}},
      [&] {
        for (const json::value& one : changes) {
          for (const auto& [sign, member] : {std::pair('+', "opened"), {'-', "closed"}}) {
            const std::string keys(one.at(member).as_string());
            if (keys.empty()) continue;
            std::printf("%c %-18s %-28s %-10s %s\n", sign, one.at("recipient").as_string().c_str(),
                        one.at("purpose").as_string().c_str(),
                        one.at("operation").as_string().c_str(), keys.c_str());
          }
        }
        std::printf("with nothing said, %s permits %zu cells that %s does not, and lacks %zu\n",
                    to.c_str(), count.opened, from.c_str(), count.closed);
      });
}

}  // namespace

void add_profile_commands(CLI::App& app, program& in) {
  auto* group = app.add_subcommand("profile", "Law profiles: what they say, and how they differ");
  group->require_subcommand(1);
  group->add_subcommand("list", "List them")->callback([&in] { list(in); });
  {
    auto* command =
        group->add_subcommand("show", "Its tables, row by row, by reference to the law");
    auto name = std::make_shared<std::string>();
    command->add_option("name", *name, "gdpr, us-ca, us or strict")->required();
    command->callback([&in, name] { show(in, *name); });
  }
  {
    auto* command = group->add_subcommand(
        "diff", "What one permits and the other does not, when nobody has said anything");
    auto from = std::make_shared<std::string>();
    auto to = std::make_shared<std::string>();
    command->add_option("from", *from, "The one that is followed")->required();
    command->add_option("to", *to, "The one that would be")->required();
    command->callback([&in, from, to] { diff(in, *from, *to); });
  }
}

}  // namespace clientbook::cli
