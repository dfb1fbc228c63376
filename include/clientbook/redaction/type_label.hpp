// Labels: a value replaced by what kind of value it is.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_REDACTION_TYPE_LABEL_HPP
#define CLIENTBOOK_REDACTION_TYPE_LABEL_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/model/schema.hpp>

#include <string_view>

namespace clientbook {

/// `<EMAIL>`, or with an index `<EMAIL_1>`, written to the front of `out`. An index tells equal
/// values within one document, whose caller counts them from 1; carried over to a second document
/// it would link the two.
///
/// Errors: invalid_value (a type that is not known or may not be kept), buffer_too_small (`at`:
/// bytes needed).
result<std::string_view> type_label(field_type type, unsigned index, byte_span out) noexcept;

}  // namespace clientbook

#endif
