// Looks for known plaintext in files that must not hold any.
//
//   marker_scan VALUES PATH...
//
// VALUES holds one value a line, UTF-8. Every file under each PATH is searched for every
// value of 7 bytes and more, in UTF-8, UTF-16LE and UTF-16BE (shorter ones match sealed
// bytes by chance). Prints how much it searched and, for a hit, the file, the offset and
// the number of the value's line, never the value. Exit 0: nothing found, 1: found, 2: usage.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace {

constexpr std::size_t shortest = 7;

struct marker {
  std::string bytes;
  std::size_t line;
};

std::uint64_t window(const char* at) {
  std::uint64_t value = 0;
  std::memcpy(&value, at, shortest);
  return value;
}

std::size_t slot(std::uint64_t key) { return (key * 0x9e3779b97f4a7c15ULL) >> 40; }

// UTF-8 to UTF-16; an ill-formed value gives nothing.
std::u16string widen(std::string_view text) {
  std::u16string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (i + size > text.size()) return {};
    std::uint32_t code = size == 1 ? lead : lead & (0xffU >> (size + 1));
    for (std::size_t k = 1; k < size; ++k) {
      code = (code << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3fU);
    }
    if (code >= 0x10000) {
      out.push_back(static_cast<char16_t>(0xd800 + ((code - 0x10000) >> 10)));
      out.push_back(static_cast<char16_t>(0xdc00 + ((code - 0x10000) & 0x3ff)));
    } else {
      out.push_back(static_cast<char16_t>(code));
    }
    i += size;
  }
  return out;
}

class markers {
 public:
  void add(std::string_view value, std::size_t line) {
    if (value.size() < shortest) return;
    ++values_;
    insert(std::string(value), line);
    std::string little;
    std::string big;
    for (const char16_t unit : widen(value)) {
      const auto low = static_cast<char>(unit & 0xff);
      const auto high = static_cast<char>(unit >> 8);
      little += low;
      little += high;
      big += high;
      big += low;
    }
    if (little.size() >= shortest) {
      insert(std::move(little), line);
      insert(std::move(big), line);
    }
  }

  /// The line of a value that begins at `at`, 0 if none.
  std::size_t match(const char* at, const char* end) const {
    const std::uint64_t key = window(at);
    if (!present_[slot(key)]) return 0;
    const auto found = by_window_.find(key);
    if (found == by_window_.end()) return 0;
    for (const marker& one : found->second) {
      if (static_cast<std::size_t>(end - at) >= one.bytes.size() &&
          std::memcmp(at, one.bytes.data(), one.bytes.size()) == 0) {
        return one.line;
      }
    }
    return 0;
  }

  std::size_t values() const { return values_; }

 private:
  void insert(std::string bytes, std::size_t line) {
    const std::uint64_t key = window(bytes.data());
    present_[slot(key)] = true;
    by_window_[key].push_back({std::move(bytes), line});
  }

  std::vector<bool> present_ = std::vector<bool>(1U << 24);
  std::unordered_map<std::uint64_t, std::vector<marker>> by_window_;
  std::size_t values_ = 0;
};

struct totals {
  std::size_t files = 0;
  std::uint64_t bytes = 0;
  std::size_t hits = 0;
};

bool scan(const std::filesystem::path& path, const markers& known, totals& sum) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "marker_scan: cannot read %s\n", path.c_str());
    return false;
  }
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  ++sum.files;
  sum.bytes += content.size();
  const char* end = content.data() + content.size();
  for (const char* at = content.data(); at + sizeof(std::uint64_t) <= end; ++at) {
    const std::size_t line = known.match(at, end);
    if (line == 0) continue;
    if (++sum.hits <= 20) {
      std::printf("found: value of line %zu in %s at offset %td\n", line, path.c_str(),
                  at - content.data());
    }
  }
  // The last window, which the loop above leaves out to stay inside the buffer.
  if (content.size() >= shortest) {
    const std::string tail = content.substr(content.size() - shortest) + '\0';
    if (known.match(tail.data(), tail.data() + shortest) != 0) ++sum.hits;
  }
  return true;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) {
    std::fprintf(stderr, "usage: marker_scan VALUES PATH...\n");
    return 2;
  }
  std::ifstream list(arguments[1]);
  if (!list) {
    std::fprintf(stderr, "marker_scan: cannot read the list of values\n");
    return 2;
  }
  markers known;
  std::string value;
  for (std::size_t line = 1; std::getline(list, value); ++line) known.add(value, line);
  if (known.values() == 0) {
    std::fprintf(stderr, "marker_scan: no value of %zu bytes or more\n", shortest);
    return 2;
  }

  totals sum;
  for (int i = 2; i < count; ++i) {
    const std::filesystem::path root = arguments[i];
    if (std::filesystem::is_regular_file(root)) {
      if (!scan(root, known, sum)) return 2;
      continue;
    }
    std::error_code failed;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root, failed)) {
      if (entry.is_regular_file() && !scan(entry.path(), known, sum)) return 2;
    }
    if (failed) {
      std::fprintf(stderr, "marker_scan: cannot walk %s\n", root.c_str());
      return 2;
    }
  }
  std::printf("searched %zu files, %llu bytes, for %zu values in 3 encodings: %zu found\n",
              sum.files, static_cast<unsigned long long>(sum.bytes), known.values(), sum.hits);
  return sum.hits == 0 ? 0 : 1;
}
