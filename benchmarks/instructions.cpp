// usage: instructions WHAT COUNT. Does one thing COUNT times and nothing else of weight, so that
// scripts/instruction-counts can tell by two counts what one time costs.
#include <clientbook/adapters/memory_backend.hpp>
#include <clientbook/adapters/memory_root_cell.hpp>
#include <clientbook/clientbook.hpp>
#include <clientbook/scanner/scan.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace clientbook;

constexpr int customers = 64;
constexpr std::string_view note =
    "Please call Anna on +44 20 7946 0958 or mail anna.k@example.org; card 4111 1111 1111 1111, "
    "born "
    "12 March 1984, 4350 Minute Drive, Newport Hills WA 98006. Size M, black, 2 for 389.00 EUR, "
    "order "
    "100245.";

template <class Value>
Value need(result<Value> got) {
  if (got) return std::move(*got);
  std::fprintf(stderr, "%s\n", got.error().text.c_str());
  std::exit(1);
}

customer_id put(session& in, int number) {
  const std::string loyalty = "L-" + std::to_string(number);
  customer record;
  const bool set =
      record.set(field::name, person_name{.given = "Ken", .family = "Sanchez"}) &&
      record.set(field::emails, std::array{email_address{.address = "ken@example.com"}}) &&
      record.set(field::phones, std::array{phone_number{.number = "+1 202 555 0142"}}) &&
      record.set(field::external_ids,
                 std::array{external_id{.system = "loyalty", .value = loyalty}});
  if (!set) std::exit(1);
  return need(in.put(record, {.purposes = purpose::customer_order_management}));
}

// Returns something of what was done, so that nothing is left out as useless.
std::uint64_t run(session& in, std::string_view what, int count) {
  std::uint64_t seen = 0;
  std::vector<customer_id> ids;
  const int first = what == "erase" ? count : what == "put" ? 0 : customers;
  for (int i = 0; i < first; ++i) ids.push_back(put(in, i));
  std::vector<text_entity> finds(64);
  for (int i = 0; i < count; ++i) {
    const std::size_t at = static_cast<std::size_t>(i) % (ids.empty() ? 1 : ids.size());
    if (what == "put") {
      seen += std::to_integer<unsigned>(put(in, i).bytes[0]);
    } else if (what == "read") {
      seen +=
          need(in.read(ids[at], purpose::customer_order_management)).decision().permitted.bits();
    } else if (what == "decide") {
      seen += need(in.count_permitted(in.request(purpose::email_marketing), field::emails));
    } else if (what == "erase") {
      seen += need(in.erase(ids[at], erasure_reason::other)).receipt.ledger_index;
    } else {
      seen += need(scan(note, {}, finds)).size();
    }
  }
  return seen;
}

}  // namespace

int main(int count, char** given) {
  if (count != 3) return 2;
  std::shared_ptr<backend> store = need(make_memory_backend());
  book made = need(book::create(store, std::make_shared<memory_root_cell>(),
                                {.profile = gdpr_profile().id, .suite = crypto::suite(1)}));
  session in = need(made.begin_session({.id = actor_id(7), .role = actor_role::owner}));
  std::printf("%llu\n", static_cast<unsigned long long>(run(in, given[1], std::atoi(given[2]))));
}
