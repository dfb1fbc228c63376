// The scope of a pseudonym: its limits, and its version as bytes.
#ifndef CLIENTBOOK_REDACTION_SCOPE_HPP
#define CLIENTBOOK_REDACTION_SCOPE_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/redaction/pseudonym.hpp>

#include <array>

namespace clientbook::redaction {

inline constexpr std::size_t max_scope_part = 64;

inline result<void> check_scope(const pseudonym_scope& scope) noexcept {
  if (scope.tenant.empty() || scope.field.empty() || scope.version == 0) {
    return error{errc::invalid_argument, "a pseudonym needs tenant, field and version"};
  }
  if (scope.tenant.size() > max_scope_part || scope.field.size() > max_scope_part ||
      scope.purpose.size() > max_scope_part) {
    return error{errc::invalid_argument, "a part of a scope has 64 bytes at most"};
  }
  return {};
}

class version_bytes {
 public:
  explicit version_bytes(const pseudonym_scope& scope) noexcept {
    store_be(bytes_.data(), scope.version);
  }
  byte_view view() const noexcept { return bytes_; }

 private:
  std::array<std::byte, 4> bytes_{};
};

}  // namespace clientbook::redaction

#endif
