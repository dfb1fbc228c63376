// What further purposes are called in the other four languages.
#include <clientbook/model/terms.hpp>

#include <cstddef>

#include "further_labels.hpp"

namespace clientbook {
namespace {

struct further {
  purpose_id term;
  std::string_view labels[4];  // as language, without English
};

#include "further_labels.inc"

}  // namespace

std::string_view further_label(purpose_id term, language speech) noexcept {
  if (speech == language::en) return {};
  for (const further& each : further_labels) {
    if (each.term == term) return each.labels[static_cast<std::size_t>(speech) - 1];
  }
  return {};
}

}  // namespace clientbook
