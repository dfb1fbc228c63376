// One customer of an export as a line of JSON or as a vCard.
#ifndef CLIENTBOOK_TRANSFER_EXPORT_TEXT_HPP
#define CLIENTBOOK_TRANSFER_EXPORT_TEXT_HPP

#include <clientbook/book/session.hpp>
#include <clientbook/transfer/record_json.hpp>

#include <cstdint>

#include "json_text.hpp"

namespace clientbook::transfer {

/// {"number", "fields": {...}, "purchases": [...], "notes": [...]} and a line end; of what is not
/// as the record has it, the keys under "redacted". Errors: invalid_encoding (`at`: the field).
result<wiped_text> export_line(std::uint64_t number, const exported& one, const schema& fields);

/// The same members of an object that is open: fields, and purchases and notes where there are any.
result<void> write_exported(json_text& out, const exported& one, const schema& fields);

/// A vCard 4.0 (RFC 6350) with lines folded at 75 bytes.
wiped_text export_vcard(const exported& one);

/// The fields that a vCard has a place for.
inline constexpr field_set vcard_fields{field::name,      field::emails,     field::phones,
                                        field::addresses, field::birth_date, field::special_days,
                                        field::language,  field::employer,   field::notes};

}  // namespace clientbook::transfer

#endif
