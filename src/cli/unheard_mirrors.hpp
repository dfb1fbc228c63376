// Mirrors that could not be reached by a commit which they have to hear of, printed.
#ifndef CLIENTBOOK_CLI_UNHEARD_MIRRORS_HPP
#define CLIENTBOOK_CLI_UNHEARD_MIRRORS_HPP

#include <clientbook/book/recovery.hpp>

#include <cstdio>
#include <span>

namespace clientbook::cli {

inline void print_unheard(std::span<const mirror_state> mirrors) {
  for (const mirror_state& one : mirrors) {
    if (one.heard) continue;
    std::printf("the mirror %s has NOT heard of it (%s): clientbook recovery refresh\n",
                one.path.c_str(), one.problem.text.c_str());
  }
}

}  // namespace clientbook::cli

#endif
