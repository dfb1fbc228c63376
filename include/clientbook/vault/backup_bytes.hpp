// Bytes on their way out and in, as a backup is written and read.
#ifndef CLIENTBOOK_VAULT_BACKUP_BYTES_HPP
#define CLIENTBOOK_VAULT_BACKUP_BYTES_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/callback_ref.hpp>
#include <clientbook/base/result.hpp>

namespace clientbook {

/// Takes what is written; its error ends the writing.
using backup_sink = callback_ref<result<void>(byte_view)>;
/// Fills the front of what it is given and says how much; 0 at the end.
using backup_source = callback_ref<result<std::size_t>(byte_span)>;

}  // namespace clientbook

#endif
