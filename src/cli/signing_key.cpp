// Signing keys as files. Nothing of a seed stays in memory that is not wiped.
#include "signing_key.hpp"

#include <clientbook/vault/wiped_bytes.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "program.hpp"

namespace clientbook::cli {
namespace {

constexpr std::size_t key_file_size = 65;

}  // namespace

void write_new(const std::string& path, byte_view content, unsigned mode, const char* about) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (file < 0) {
    fail({errno == EEXIST ? errc::already_exists : errc::io_error,
          errno == EEXIST ? literal("there is a file of that name already")
                          : literal("the file cannot be written")},
         about);
  }
  const bool written =
      ::write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size()) &&
      ::fsync(file) == 0;
  if (::close(file) != 0 || !written) {
    ::unlink(path.c_str());
    fail({errc::io_error, "the file cannot be written"}, about);
  }
}

crypto::signing_key make_signing_key(const std::string& path) {
  need(crypto::init(), "starting");
  crypto::system_random random;
  const secret<32> seed = need(crypto::random_key(random), "a signing key");
  wiped_bytes text(key_file_size);
  seed.with_bytes([&](byte_view bytes) { write_hex(bytes, reinterpret_cast<char*>(text.data())); });
  text.back() = std::byte{'\n'};
  write_new(path, text, 0600, "the signing key");
  return crypto::signing_key(seed);
}

crypto::signing_key read_signing_key(const std::string& path, const char* about) {
  wiped_bytes text(key_file_size + 1);
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) fail({errc::not_found, "the file cannot be read"}, about);
  std::setvbuf(file, nullptr, _IONBF, 0);
  const std::size_t size = std::fread(text.data(), 1, text.size(), file);
  std::fclose(file);
  secret<32> seed;
  bool good = size == key_file_size;
  seed.fill_bytes([&](byte_span to) {
    good = good && parse_hex(as_text(byte_view(text).first(key_file_size - 1)), to);
  });
  if (!good) fail({errc::invalid_value, "this is no signing key"}, about);
  need(crypto::init(), "starting");
  return crypto::signing_key(seed);
}

}  // namespace clientbook::cli
