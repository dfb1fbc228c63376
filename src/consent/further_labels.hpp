// Labels of purposes beside those that explanation.cpp has for every build: firmware, which shows
// few, leaves them out (CMakeLists.txt: HOSTED and FIRMWARE).
#ifndef CLIENTBOOK_CONSENT_FURTHER_LABELS_HPP
#define CLIENTBOOK_CONSENT_FURTHER_LABELS_HPP

#include <clientbook/base/ids.hpp>
#include <clientbook/consent/explanation.hpp>

#include <string_view>

namespace clientbook {

/// In a language other than English; empty: there is none.
std::string_view further_label(purpose_id term, language speech) noexcept;

}  // namespace clientbook

#endif
