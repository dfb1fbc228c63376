// index build | drop | plan: the index at rest, and what each way to search tells whom.
#include <clientbook/transfer/index_json.hpp>

#include <algorithm>
#include <boost/json/array.hpp>
#include <cstdio>

#include "printed_json.hpp"
#include "program.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

void say(const std::string& line) { std::printf("%s\n", line.c_str()); }

void build(program& in) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const std::uint64_t all = need(writer.figures(), "reading the book").customers;
  progress_bar bar(in, "building the index", all);
  std::uint64_t sealed = 0;
  for (std::uint64_t left = 1; left != 0;) {
    const index_progress done = need(writer.build_index(), "building the index");
    sealed += done.sealed;
    left = done.left;
    bar.at(all - std::min(all, left));
  }
  in.answer({{"sealed", sealed}, {"customers", all}}, [&] {
    std::printf("The index has all %llu customers; %llu were sealed anew.\n",
                static_cast<unsigned long long>(all), static_cast<unsigned long long>(sealed));
  });
}

void drop(program& in) {
  const book opened = in.open();
  session writer = in.begin(opened);
  if (auto done = writer.drop_index(); !done) fail(done.error(), "dropping the index");
  in.answer({{"kind", "none"}}, [] { say("The book has no index at rest."); });
}

void plan(program& in) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const json::value tree = tree_of(need(index_plan_json(reader), "the plan"));
  in.answer(tree.as_object(), [&] {
    const json::object& root = tree.as_object();
    const auto number = [](const json::value& of) { return of.to_number<std::uint64_t>(); };
    if (root.at("kind").as_string() == "none") {
      say("The book has no index at rest: the first question after opening reads every record.");
    } else {
      std::printf(
          "The book has a sealed index: %llu of %llu customers, %llu buckets, %llu bytes.\n",
          static_cast<unsigned long long>(number(root.at("current"))),
          static_cast<unsigned long long>(number(root.at("customers"))),
          static_cast<unsigned long long>(number(root.at("buckets"))),
          static_cast<unsigned long long>(number(root.at("bytes"))));
    }
    for (const json::value& each : root.at("plan").as_array()) {
      const json::object& one = each.as_object();
      const auto text = [&](const char* name) { return std::string(one.at(name).as_string()); };
      std::printf("\n%s: %llu bytes at rest, %llu in memory\n", text("kind").c_str(),
                  static_cast<unsigned long long>(number(one.at("bytes_at_rest"))),
                  static_cast<unsigned long long>(number(one.at("bytes_in_memory"))));
      say("  who has the files learns: " + text("at_rest"));
      say("  who watches the files learns: " + text("to_a_watcher"));
      say("  in memory: " + text("in_memory"));
      say("  after an erasure: " + text("after_an_erasure"));
    }
  });
}

}  // namespace

void add_index_commands(command app, program& in) {
  auto group = app.add_command("index", "What customers are found by, sealed in the book");
  group.require_command();
  auto made = group.add_command(
      "build", "Build it, or bring it up to date: the first question after opening is quick then");
  in.takes_book(made);
  made.callback([&in] { build(in); });
  auto dropped = group.add_command("drop", "Take it out of the book");
  in.takes_book(dropped);
  dropped.callback([&in] { drop(in); });
  auto planned =
      group.add_command("plan", "What each way to search tells who has or watches the files");
  in.takes_book(planned);
  planned.callback([&in] { plan(in); });
}

}  // namespace clientbook::cli
