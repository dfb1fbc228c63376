// usage: growth BOOK CUSTOMERS [STATES]. Makes a book of that many customers, who share that many
// consent states, adds a recipient and compiles everybody anew, while another session reads: how
// long each of these holds up the others. The key goes into BOOK-key. Prints one JSON object.
#include <clientbook/clientbook.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace clientbook;

template <class Value>
Value need(result<Value> got) {
  if (got) return std::move(*got);
  std::fprintf(stderr, "growth: %s\n", got.error().text.c_str());
  std::exit(1);
}
void need(const result<void>& done) {
  if (done) return;
  std::fprintf(stderr, "growth: %s\n", done.error().text.c_str());
  std::exit(1);
}

class stopwatch {
 public:
  double ms() const {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun_)
        .count();
  }

 private:
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

// Of consents that differ in the purposes agreed to: as many states as numbers.
directive agreement(const session& in, const privacy_notice& shown, std::size_t number) {
  directive out;
  out.kind = directive_kind::grant;
  out.strength = consent_strength::expressed;
  out.informed = true;
  out.channel = consent_channel::paper;
  out.scope = shown.announced;
  std::size_t bit = 1;
  purpose_set agreed;
  shown.announced.purposes.for_each([&](purpose_id each) {
    if (((number + 1) & bit) != 0) agreed.add(each);
    bit <<= 1;
  });
  out.scope.purposes = agreed;
  out.notice = {.id = shown.id, .version = shown.version, .hash = shown.hash};
  out.registry_version = shown.registry_version;
  out.jurisdiction = in.profile()->id;
  out.event_at = {1'700'000'000};
  return out;
}

privacy_notice notice(const session& in) {
  privacy_notice out;
  out.title = short_text<64>("all");
  out.language = short_text<16>("en");
  out.announced = {
      .purposes = {purpose::email_marketing, purpose::marketing, purpose::client_care,
                   purpose::telephone_marketing, purpose::postal_marketing,
                   purpose::text_message_marketing, purpose::personalisation, purpose::advertising,
                   purpose::service_personalisation},
      .recipients = {recipient::self, recipient::selected_partner},
      .categories = {category::email_address, category::name},
      .operations = {operation::collect, operation::store, operation::use, operation::disclose}};
  out.jurisdiction = in.profile()->id;
  out.text = crypto::hash(as_bytes("shown"));
  return out;
}

std::vector<customer_id> fill(session& in, const privacy_notice& shown, std::size_t count,
                              std::size_t states) {
  std::vector<customer_id> all;
  all.reserve(count);
  for (std::size_t i = 0; i < count;) {
    need(in.begin());
    for (const std::size_t end = std::min(count, i + 10'000); i < end; ++i) {
      customer one;
      need(one.set(field::name, person_name{.given = "Ken", .family = "Sánchez"}));
      const std::string address = "ken" + std::to_string(i) + "@example.com";
      need(one.set(field::emails, std::array{email_address{.address = address}}));
      const directive yes = agreement(in, shown, i % states);
      all.push_back(need(
          in.put(one, {.purposes = purpose::customer_order_management, .directives = {&yes, 1}})));
    }
    need(in.commit());
  }
  return all;
}

double median_read_us(session& in, const std::vector<customer_id>& all) {
  std::mt19937_64 random(7);
  std::vector<double> took;
  for (int i = 0; i < 2000; ++i) {
    const customer_id& who = all[random() % all.size()];
    const stopwatch watch;
    need(in.read(who, purpose::email_marketing));
    took.push_back(watch.ms() * 1000);
  }
  std::nth_element(took.begin(), took.begin() + 1000, took.end());
  return took[1000];
}

int measure(const char* path, std::size_t count, std::size_t states) {
  const std::string key = std::string(path) + "-key/growth.key";
  const std::filesystem::path folder = std::string(path) + "-key";
  std::filesystem::create_directories(folder);
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
  const book made = need(create_book(path, key, {.profile = gdpr_profile().id}));
  session in = need(made.begin_session({.id = actor_id(1), .role = actor_role::owner}));
  session other = need(made.begin_session({.id = actor_id(2), .role = actor_role::owner}));
  const privacy_notice shown = need(in.add_notice(notice(in)));
  stopwatch filling;
  const auto all = fill(in, shown, count, states);
  const double fill_s = filling.ms() / 1000;
  const double before = median_read_us(other, all);

  recipient_party party;
  party.name = short_text<64>("parcel-co");
  party.party_class = recipient::processor;
  party.country = {'D', 'E'};
  const stopwatch adding;
  need(in.add_recipient(party));
  const double added_ms = adding.ms();
  const double outdated = median_read_us(other, all);

  const stopwatch compiling;
  double longest = 0;
  std::size_t calls = 0;
  for (std::uint64_t left = 1; left != 0; ++calls) {
    const stopwatch one;
    left = need(in.compile_consents()).left;
    longest = std::max(longest, one.ms());
  }
  const double compile_s = compiling.ms() / 1000;
  const double after = median_read_us(other, all);
  std::printf(
      "{\"customers\": %zu, \"states\": %llu, \"fill_s\": %.1f, \"add_recipient_ms\": %.2f, "
      "\"compile_s\": %.1f, \"compile_calls\": %zu, \"longest_lock_ms\": %.1f, "
      "\"read_us\": {\"before\": %.2f, \"outdated\": %.2f, \"after\": %.2f}}\n",
      count, static_cast<unsigned long long>(need(in.figures()).consent_states), fill_s, added_ms,
      compile_s, calls, longest, before, outdated, after);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3 || argc > 4) {
    std::fputs("usage: growth BOOK CUSTOMERS [STATES]\n", stderr);
    return 2;
  }
  const std::size_t count = std::strtoull(argv[2], nullptr, 10);
  const std::size_t states = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 500;
  if (count == 0 || states == 0 || states > 511 || std::filesystem::exists(argv[1])) {
    std::fputs("growth: CUSTOMERS from 1, STATES 1 to 511, and BOOK must not exist\n", stderr);
    return 2;
  }
  return measure(argv[1], count, states);
}
