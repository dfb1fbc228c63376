// Compiling with one directive more than was said, for previews.
#ifndef CLIENTBOOK_CONSENT_HYPOTHESIS_HPP
#define CLIENTBOOK_CONSENT_HYPOTHESIS_HPP

#include <clientbook/consent/compiled_state.hpp>

namespace clientbook {

struct hypothesis {
  const directive* said = nullptr;         ///< Treated as the last one.
  const privacy_notice* notice = nullptr;  ///< Treated as known.
};

/// As compile().
result<byte_view> compile_with(std::span<const directive> directives, const hypothesis& what_if,
                               const consent_environment& environment, const subject_facts& subject,
                               timestamp as_of, compile_workspace& workspace,
                               byte_span out) noexcept;

}  // namespace clientbook

#endif
