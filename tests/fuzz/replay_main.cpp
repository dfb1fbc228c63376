// Runs a fuzz target without libFuzzer: over the files of a folder, over the empty input and, if
// asked, for some seconds over what random changes make of those files.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using input = std::vector<std::uint8_t>;
constexpr std::size_t longest = 4096;

void run(const input& bytes) {
  const std::uint8_t nothing = 0;
  // A copy of exactly this size, so that a sanitizer sees a read behind the end.
  const input exact(bytes.begin(), bytes.end());
  LLVMFuzzerTestOneInput(exact.empty() ? &nothing : exact.data(), exact.size());
}

// The same changes in every run.
class changes {
 public:
  explicit changes(const std::vector<input>& seeds) : seeds_(seeds) {}

  input next() {
    input out = any_seed();
    for (std::size_t n = 1 + below(6); n > 0; --n) change(out);
    if (out.size() > longest) out.resize(longest);
    return out;
  }

 private:
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }
  const input& any_seed() { return seeds_[below(seeds_.size())]; }
  std::uint8_t byte() { return static_cast<std::uint8_t>(below(256)); }

  void change(input& to) {
    const auto at = [&](std::size_t place) {
      return to.begin() + static_cast<input::difference_type>(place);
    };
    const std::size_t place = below(to.size() + 1);
    switch (below(7)) {
      case 0:
        to.insert(at(place), byte());
        break;
      case 1:
        if (place < to.size()) to[place] = byte();
        break;
      case 2:
        if (place < to.size()) to[place] ^= static_cast<std::uint8_t>(1U << below(8));
        break;
      case 3:
        to.erase(at(place), at(std::min(to.size(), place + below(16))));
        break;
      case 4: {  // A part of another.
        const input& other = any_seed();
        const std::size_t from = below(other.size() + 1);
        const std::size_t size = std::min(other.size() - from, below(64));
        const auto first = other.begin() + static_cast<input::difference_type>(from);
        to.insert(at(place), first, first + static_cast<input::difference_type>(size));
        break;
      }
      case 5: {  // A part of itself, several times.
        const input part(at(place), at(std::min(to.size(), place + 1 + below(12))));
        for (std::size_t n = below(20); n > 0; --n) to.insert(at(place), part.begin(), part.end());
        break;
      }
      default:
        for (std::size_t n = below(20); n > 0; --n) {
          to.insert(at(place), static_cast<std::uint8_t>('0' + below(10)));
        }
    }
  }

  const std::vector<input>& seeds_;
  std::mt19937_64 random_{1};
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3) {
    std::fprintf(stderr, "usage: %s FOLDER [SECONDS]\n", argv[0]);
    return 2;
  }
  run({});
  std::vector<input> seeds;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1], none)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    run(seeds.back());
  }
  std::printf("%zu seeds replayed\n", seeds.size());
  if (seeds.empty()) {
    std::fprintf(stderr, "no seeds in the corpus of this target\n");
    return 1;
  }
  if (argc == 2) return 0;
  std::sort(seeds.begin(), seeds.end());
  changes random(seeds);
  using clock = std::chrono::steady_clock;
  const auto end = clock::now() + std::chrono::seconds(std::strtol(argv[2], nullptr, 10));
  const char* const failed = std::getenv("CLIENTBOOK_FUZZ_INPUT");
  std::uint64_t tried = 0;
  for (; clock::now() < end; ++tried) {
    const input one = random.next();
    if (failed != nullptr) {  // Kept before it is tried: a crash leaves the input that made it.
      std::ofstream(failed, std::ios::binary)
          .write(reinterpret_cast<const char*>(one.data()),
                 static_cast<std::streamsize>(one.size()));
    }
    run(one);
  }
  std::printf("%llu changed inputs tried\n", static_cast<unsigned long long>(tried));
  return 0;
}
