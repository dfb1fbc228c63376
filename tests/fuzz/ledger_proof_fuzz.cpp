// Checkpoints, log proofs and identities: any text ends in a value or in an error. The key is
// that of tests/vectors/ledger, so that what lies behind a good signature is reached too.
#include <clientbook/ledger/checkpoint.hpp>
#include <clientbook/ledger/disclosure_entry.hpp>

using namespace clientbook;

namespace {

ledger::log_identity log() {
  secret<32> seed;
  seed.fill_bytes([](byte_span bytes) {
    unsigned char next = 0x10;
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(next++);
  });
  return {"shop.example/clientbook/2026", crypto::signing_key(seed).public_key()};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool ready = crypto::init().has_value();
  static const ledger::log_identity identity = log();
  const std::string_view text = as_text(std::as_bytes(std::span(data, size)));
  std::array<std::byte, ledger::max_entry> room;
  if (!ready) return 0;
  if (const auto proved = ledger::verify_log_proof(text, identity, room)) {
    if (proved->index >= proved->head.size) __builtin_trap();
  }
  if (const auto head = ledger::verify_checkpoint(text, identity)) {
    if (head->origin != identity.origin) __builtin_trap();
  }
  if (const auto named = ledger::parse_log_identity(text)) {
    char again[ledger::checkpoint_room];
    const auto written = ledger::write_log_identity(*named, again);
    if (!written || written->size() != text.size()) __builtin_trap();
  }
  return 0;
}
