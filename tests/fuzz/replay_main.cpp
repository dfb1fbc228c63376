// Runs a fuzz target over the files of a folder, and over the empty input, without libFuzzer.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return 2;
  }
  const std::uint8_t nothing = 0;
  LLVMFuzzerTestOneInput(&nothing, 0);
  int replayed = 0;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1], none)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
    // A copy of exactly this size, so that a sanitizer sees a read behind the end.
    const std::vector<std::uint8_t> exact(bytes.begin(), bytes.end());
    LLVMFuzzerTestOneInput(exact.empty() ? &nothing : exact.data(), exact.size());
    ++replayed;
  }
  std::printf("%d seeds replayed\n", replayed);
  if (replayed == 0) std::fprintf(stderr, "no seeds in the corpus of this target\n");
  return replayed == 0 ? 1 : 0;
}
