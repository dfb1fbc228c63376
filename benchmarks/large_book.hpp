// How large a book a benchmark makes, where it lies, and how figures of it are called.
#ifndef CLIENTBOOK_BENCHMARKS_LARGE_BOOK_HPP
#define CLIENTBOOK_BENCHMARKS_LARGE_BOOK_HPP

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <unistd.h>

namespace clientbook::benchmarking {

/// CLIENTBOOK_BENCH_CUSTOMERS; 10,000.
inline std::size_t count_of_customers() {
  const char* wanted = std::getenv("CLIENTBOOK_BENCH_CUSTOMERS");
  return wanted == nullptr ? 10'000 : std::strtoull(wanted, nullptr, 10);
}

/// "10k", "1m": a part of a figure's name.
inline std::string size_name(std::size_t count) {
  if (count % 1'000'000 == 0) return std::to_string(count / 1'000'000) + "m";
  return std::to_string(count / 1000) + "k";
}

/// In CLIENTBOOK_BENCH_FOLDER, or the system's folder for temporary files; this process's own.
inline std::filesystem::path folder_of(const std::string& benchmark) {
  const char* wanted = std::getenv("CLIENTBOOK_BENCH_FOLDER");
  const auto root =
      wanted != nullptr ? std::filesystem::path(wanted) : std::filesystem::temp_directory_path();
  return root / ("clientbook-" + benchmark + "-" + std::to_string(::getpid()));
}

}  // namespace clientbook::benchmarking

#endif
