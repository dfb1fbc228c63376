// Noise: a number changed at random, for static exports.
//
// In a live view the same question asked again averages the noise away, so it is refused there.
// The noise is a discrete Laplace distribution: P(n) is proportional to exp(-|n| / scale). Its mean
// is 0, its variance 2 p / (1 - p)^2 with p = exp(-1 / scale), about 2 scale^2. For a figure that
// one person changes by at most d, an export is epsilon-differentially private with
// epsilon = d / scale; every further export of the same figures adds its own epsilon.
//
// Drawn exactly, with whole numbers only (Canonne, Kamath, Steinke: The Discrete Gaussian for
// Differential Privacy, algorithms 1 and 2).
//
// Thread safety: pure functions but for the randomness, which is the caller's.
#ifndef CLIENTBOOK_REDACTION_NOISE_HPP
#define CLIENTBOOK_REDACTION_NOISE_HPP

#include <clientbook/base/random.hpp>
#include <clientbook/base/result.hpp>

#include <cstdint>
#include <limits>

namespace clientbook {

/// Where a value goes.
enum class outlet : std::uint8_t {
  live_view,      ///< Can be asked for again.
  static_export,  ///< Made once and kept.
};

struct noise_options {
  outlet where = outlet::live_view;
  std::uint32_t scale = 10;                                       ///< 1 to 1,000,000.
  std::int64_t least = std::numeric_limits<std::int64_t>::min();  ///< What is below becomes this,
  std::int64_t most = std::numeric_limits<std::int64_t>::max();   ///< and what is above this.
};

/// Errors: live_view, invalid_argument (scale, least above most), randomness_failed.
result<std::int64_t> add_noise(std::int64_t value, const noise_options& options,
                               random_source& random) noexcept;

}  // namespace clientbook

#endif
