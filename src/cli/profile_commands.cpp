// profile list | show | diff | export | check | new-key | sign
#include <clientbook/base/hex.hpp>
#include <clientbook/exchange/profile_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <cstdio>
#include <memory>
#include <vector>

#include "profile_source.hpp"
#include "program.hpp"
#include "signing_key.hpp"
#include "terms.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

const law_profile* const laws[] = {&strict_profile(), &gdpr_profile(), &us_profile(),
                                   &us_ca_profile()};

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
  const auto source = load_profile(name);
  const law_profile& law = source->law;
  const std::pair<const char*, json::array> tables[] = {
      {"prohibit", laws_of(law.prohibitions)}, {"reach", laws_of(law.reaches)},
      {"basis", laws_of(law.bases)},           {"obligations", laws_of(law.obligations)},
      {"sensitive", laws_of(law.sensitive)},   {"ages", laws_of(law.ages)},
      {"deadlines", laws_of(law.deadlines)},   {"signals", laws_of(law.signals)},
      {"opt_out", laws_of(law.opt_outs)},      {"on_behalf", laws_of(law.on_behalf)}};
  json::object machine = summary_of(*source);
  for (const auto& [table, rows] : tables) machine[table] = rows;
  in.answer(machine, [&] {
    print_summary(*source);
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

void diff(program& in, const std::string& from, const std::string& to) {
  const auto before = load_profile(from);
  const auto after = load_profile(to);
  const schema fields = standard_schema();
  std::array<field_terms, schema::max_fields> room;
  const recipient_registry nobody;
  const consent_environment environment{.profile = &before->law,
                                        .registry = &nobody,
                                        .notices = {},
                                        .fields = terms_of(fields, room)};
  const auto workspace = std::make_unique<preview_workspace>();
  collector found;
  const profile_difference count =
      need(compare_profiles({}, environment, after->law, {}, timestamp{}, *workspace, found),
           "comparing");
  const json::array changes = changes_of(found.all, nobody, fields);
  in.answer({{"from", from},
             {"to", to},
             {"opened", count.opened},
             {"closed", count.closed},
             {"changes", changes}},
            [&] {
              print_changes(changes);
              std::printf(
                  "with nothing said, %s permits %zu cells that %s does not, and lacks %zu\n",
                  to.c_str(), count.opened, from.c_str(), count.closed);
            });
}

void export_text(program& in, const std::string& name) {
  const auto source = load_profile(name);
  const std::string text = need(json_of_profile(source->law), "writing the profile");
  in.answer({{"profile", json::parse(text)}}, [&] { std::fputs(text.c_str(), stdout); });
}

void check(program& in, const std::string& file) {
  const auto source = load_profile(file);
  in.answer(summary_of(*source), [&] { print_summary(*source); });
}

void new_key(program& in, const std::string& path) {
  const std::string key = hex<std::string>(make_signing_key(path).public_key());
  in.answer({{"key", key}}, [&] {
    std::printf(
        "%s\nThis is the public key, for `clientbook profile trust`. Keep the file apart.\n",
        key.c_str());
  });
}

void sign(program& in, const std::string& file, const std::string& key, const std::string& out) {
  const auto source = load_profile(file);
  std::vector<std::byte> room(max_signed_profile_bytes);
  const byte_view bytes =
      need(sign_profile(source->canonical, read_signing_key(key, "--signing-key"), room),
           "signing the profile");
  write_new(out, bytes, 0644, "--out");
  const auto written = read_signed_profile(bytes);
  in.answer(summary_of(*written), [&] { print_summary(*written); });
}

}  // namespace

void add_profile_commands(command app, program& in) {
  auto group = app.add_command(
      "profile", "Law profiles: what they say, how they differ, and which one a book follows");
  group.require_command();
  constexpr const char* which = "gdpr, us-ca, us, strict, or a file";
  group.add_command("list", "List the built-in ones").callback([&in] { list(in); });
  {
    auto command = group.add_command("show", "Its tables, row by row, by reference to the law");
    auto name = std::make_shared<std::string>();
    command.add_option("name", *name, which).required();
    command.callback([&in, name] { show(in, *name); });
  }
  {
    auto command = group.add_command(
        "diff", "What one permits and the other does not, when nobody has said anything");
    auto from = std::make_shared<std::string>();
    auto to = std::make_shared<std::string>();
    command.add_option("from", *from, "The one that is followed").required();
    command.add_option("to", *to, "The one that would be").required();
    command.callback([&in, from, to] { diff(in, *from, *to); });
  }
  {
    auto command = group.add_command("export", "The whole of it as JSON, to be changed and signed");
    auto name = std::make_shared<std::string>();
    command.add_option("name", *name, which).required();
    command.callback([&in, name] { export_text(in, *name); });
  }
  {
    auto command = group.add_command(
        "check", "Whether a file holds a profile, and whether its signature is good");
    auto file = std::make_shared<std::string>();
    command.add_option("file", *file, "JSON, or a signed profile").required();
    command.callback([&in, file] { check(in, *file); });
  }
  {
    auto command = group.add_command("new-key", "Make a key that signs profiles");
    auto file = std::make_shared<std::string>();
    command.add_option("file", *file, "Where to keep it; must not be there").required();
    command.callback([&in, file] { new_key(in, *file); });
  }
  {
    auto command = group.add_command("sign", "Sign a profile");
    auto file = std::make_shared<std::string>();
    auto key = std::make_shared<std::string>();
    auto out = std::make_shared<std::string>();
    command.add_option("file", *file, "JSON, or a name of a built-in one").required();
    command.add_option("--signing-key", *key, "Made by `profile new-key`").required();
    command.add_option("--out", *out, "Where the signed profile goes; must not be there")
        .required();
    command.callback([&in, file, key, out] { sign(in, *file, *key, *out); });
  }
  add_policy_commands(group, in);
}

}  // namespace clientbook::cli
