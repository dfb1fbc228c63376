// A till without an operating system: one customer, sealed field by field in memory, looked up by
// card and by phone, shown as far as a purpose may see, and what the customer says about it.
//
// It shows what the core does on a board: nothing here allocates, and each decision is compiled
// from what was said on the device itself. The record lies in memory: this program stores nothing
// in flash. board_log() stands for the till's screen. The person is made up.
#include <clientbook/consent/compiled_state.hpp>
#include <clientbook/consent/evaluate.hpp>
#include <clientbook/consent/shop_consent.hpp>
#include <clientbook/crypto/envelope.hpp>
#include <clientbook/model/categories.hpp>
#include <clientbook/model/record.hpp>
#include <clientbook/model/terms.hpp>
#include <clientbook/redaction/redaction.hpp>

#include "board.h"

using namespace clientbook;

namespace {

enum key_purpose : std::uint32_t { sealing = 1, tokens = 2 };

class board_random final : public random_source {
 public:
  result<void> fill(byte_span out) noexcept override {
    if (board_entropy(out.data(), out.size()) == BOARD_OK) return {};
    return error{errc::randomness_failed, "the board gives no entropy"};
  }
};

void say(std::string_view text) {
  char line[128];
  while (!text.empty()) {
    const std::size_t size = text.size() < sizeof line - 1 ? text.size() : sizeof line - 1;
    for (std::size_t i = 0; i < size; ++i) line[i] = text[i];
    line[size] = 0;
    board_log(line);
    text.remove_prefix(size);
  }
}

[[noreturn]] void stop(std::string_view why) {
  say("stopped: ");
  say(why);
  say("\n");
  board_stop(1);
  for (;;) {
  }
}
void need(const result<void>& done) {
  if (!done) stop(done.error().text.c_str());
}
template <class Value>
Value need(result<Value> got) {
  if (!got) stop(got.error().text.c_str());
  return std::move(*got);
}

// The root stays in the board; what comes out is a key for one use.
result<secret<32>> key_for(key_purpose purpose) {
  secret<32> out;
  const int done = out.fill_bytes([&](std::span<std::byte, 32> to) {
    return board_derive_key(purpose, 1, static_cast<std::uint8_t*>(static_cast<void*>(to.data())));
  });
  if (done != BOARD_OK) return error{errc::key_erased, "the board has no root key any more"};
  return out;
}

// --- one customer, as the till keeps it
// -------------------------------------------------------------

constexpr std::string_view given = "Ken";
constexpr std::string_view phone = "+12025550142";
constexpr std::string_view card = "L-1";

struct kept_customer {
  std::array<std::byte, 1024> row{};
  std::size_t size = 0;
  crypto::blind_index_token by_phone{}, by_card{};
  std::array<directive, 8> said{};
  std::size_t count = 0;
};

kept_customer customer;
compile_workspace workspace;
std::array<std::byte, 16384> state_bytes;
recipient_registry registry;
privacy_notice notice;

crypto::blind_index_token token_of(std::string_view kind, std::string_view value) {
  const secret<32> key = need(key_for(tokens));
  const std::array<byte_view, 2> parts{as_bytes(kind), as_bytes(value)};
  return need(crypto::blind_token(key, 64, parts));
}

void keep() {
  std::array<std::byte, 512> room{};
  record_writer record(room);
  need(record.set(field::name, person_name{.given = personal_text(given)}));
  const std::array<phone_number, 1> phones{phone_number{.number = personal_text(phone)}};
  need(record.set(field::phones, std::span<const phone_number>(phones)));
  const std::array<email_address, 1> emails{
      email_address{.address = personal_text("ken@example.com")}};
  need(record.set(field::emails, std::span<const email_address>(emails)));
  std::array<row_field, 8> fields;
  std::size_t count = 0;
  for (const field_value& each : record.fields()) {
    fields[count++] = {.id = each.id, .plaintext = each.value, .pad = padding::to_16};
  }
  board_random random;
  const secret<32> key = need(key_for(sealing));
  customer.size = need(seal_row(key, {}, std::span(fields).first(count), random, customer.row));
  customer.by_phone = token_of("phone", phone);
  customer.by_card = token_of("card", card);
  wipe(room);
}

bool look_up(std::string_view kind, std::string_view value) {
  const crypto::blind_index_token wanted = token_of(kind, value);
  return crypto::equal(wanted, customer.by_phone) || crypto::equal(wanted, customer.by_card);
}

// --- decisions
// -----------------------------------------------------------------------------------------

timestamp now() {
  std::int64_t seconds = 0;
  board_now(&seconds);
  return timestamp{seconds};
}

void record(directive decided) {
  if (customer.count == customer.said.size()) stop("no room for what the customer says");
  decided.sequence = static_cast<std::uint32_t>(customer.count + 1);
  store_be<std::uint32_t>(decided.id.bytes.data(), decided.sequence);
  customer.said[customer.count++] = decided;
}

record_decision decide(purpose_id purpose) {
  static const schema rules = standard_schema();
  std::array<field_terms, schema::max_fields> room;
  const consent_environment environment{
      &gdpr_profile(), &registry, {&notice, 1}, terms_of(rules, room)};
  const byte_view state = need(compile(std::span(customer.said).first(customer.count), environment,
                                       {}, now(), workspace, state_bytes));
  decision_request request;
  request.purpose = purpose;
  request.now = now();
  request.discharges = {obligation::mask};
  return evaluate(need(compiled_state_view::open(state)), request);
}

// Only what is permitted is opened; what is masked goes through its operator first.
void show_field(row_reader& row, const record_decision& decision, field_id id, field_type type,
                std::string_view label) {
  say(label);
  if (!decision.permitted.has(id)) return say(" withheld");
  std::array<std::byte, 128> room{};
  const result<std::size_t> size = row.read(id, room);
  if (!size) return say(" absent");
  const redaction_operator form =
      decision.masked.has(id) ? decision.operators[id.value] : redaction_operator::none;
  std::array<std::byte, 128> smaller{};
  const auto out = apply(form, type, byte_view(room).first(*size), {}, smaller);
  say(!out ? " withheld" : form == redaction_operator::none ? " shown" : " redacted");
  wipe(room);
  wipe(smaller);
}

void show(std::string_view screen, purpose_id purpose) {
  const record_decision decision = decide(purpose);
  const secret<32> key = need(key_for(sealing));
  row_reader row;
  need(row.open(key, {}, byte_view(customer.row).first(customer.size)));
  say(screen);
  show_field(row, decision, field::name, field_type::person_name, ": name");
  show_field(row, decision, field::phones, field_type::phone, ", phone");
  show_field(row, decision, field::emails, field_type::email, ", email");
  say("\n");
}

// With the notice under which the customer was asked, by the start of its hash.
void print_receipt() {
  char text[16];
  write_hex(byte_view(notice.hash).first(8), text);
  say("receipt: scarf, notice ");
  say({text, sizeof text});
  say("\n");
}

}  // namespace

int main() {
  need(crypto::init());
  notice = email_promotion_notice(notice_id(1), registry.version(), gdpr_profile().id);
  notice.hash = crypto::hash(as_bytes("We write to you by e-mail when something suits you."));
  board_stack_mark();
  keep();
  say(look_up("card", card) && look_up("phone", phone) ? "found by card and phone\n"
                                                       : "not found\n");
  say(look_up("card", "L-2") ? "somebody else was found\n" : "nobody has card L-2\n");
  show("order", purpose::customer_order_management);
  show("mail", purpose::email_marketing);
  record(make_email_promotion(email_promotion::shop, notice, {.at = now()}));
  show("mail, agreed", purpose::email_marketing);
  print_receipt();
  record(make_directive(directive_kind::withdraw, everything(), {.at = now()}));
  show("mail, withdrawn", purpose::email_marketing);
  board_zeroize();
  say(key_for(sealing) ? "the root is still there\n" : "zeroized: nothing opens any more\n");
  return board_stack_used() < 16384 ? 0 : 3;
}
