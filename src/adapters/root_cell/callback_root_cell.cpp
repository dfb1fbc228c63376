// The port `root_cell` over functions of the host: checks what they hand out, and wipes it.
#include <clientbook/adapters/callback_root_cell.hpp>

namespace clientbook {
namespace {

result<void> checked(int code) noexcept {
  switch (static_cast<errc>(code)) {
    case errc::none:
      return {};
    case errc::invalid_argument:
      return error{errc::invalid_argument, "the root cell's keeper refuses this epoch"};
    case errc::key_unavailable:
      return error{errc::key_unavailable, "the root cell's keeper has no key or is out of reach"};
    case errc::permission_denied:
      return error{errc::permission_denied, "the root cell's keeper refuses access"};
    case errc::disk_full:
      return error{errc::disk_full, "the root cell's keeper has no room"};
    case errc::damaged:
      return error{errc::damaged, "the root cell's keeper holds damaged keys"};
    case errc::invalid_state:
      return error{errc::invalid_state, "the root cell's keeper cannot do this now"};
    default:
      return error{errc::io_error, "the root cell's keeper failed"};
  }
}

constexpr error no_epoch{errc::invalid_argument, "epochs of root keys begin at 1"};

unsigned char* raw(std::byte* bytes) noexcept { return reinterpret_cast<unsigned char*>(bytes); }

}  // namespace

result<callback_root_cell> callback_root_cell::make(const root_cell_callbacks& callbacks) noexcept {
  if (callbacks.load == nullptr || callbacks.stage == nullptr || callbacks.promote == nullptr ||
      callbacks.drop == nullptr) {
    return error{errc::invalid_argument, "a root cell needs load, stage, promote and drop"};
  }
  return callback_root_cell(callbacks);
}

result<root_cell::content> callback_root_cell::load() noexcept {
  root_key current;
  root_key staged;
  const int code = current.key.fill_bytes([&](std::span<std::byte, 32> first) {
    return staged.key.fill_bytes([&](std::span<std::byte, 32> second) {
      return callbacks_.load(callbacks_.context, &current.epoch, raw(first.data()), &staged.epoch,
                             raw(second.data()));
    });
  });
  if (const result<void> done = checked(code); !done) return done.error();
  if (staged.epoch != 0 && staged.epoch <= current.epoch) {
    return error{errc::damaged, "the root cell's staged key is not newer than its current one"};
  }
  content held;
  if (current.epoch != 0) held.current = std::move(current);
  if (staged.epoch != 0) held.staged = std::move(staged);
  return held;
}

result<void> callback_root_cell::stage(const root_key& next) noexcept {
  if (next.epoch == 0) return no_epoch;
  return next.key.with_bytes([&](std::span<const std::byte, 32> key) {
    return checked(callbacks_.stage(callbacks_.context, next.epoch,
                                    reinterpret_cast<const unsigned char*>(key.data())));
  });
}

result<void> callback_root_cell::promote(std::uint64_t epoch) noexcept {
  if (epoch == 0) return no_epoch;
  return checked(callbacks_.promote(callbacks_.context, epoch));
}

result<void> callback_root_cell::drop(std::uint64_t epoch) noexcept {
  return checked(callbacks_.drop(callbacks_.context, epoch));
}

}  // namespace clientbook
