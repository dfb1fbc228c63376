// What runs in a till: records, sealing, a store in flash, consent, redaction, the ledger's
// entries. No heap, exceptions, threads, files or clock. Programs that care for build times include
// the topics they need.
#ifndef CLIENTBOOK_CORE_HPP
#define CLIENTBOOK_CORE_HPP

#include <clientbook/adapters/flash_part.h>
#include <clientbook/adapters/flash_store.hpp>
#include <clientbook/base/bytes.hpp>
#include <clientbook/base/callback_ref.hpp>
#include <clientbook/base/field_set.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/base/random.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/base/secret.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/consent/compiled_state.hpp>
#include <clientbook/consent/deadline.hpp>
#include <clientbook/consent/directive.hpp>
#include <clientbook/consent/evaluate.hpp>
#include <clientbook/consent/explanation.hpp>
#include <clientbook/consent/obligation.hpp>
#include <clientbook/consent/preview.hpp>
#include <clientbook/consent/privacy_notice.hpp>
#include <clientbook/consent/profile.hpp>
#include <clientbook/consent/profile_difference.hpp>
#include <clientbook/consent/profile_file.hpp>
#include <clientbook/consent/recipient_needs.hpp>
#include <clientbook/consent/registry.hpp>
#include <clientbook/consent/remedy.hpp>
#include <clientbook/consent/shop_consent.hpp>
#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/crypto/envelope.hpp>
#include <clientbook/crypto/key_tree.hpp>
#include <clientbook/crypto/root_cell.hpp>
#include <clientbook/crypto/sealed_box.hpp>
#include <clientbook/ledger/checkpoint.hpp>
#include <clientbook/ledger/disclosure_entry.hpp>
#include <clientbook/ledger/merkle.hpp>
#include <clientbook/ledger/signed_note.hpp>
#include <clientbook/ledger/tiles.hpp>
#include <clientbook/model/categories.hpp>
#include <clientbook/model/personal_text.hpp>
#include <clientbook/model/record.hpp>
#include <clientbook/model/schema.hpp>
#include <clientbook/model/terms.hpp>
#include <clientbook/model/validate.hpp>
#include <clientbook/model/values.hpp>
#include <clientbook/redaction/card_truncation.hpp>
#include <clientbook/redaction/fpe.hpp>
#include <clientbook/redaction/generalise.hpp>
#include <clientbook/redaction/k_threshold.hpp>
#include <clientbook/redaction/noise.hpp>
#include <clientbook/redaction/pseudonym.hpp>
#include <clientbook/redaction/pseudonym_token.hpp>
#include <clientbook/redaction/redaction.hpp>
#include <clientbook/redaction/shift_date.hpp>
#include <clientbook/redaction/type_label.hpp>
#include <clientbook/scanner/known_values.hpp>
#include <clientbook/scanner/scan.hpp>
#include <clientbook/scanner/text_redactor.hpp>
#include <clientbook/till/till.hpp>
#include <clientbook/version.hpp>

#endif
