// A book: all that a till has, and sessions over a store on this machine.
// Programs that care for build times include the topics they need.
#ifndef CLIENTBOOK_CLIENTBOOK_HPP
#define CLIENTBOOK_CLIENTBOOK_HPP

#include <clientbook/adapters/callback_root_cell.hpp>
#include <clientbook/adapters/file_root_cell.hpp>
#include <clientbook/adapters/flash_file.hpp>
#include <clientbook/adapters/lmdb_backend.hpp>
#include <clientbook/adapters/memory_backend.hpp>
#include <clientbook/base/hex.hpp>
#include <clientbook/book/actor.hpp>
#include <clientbook/book/book.hpp>
#include <clientbook/book/case.hpp>
#include <clientbook/book/customer.hpp>
#include <clientbook/book/evidence.hpp>
#include <clientbook/book/lists.hpp>
#include <clientbook/book/mentions.hpp>
#include <clientbook/book/policy.hpp>
#include <clientbook/book/recovery.hpp>
#include <clientbook/book/request.hpp>
#include <clientbook/book/search.hpp>
#include <clientbook/book/session.hpp>
#include <clientbook/book/tabulation.hpp>
#include <clientbook/book/trace.hpp>
#include <clientbook/book/view.hpp>
#include <clientbook/core.hpp>
#include <clientbook/crypto/shares.hpp>
#include <clientbook/open/backup.hpp>
#include <clientbook/open/open.hpp>
#include <clientbook/rights/answer_request.hpp>
#include <clientbook/rights/customer_page.hpp>
#include <clientbook/rights/evidence_text.hpp>
#include <clientbook/rights/request_json.hpp>
#include <clientbook/rights/request_mail.hpp>
#include <clientbook/transfer/actors_json.hpp>
#include <clientbook/transfer/book_json.hpp>
#include <clientbook/transfer/consent_effect.hpp>
#include <clientbook/transfer/consent_json.hpp>
#include <clientbook/transfer/edit_customer.hpp>
#include <clientbook/transfer/explanation_json.hpp>
#include <clientbook/transfer/flat_view.hpp>
#include <clientbook/transfer/portfolios_json.hpp>
#include <clientbook/transfer/record_json.hpp>
#include <clientbook/transfer/recovery_json.hpp>
#include <clientbook/transfer/roles_json.hpp>
#include <clientbook/transfer/scope_words.hpp>
#include <clientbook/transfer/search_json.hpp>
#include <clientbook/transfer/view_json.hpp>
#include <clientbook/vault/backend.hpp>
#include <clientbook/vault/backup_bytes.hpp>
#include <clientbook/vault/mirror_place.hpp>
#include <clientbook/vault/pin_store.hpp>
#include <clientbook/vault/wiped_bytes.hpp>

#endif
