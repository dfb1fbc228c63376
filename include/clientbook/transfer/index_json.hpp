// What each way to search tells whom, with the sizes of this book, as JSON.
//
// Thread safety: as the session.
#ifndef CLIENTBOOK_TRANSFER_INDEX_JSON_HPP
#define CLIENTBOOK_TRANSFER_INDEX_JSON_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/book/session.hpp>

#include <string>

namespace clientbook {

/// {"kind": "sealed", "customers": 40, "current": 40, "buckets": 3, "bytes": 6144, "plan":
/// [{"kind": "scan", "bytes_at_rest": 0, "bytes_in_memory": 0, "at_rest": "...", "to_a_watcher":
/// "...", "in_memory": "...", "after_an_erasure": "..."}, ...]}: `kind` and the counts are those of
/// session::index(); the plan has one entry for each of scan, memory and sealed, bytes of what the
/// book does not have are estimated by its customers. Errors: as session::index().
result<std::string> index_plan_json(session& in);

}  // namespace clientbook

#endif
