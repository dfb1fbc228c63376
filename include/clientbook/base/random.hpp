// Randomness: the port through which the core is given it.
//
// Thread safety: as the implementation says; the core calls it from the caller's thread.
#ifndef CLIENTBOOK_BASE_RANDOM_HPP
#define CLIENTBOOK_BASE_RANDOM_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/result.hpp>

namespace clientbook {

/// A source of bytes that nobody can predict (NIST SP 800-90C RBG or the operating system's).
class random_source {
 public:
  /// Fills all of `out`, or fails and nothing is sealed.
  /// Errors: randomness_failed.
  virtual result<void> fill(byte_span out) noexcept = 0;

 protected:
  ~random_source() = default;
};

}  // namespace clientbook

#endif
