// The pin as a file beside the root key's: two places of 128 bytes, written in turn, so that a
// write that was cut short leaves the other (docs/format/pin.md). Those of the first version, of 64
// bytes, are read.
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/internal/adapters/posix_file.hpp>
#include <clientbook/open/open.hpp>
#include <clientbook/vault/pin_store.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <exception>
#include <string>

namespace clientbook {
namespace {

constexpr std::string_view magic = "clntpin2";
constexpr std::size_t slot_size = 128;
constexpr std::size_t root_node_at = 56;
constexpr std::size_t ledger_at = 88;
constexpr std::size_t sum_size = 8;
constexpr std::string_view first_magic = "clntpin1";
constexpr std::size_t first_slot_size = 64;
using slot_bytes = std::array<std::byte, slot_size>;

constexpr posix::words said{
    .absent_is = errc::io_error,
    .folder_is = errc::io_error,
    .absent = "the folder of the pin beside the key is not there",
    .full = "no space left for the pin: make room",
    .refused = "the system refuses access to the pin beside the key",
    .linked = "a link lies in the place of the pin beside the key: remove it",
    .folder = "a folder lies in the place of the pin beside the key: remove it",
    .scarce = "no memory or open files left for the pin",
    .failed = "the pin's storage failed: see the system's log",
    .locked = "another program is writing there, and did not end in time: try again, or end it",
};

error system_error(int number) noexcept { return posix::told(number, said); }

struct slot {
  book_pin pin{};
  std::uint64_t turn = 0;
};

// Whoever writes, writes a pin with its mark.
slot_bytes encode(const slot& from) noexcept {
  slot_bytes out{};
  const byte_span to(out);
  copy_bytes(to, as_bytes(magic));
  copy_bytes(to.subspan(8), from.pin.book.bytes);
  store_be(out.data() + 24, from.pin.epoch);
  store_be(out.data() + 32, from.pin.root_version);
  store_be(out.data() + 40, from.pin.ledger_size);
  store_be(out.data() + 48, from.turn);
  if (from.pin.mark) {
    copy_bytes(to.subspan(root_node_at), from.pin.mark->root_node.bytes);
    copy_bytes(to.subspan(ledger_at), from.pin.mark->ledger.bytes);
  }
  const crypto::digest sum = crypto::hash(byte_view(out).first(slot_size - sum_size));
  copy_bytes(to.subspan(slot_size - sum_size), byte_view(sum).first(sum_size));
  return out;
}

// `bytes`: the whole place.
std::optional<slot> decode(std::string_view begins_with, byte_view bytes) noexcept {
  const std::size_t summed = bytes.size() - sum_size;
  const crypto::digest sum = crypto::hash(bytes.first(summed));
  if (as_text(bytes.first(begins_with.size())) != begins_with ||
      !same_bytes(bytes.subspan(summed), byte_view(sum).first(sum_size))) {
    return std::nullopt;
  }
  slot out;
  copy_bytes(byte_span(out.pin.book.bytes), bytes.subspan(8, 16));
  out.pin.epoch = load_be<std::uint64_t>(bytes.data() + 24);
  out.pin.root_version = load_be<std::uint64_t>(bytes.data() + 32);
  out.pin.ledger_size = load_be<std::uint64_t>(bytes.data() + 40);
  out.turn = load_be<std::uint64_t>(bytes.data() + 48);
  if (bytes.size() == slot_size) {
    pin_mark& mark = out.pin.mark.emplace();
    copy_bytes(byte_span(mark.root_node.bytes), bytes.subspan(root_node_at, mark.root_node.size()));
    copy_bytes(byte_span(mark.ledger.bytes), bytes.subspan(ledger_at, mark.ledger.size()));
  }
  return out;
}

posix::file opened(const std::string& path, int flags) noexcept {
  return posix::file(path, flags | O_NOFOLLOW | O_NONBLOCK);
}

// The newest of both places; nothing: the file is empty, no pin was ever written.
result<std::optional<slot>> newest_in(int file) noexcept {
  struct stat status {};
  if (::fstat(file, &status) != 0) return system_error(errno);
  if (!S_ISREG(status.st_mode) || status.st_nlink != 1) {
    return error{errc::permission_denied, "what lies in the pin's place is no file of its own"};
  }
  if (status.st_size == 0) return std::optional<slot>();
  std::array<std::byte, 2 * slot_size> bytes{};
  const ssize_t got = ::pread(file, bytes.data(), bytes.size(), 0);
  if (got < 0) return system_error(errno);
  std::optional<slot> out;
  for (std::size_t i = 0; i < 2; ++i) {
    for (const auto& one :
         {decode(magic, byte_view(bytes).subspan(i * slot_size, slot_size)),
          decode(first_magic, byte_view(bytes).subspan(i * first_slot_size, first_slot_size))}) {
      if (one && (!out || one->turn > out->turn)) out = one;
    }
  }
  if (!out) {
    return error{errc::damaged,
                 "the pin beside the key is damaged: clientbook pin accept sets it anew"};
  }
  return out;
}

class pin_in_file final : public pin_store {
 public:
  pin_in_file(std::string path, int wait_ms) : path_(std::move(path)), wait_ms_(wait_ms) {}

  result<std::optional<book_pin>> load() noexcept override {
    const posix::file file = opened(path_, O_RDONLY);
    if (!file) {
      if (errno == ENOENT || errno == ENOTDIR) return std::optional<book_pin>();
      return system_error(errno);
    }
    const auto found = newest_in(file.get());
    if (!found) return found.error();
    if (!*found) return std::optional<book_pin>();
    return std::optional((*found)->pin);
  }

  result<void> ready() noexcept override {
    const posix::file file = opened(path_, O_RDWR | O_CREAT);
    if (!file) return system_error(errno);
    const auto there = newest_in(file.get());
    return there ? result<void>() : there.error();
  }
  result<void> move(const book_pin& to) noexcept override { return write(to, false); }
  result<void> replace(const book_pin& with) noexcept override { return write(with, true); }

 private:
  result<void> write(const book_pin& to, bool whatever_is_there) noexcept {
    const posix::file file = opened(path_, O_RDWR | O_CREAT);
    if (!file) return system_error(errno);
    if (auto locked = posix::lock(file, wait_ms_, said); !locked) return locked;
    auto there = newest_in(file.get());
    if (!there) {
      if (!whatever_is_there || there.error().code != errc::damaged) return there.error();
      there = std::optional<slot>();
    }
    const std::optional<slot>& before = *there;
    if (before && !whatever_is_there) {
      if (before->pin.book != to.book) {
        return error{errc::version_mismatch, "the pin beside the key is another book's"};
      }
      if (before->pin.root_version >= to.root_version && before->pin.epoch >= to.epoch) return {};
    }
    // The first new place beside old ones is the second, which lies behind both of them.
    const bool beside_old = before && !before->pin.mark && before->turn % 2 != 0;
    const std::uint64_t turn = before ? before->turn + (beside_old ? 2 : 1) : 1;
    const slot_bytes bytes = encode({to, turn});
    const auto at = static_cast<off_t>(turn % 2 * slot_size);
    const ssize_t wrote = ::pwrite(file.get(), bytes.data(), bytes.size(), at);
    if (wrote != ssize_t{slot_size}) return system_error(wrote < 0 ? errno : ENOSPC);
    if (auto kept = posix::sync_data(file, said); !kept || before) return kept;
    return posix::sync_folder(posix::folder_of(path_), said);  // The name of a new one.
  }

  std::string path_;
  int wait_ms_;
};

}  // namespace

std::shared_ptr<pin_store> pin_beside(std::string_view key_path, int wait_ms) {
  return std::make_shared<pin_in_file>(std::string(key_path) + ".pin", wait_ms);
}

}  // namespace clientbook
