// duplicates | not-same: who may be in the book twice, and who is not.
#include <clientbook/transfer/duplicates_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <memory>

#include "find_commands.hpp"
#include "printed_json.hpp"
#include "program.hpp"
#include "terms.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

struct duplicate_flags {
  std::string of;
  std::string purpose;
  std::size_t most = 0;
};

void list_duplicates(program& in, const duplicate_flags& what) {
  const book opened = in.open();
  session reader = in.begin(opened);
  json::object request{{"most", what.most}};
  if (!what.of.empty()) {
    request["of"] = json::array{hex<std::string>(program::customer(reader, what.of).bytes)};
  }
  std::string where;
  const auto text =
      duplicates_json(json::serialize(request), reader, purpose_from(what.purpose), where);
  if (!text) fail(text.error(), "looking for customers who are there twice");
  const json::value tree = tree_of(*text);
  in.answer(tree.as_object(), [&] {
    for (const json::value& one : tree.at("pairs").as_array()) {
      std::printf("%s  %s  %s\n", one.at("first").as_string().c_str(),
                  one.at("second").as_string().c_str(), why_alike(one.as_object()).c_str());
    }
    std::printf("%zu pairs who may be one person\n", tree.at("pairs").as_array().size());
    const auto count = [&](const char* name) {
      return static_cast<unsigned long long>(tree.at(name).to_number<std::uint64_t>());
    };
    if (tree.at("more").as_bool()) std::printf("there may be more: --most\n");
    if (count("not_same") != 0) {
      std::printf("%llu pairs are two people, somebody has said\n", count("not_same"));
    }
    if (count("crowded") != 0) {
      std::printf("%llu values are shared by so many that they tell nobody apart\n",
                  count("crowded"));
    }
    if (count("unreadable") != 0) {
      std::printf("%llu customers cannot be read: `clientbook verify` says why\n",
                  count("unreadable"));
    }
  });
}

struct two_people {
  std::string one;
  std::string other;
  bool forget = false;
};

void say_not_same(program& in, const two_people& who) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const customer_id one = program::customer(writer, who.one);
  const customer_id other = program::customer(writer, who.other);
  const auto done =
      who.forget ? writer.forget_not_same(one, other) : writer.note_not_same(one, other);
  if (!done) fail(done.error(), "saying who is not the same person");
  in.answer({{"one", hex<std::string>(one.bytes)},
             {"other", hex<std::string>(other.bytes)},
             {"not_same", !who.forget}},
            [&] {
              std::printf("%s\n", who.forget ? "they may be one person again"
                                             : "they are two people, and are told of no more");
            });
}

}  // namespace

std::string why_alike(const json::object& pair) {
  std::string out;
  const auto add = [&](const std::string& why) { out += (out.empty() ? "" : ", ") + why; };
  for (const json::value& one : pair.at("shared").as_array()) {
    add("the same " + std::string(one.at("field").as_string()) + " " +
        one_line(one.at("in_first")) + " and " + one_line(one.at("in_second")));
  }
  if (const auto names = pair.at("names").to_number<unsigned>(); names != 0) {
    add("names alike by " + std::to_string(names) + " of 100");
  }
  if (pair.at("same_postcode").as_bool()) add("the same postcode");
  if (pair.at("same_birth_date").as_bool()) add("the same birth date");
  return out;
}

void add_duplicate_commands(command app, program& in) {
  {
    auto command = app.add_command("duplicates", "Customers who may be in the book twice, and why");
    in.takes_book(command);
    auto what = std::make_shared<duplicate_flags>();
    command.add_option("customer", what->of, "Those who may be this one; default: all pairs");
    command.add_option("-p,--purpose", what->purpose, "Why: see `clientbook terms purposes`")
        .required();
    command.add_option("--most", what->most, "At most so many pairs; 0: all")
        .show_default()
        .in_range(0, 1'000'000);
    command.callback([&in, what] { list_duplicates(in, *what); });
  }
  auto command =
      app.add_command("not-same", "Say that two customers are two people: they are told no more");
  in.takes_book(command);
  auto who = std::make_shared<two_people>();
  command.add_option("customer", who->one, "Public id, or SYSTEM:VALUE").required();
  command.add_option("other", who->other, "The other one").required();
  command.add_flag("--forget", who->forget, "Take it back");
  command.callback([&in, who] { say_not_same(in, *who); });
}

}  // namespace clientbook::cli
