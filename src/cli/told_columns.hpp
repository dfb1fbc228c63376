// Columns of a file that its map leaves out although it knows them: one line a file.
#ifndef CLIENTBOOK_CLI_TOLD_COLUMNS_HPP
#define CLIENTBOOK_CLI_TOLD_COLUMNS_HPP

#include <clientbook/exchange/map_proposal.hpp>

#include <string>

namespace clientbook::cli {

/// Empty if there are none.
inline std::string line_of_not_kept(const map_proposal::file& of) {
  std::string names;
  for (const std::string& each : of.not_kept) names += (names.empty() ? "" : ", ") + each;
  return names.empty() ? names : "not kept of " + of.name + ": " + names + "\n";
}

}  // namespace clientbook::cli

#endif
