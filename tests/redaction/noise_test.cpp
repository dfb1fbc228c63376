#include <clientbook/redaction/noise.hpp>
#include "testing.hpp"

#include <array>
#include <cmath>
#include <random>

using namespace clientbook;

namespace {

class repeating final : public random_source {
 public:
  explicit repeating(std::uint64_t seed) : engine_(seed) {}
  result<void> fill(byte_span out) noexcept override {
    if (failing) return error{errc::randomness_failed, "no randomness, as the test wants it"};
    for (std::byte& each : out) each = static_cast<std::byte>(engine_());
    return {};
  }
  bool failing = false;

 private:
  std::mt19937_64 engine_;
};

class stuck final : public random_source {
 public:
  explicit stuck(std::byte with) : with_(with) {}
  result<void> fill(byte_span out) noexcept override {
    for (std::byte& each : out) each = with_;
    return {};
  }

 private:
  std::byte with_;
};

constexpr noise_options exported{.where = outlet::static_export};

}  // namespace

TEST_CASE("noise: mean, variance and shape of the discrete Laplace distribution") {
  for (const std::uint32_t scale : {1U, 2U, 10U, 1000U}) {
    CAPTURE(scale);
    repeating random(scale);
    noise_options options = exported;
    options.scale = scale;
    const int count = 200'000;
    double sum = 0;
    double squares = 0;
    std::array<int, 7> near_zero{};
    for (int i = 0; i < count; ++i) {
      const auto noisy = add_noise(1'000'000, options, random);
      if (!noisy) FAIL("no noise");
      const auto noise = static_cast<double>(*noisy - 1'000'000);
      sum += noise;
      squares += noise * noise;
      if (std::abs(noise) <= 3) ++near_zero[static_cast<std::size_t>(noise + 3)];
    }
    const double p = std::exp(-1.0 / scale);
    const double variance = 2 * p / ((1 - p) * (1 - p));
    CHECK(std::abs(sum / count) < 5 * std::sqrt(variance / count));
    // The fourth moment is at most 6 to 7.1 variances squared for these scales.
    CHECK(std::abs(squares / count - variance) < 5 * variance * std::sqrt(6.1 / count));
    for (int n = -3; n <= 3; ++n) {
      const double expected = count * (1 - p) / (1 + p) * std::pow(p, std::abs(n));
      CHECK(std::abs(near_zero[static_cast<std::size_t>(n + 3)] - expected) <
            5 * std::sqrt(expected) + 1);
    }
  }
}

TEST_CASE("noise: refused in a live view, which is what nobody says otherwise") {
  repeating random(1);
  CHECK(add_noise(5, {}, random).error().code == errc::live_view);
  CHECK(add_noise(5, {.where = outlet::live_view}, random).error().code == errc::live_view);
  CHECK(add_noise(5, {.where = static_cast<outlet>(9)}, random).error().code == errc::live_view);
  CHECK(add_noise(5, exported, random));
}

TEST_CASE("noise: a scale of 0 or over a million, and limits that cross, are refused") {
  repeating random(1);
  const auto code = [&](noise_options options) {
    options.where = outlet::static_export;
    const auto done = add_noise(5, options, random);
    return done ? errc::none : done.error().code;
  };
  CHECK(code({.scale = 0}) == errc::invalid_argument);
  CHECK(code({.scale = 1'000'001}) == errc::invalid_argument);
  CHECK(code({.scale = 1'000'000}) == errc::none);
  CHECK(code({.least = 1, .most = 0}) == errc::invalid_argument);
}

TEST_CASE("noise: no randomness, or one that is stuck, is an error and no value") {
  repeating random(1);
  random.failing = true;
  CHECK(add_noise(5, exported, random).error().code == errc::randomness_failed);
  for (const auto with : {std::byte{0}, std::byte{0xff}}) {
    stuck broken(with);
    CHECK(add_noise(5, exported, broken).error().code == errc::randomness_failed);
  }
}

TEST_CASE("noise: stays within its limits, also at the ends of the numbers") {
  using limits = std::numeric_limits<std::int64_t>;
  repeating random(2);
  noise_options options = exported;
  options.least = 0;
  options.most = 7;
  for (int i = 0; i < 1'000; ++i) {
    const auto noisy = add_noise(5, options, random);
    REQUIRE(noisy);
    CHECK(*noisy >= 0);
    CHECK(*noisy <= 7);
    const auto top = add_noise(limits::max(), exported, random);
    const auto bottom = add_noise(limits::min(), exported, random);
    CHECK(*top > limits::max() - 10'000);
    CHECK(*bottom < limits::min() + 10'000);
  }
}
