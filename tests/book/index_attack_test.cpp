// What somebody learns who has the store and no key: who has which family name, guessed by how
// often names are given and by all that the rows of an index show.
#include <clientbook/crypto/crypto.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr std::size_t people = 3000;

// As in any country: a few names are many people's. Short ones and long ones.
constexpr std::array names{"Smith",  "Nguyen", "Garcia", "Lee",       "Fitzgerald",
                           "Patel",  "Kim",    "Müller", "Kowalski",  "Featherstonehaugh",
                           "Rossi",  "Ivanov", "Tan",    "Andersson", "Papadopoulos",
                           "Haddad", "Silva",  "Dubois", "Ng",        "Montgomery",
                           "Okafor", "Jansen", "Horvat", "Li",        "Wickramasinghe",
                           "Novak",  "Yılmaz", "Ali",    "Petersen",  "Quartermaine"};

// The share of the n-th: what a census says.
double share_of(std::size_t n) {
  double sum = 0;
  for (std::size_t i = 0; i < names.size(); ++i) sum += 1.0 / static_cast<double>(i + 1);
  return 1.0 / static_cast<double>(n + 1) / sum;
}

using belongs = std::vector<std::size_t>;  // Whose name is which, by customer.

// What the rows show of each customer, as something that can be equal or not.
using shown = std::vector<std::string>;

belongs drawn(unsigned seed) {
  std::mt19937 random(seed);
  belongs out;
  for (std::size_t i = 0; i < people; ++i) {
    double at = static_cast<double>(random()) / 4294967296.0;
    std::size_t name = 0;
    while (name + 1 < names.size() && at >= share_of(name)) at -= share_of(name++);
    out.push_back(name);
  }
  return out;
}

// The book of these people with its index, and of each what of the index's rows concerns them: size
// and first bytes of the bucket.
shown rows_of_index(const belongs& whose) {
  shop s;
  session in = s.begin();
  REQUIRE(in.begin());
  for (std::size_t i = 0; i < whose.size(); ++i) {
    customer one;
    REQUIRE(one.set(field::name, person_name{.given = "Ann", .family = names[whose[i]]}));
    keep(in, one);
  }
  REQUIRE(in.commit());
  for (std::uint64_t left = 1; left != 0;) {
    const auto done = in.build_index();
    REQUIRE(done);
    left = done->left;
  }
  std::map<std::uint64_t, std::string> buckets;
  auto read = s.store->begin_read();
  REQUIRE(read);
  const std::array table{std::byte{24}};
  std::string plain;
  REQUIRE((*read)->walk(table, table, [&](byte_view at, byte_view value) {
    buckets[load_be<std::uint64_t>(at.data() + 1) / 16] = std::to_string(value.size());
    plain += as_text(value);
    return true;
  }));
  CHECK(buckets.size() == whose.size() / 16 + 1);
  // Nothing of a name is there to be read.
  for (const char* name : {"Smith", "smith", "Featherstonehaugh", "featherstonehaugh", "ann"}) {
    CAPTURE(name);
    if (std::string_view(name).size() > 3) CHECK(plain.find(name) == plain.npos);
  }
  shown out;
  for (std::size_t i = 0; i < whose.size(); ++i) out.push_back(buckets[(i + 2) / 16]);
  return out;
}

double hits(const belongs& guessed, const belongs& truth) {
  std::size_t right = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) right += guessed[i] == truth[i] ? 1U : 0U;
  return static_cast<double>(right) / static_cast<double>(truth.size());
}

// Values that are equal are one name's: the most frequent value is the most frequent name's.
belongs guess_by_frequency(const shown& seen) {
  std::map<std::string, std::size_t> often;
  for (const std::string& one : seen) ++often[one];
  std::vector<std::pair<std::size_t, std::string>> order;
  for (const auto& [value, times] : often) order.emplace_back(times, value);
  std::sort(order.rbegin(), order.rend());
  std::map<std::string, std::size_t> means;
  for (std::size_t i = 0; i < order.size(); ++i) {
    means[order[i].second] = std::min(i, names.size() - 1);
  }
  belongs out;
  for (const std::string& one : seen) out.push_back(means[one]);
  return out;
}

// Somebody who has made a book of their own of people like these, and knows all about it: of whom
// the rows look so, which name is the likeliest?
belongs guess_by_example(const shown& seen, const shown& example, const belongs& known) {
  std::map<std::string, std::map<std::size_t, std::size_t>> often;
  for (std::size_t i = 0; i < example.size(); ++i) ++often[example[i]][known[i]];
  belongs out;
  for (const std::string& one : seen) {
    std::size_t best = 0;
    if (const auto at = often.find(one); at != often.end()) {
      best =
          std::max_element(at->second.begin(), at->second.end(), [](const auto& a, const auto& b) {
            return a.second < b.second;
          })->first;
    }
    out.push_back(best);
  }
  return out;
}

shown blind_tokens(const belongs& whose) {
  crypto::system_random random;
  const auto key = crypto::random_key(random);
  REQUIRE(key);
  shown out;
  for (const std::size_t name : whose) {
    const std::array parts{as_bytes(std::string_view(names[name]))};
    const auto token = crypto::blind_token(*key, 64, parts);
    REQUIRE(token);
    out.emplace_back(as_text(token->bytes));
  }
  return out;
}

}  // namespace

TEST_CASE("index: a frequency attack on what lies at rest is no better than guessing on nothing") {
  const belongs truth = drawn(20261201);
  const belongs known = drawn(7);
  const double nothing = hits(belongs(people, 0), truth);
  const double chance = 3 * std::sqrt(nothing * (1 - nothing) / static_cast<double>(people));

  // In a plain column the name is there to be read.
  belongs read;
  for (const std::size_t name : truth) {
    const auto at = std::find(names.begin(), names.end(), std::string_view(names[name]));
    read.push_back(static_cast<std::size_t>(at - names.begin()));
  }
  const double by_plain = hits(read, truth);
  const double by_blind = hits(guess_by_frequency(blind_tokens(truth)), truth);
  const shown at_rest = rows_of_index(truth);
  const double by_frequency = hits(guess_by_frequency(at_rest), truth);
  const double by_example = hits(guess_by_example(at_rest, rows_of_index(known), known), truth);
  MESSAGE("guessed of ", people, " family names: on nothing ", nothing, ", plain column ", by_plain,
          ", blind tokens ", by_blind, ", sealed index by frequency ", by_frequency,
          ", by example ", by_example);
  // The attack works where there is something to be seen.
  CHECK(by_plain == 1);
  CHECK(by_blind > 2.5 * nothing);
  CHECK(by_frequency <= nothing + chance);
  CHECK(by_example <= nothing + chance);
}
