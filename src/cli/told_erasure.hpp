// What an erasure leaves, for people: whichever command has erased.
#ifndef CLIENTBOOK_CLI_TOLD_ERASURE_HPP
#define CLIENTBOOK_CLI_TOLD_ERASURE_HPP

#include <clientbook/book/retention.hpp>

namespace clientbook::cli {

/// By what an import still knows them, which records a law has kept, under which ids.
void print_what_stays(const erasure_receipt& receipt);
/// Which keyring mirrors have followed.
void print_mirrors(const erasure_receipt& receipt);

}  // namespace clientbook::cli

#endif
