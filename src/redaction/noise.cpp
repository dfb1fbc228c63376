// Noise for counts: discrete Laplace, drawn exactly (Canonne, Kamath, Steinke, algorithms 1 and 2).
//
// Whole numbers all the way, as floating point leaks what it rounds. Randomness is an argument; a
// source that does not give what is needed ends in an error and not in a loop. What was drawn is
// wiped: with it the noise could be taken off again.
#include <clientbook/base/secret.hpp>
#include <clientbook/redaction/noise.hpp>

#include <array>

namespace clientbook {
namespace {

// Of a source that works, none of these is ever reached.
constexpr std::uint64_t most_terms = 1'000;
constexpr unsigned most_tries = 10'000;

class sampler {
 public:
  explicit sampler(random_source& random) noexcept : random_(random) {}
  ~sampler() { wipe(pool_); }
  sampler(const sampler&) = delete;
  sampler& operator=(const sampler&) = delete;

  bool failed() const noexcept { return failed_; }

  // Below `limit`, all equally likely.
  std::uint64_t uniform(std::uint64_t limit) noexcept {
    const std::uint64_t whole = ~std::uint64_t{0} - ~std::uint64_t{0} % limit;
    for (unsigned i = 0; i < most_tries && !failed_; ++i) {
      const std::uint64_t drawn = next();
      if (drawn < whole) return drawn % limit;
    }
    failed_ = true;
    return 0;
  }

  // True with probability exp(-part / whole); part is at most whole.
  bool exponential(std::uint64_t part, std::uint64_t whole) noexcept {
    std::uint64_t k = 1;
    while (uniform(whole * k) < part && !failed_) {
      if (++k == most_terms) failed_ = true;
    }
    return k % 2 == 1;
  }

  std::int64_t laplace(std::uint64_t scale) noexcept {
    for (unsigned i = 0; i < most_tries && !failed_; ++i) {
      const std::uint64_t rest = uniform(scale);
      if (!exponential(rest, scale)) continue;
      std::uint64_t whole = 0;
      while (exponential(1, 1) && !failed_) {
        if (++whole == most_terms) failed_ = true;
      }
      const auto size = static_cast<std::int64_t>(rest + scale * whole);
      const bool negative = uniform(2) == 1;
      if (negative && size == 0) continue;  // 0 would come twice as often.
      return negative ? -size : size;
    }
    failed_ = true;
    return 0;
  }

 private:
  std::uint64_t next() noexcept {
    if (at_ == pool_.size()) {
      at_ = 0;
      if (!random_.fill(pool_)) failed_ = true;
    }
    const auto drawn = load_be<std::uint64_t>(pool_.data() + at_);
    at_ += 8;
    return drawn;
  }

  random_source& random_;
  std::array<std::byte, 128> pool_{};
  std::size_t at_ = sizeof(pool_);
  bool failed_ = false;
};

}  // namespace

result<std::int64_t> add_noise(std::int64_t value, const noise_options& options,
                               random_source& random) noexcept {
  if (options.where != outlet::static_export) {
    return error{errc::live_view, "noise averages out in a live view: exports only"};
  }
  if (options.scale == 0 || options.scale > 1'000'000 || options.least > options.most) {
    return error{errc::invalid_argument, "noise has a scale of 1 to 1,000,000, least up to most"};
  }
  sampler from(random);
  const std::int64_t noise = from.laplace(options.scale);
  if (from.failed()) return error{errc::randomness_failed, "no randomness for noise"};
  using limits = std::numeric_limits<std::int64_t>;
  std::int64_t out = noise > 0 && value > limits::max() - noise   ? limits::max()
                     : noise < 0 && value < limits::min() - noise ? limits::min()
                                                                  : value + noise;
  if (out < options.least) out = options.least;
  return out > options.most ? options.most : out;
}

}  // namespace clientbook
