// evaluate
#include <clientbook/exchange/evaluate_json.hpp>

#include <cstdio>
#include <memory>

#include "program.hpp"

namespace clientbook::cli {
namespace {

void evaluate(const std::string& file) {
  std::string where;
  const auto answer = evaluate_json(content_of(file, "the document"), where);
  if (!answer) fail(answer.error(), "the document" + (where.empty() ? "" : " at " + where));
  std::printf("%s\n", answer->c_str());
}

}  // namespace

void add_evaluate_command(command app, program& /*in*/) {
  auto command = app.add_command(
      "evaluate", "Decide a case given as JSON: no book, no key; the answer is always JSON");
  auto file = std::make_shared<std::string>("-");
  command.add_option("file", *file, "The document (docs/evaluate.md); - is standard input")
      .show_default();
  command.callback([file] { evaluate(*file); });
}

}  // namespace clientbook::cli
