// Room on the book's disk for what the ledger may have to be told of data that did not get out.
//
// A disk that is full of the output itself would have none. It is taken before anything leaves, by
// a file that has no name, and given back as soon as something does not fit or does not get out.
#ifndef CLIENTBOOK_CLI_SPARE_ROOM_HPP
#define CLIENTBOOK_CLI_SPARE_ROOM_HPP

#include <cstdint>
#include <string>

namespace clientbook::cli {

/// For marks about so many customers. Ends the command with disk_full where there is no room;
/// where none can be kept (a folder of others, a limit of the size of files) it goes on without.
void keep_room(const std::string& book_path, std::uint64_t customers);
void give_room_back() noexcept;

}  // namespace clientbook::cli

#endif
