#include <clientbook/redaction/k_threshold.hpp>
#include "testing.hpp"

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace clientbook;

namespace {

group_row row(std::string_view year, std::string_view zip, unsigned subject) {
  const byte_view fields[] = {as_bytes(year), as_bytes(zip)};
  group_row out{group_of(fields), {}};
  store_be(out.subject.bytes.data(), subject);
  return out;
}

std::vector<std::uint32_t> kept(unsigned k, const std::vector<group_row>& rows) {
  std::vector<std::uint32_t> work(rows.size());
  const auto done = require_k(k, rows, small_groups::suppress, work);
  REQUIRE(done);
  CHECK(done->kept.size() + done->suppressed == rows.size());
  return {done->kept.begin(), done->kept.end()};
}

errc refused(unsigned k, const std::vector<group_row>& rows, std::uint64_t* at = nullptr) {
  std::vector<std::uint32_t> work(rows.size());
  const auto done = require_k(k, rows, small_groups::refuse, work);
  if (!done && at != nullptr) *at = done.error().at;
  return done ? errc::none : done.error().code;
}

}  // namespace

TEST_CASE("k: a group of k people stays, of k - 1 the rows go or the export is refused") {
  const std::vector<group_row> rows = {row("1985", "980", 1), row("1985", "981", 2),
                                       row("1985", "980", 3), row("1985", "981", 4),
                                       row("1985", "980", 5)};
  CHECK(kept(2, rows) == std::vector<std::uint32_t>{0, 1, 2, 3, 4});
  CHECK(kept(3, rows) == std::vector<std::uint32_t>{0, 2, 4});
  CHECK(kept(4, rows).empty());
  CHECK(refused(2, rows) == errc::none);
  std::uint64_t at = 0;
  CHECK(refused(3, rows, &at) == errc::group_too_small);
  CHECK(at == 2);
  CHECK(kept(5, {}).empty());
  CHECK(refused(5, {}) == errc::none);
}

TEST_CASE("k: people are counted, not rows") {
  std::vector<group_row> rows;
  for (int i = 0; i < 10; ++i) rows.push_back(row("1985", "980", 7));
  CHECK(kept(2, rows).empty());
  CHECK(refused(2, rows) == errc::group_too_small);
  rows.push_back(row("1985", "980", 8));
  CHECK(kept(2, rows).size() == 11);
  CHECK(kept(3, rows).empty());
}

TEST_CASE("k: fields cut elsewhere are other groups") {
  CHECK(row("1985", "980", 1).group != row("198", "5980", 1).group);
  CHECK(row("1985", "980", 1).group == row("1985", "980", 2).group);
}

TEST_CASE("k: property: as counted with sets") {
  std::mt19937 random(13);
  for (int round = 0; round < 300; ++round) {
    const auto k = static_cast<unsigned>(2 + random() % 6);
    std::vector<group_row> rows;
    std::map<group_id, std::set<customer_id>> people;
    for (auto count = random() % 200; count != 0; --count) {
      rows.push_back(row(std::to_string(random() % 6), std::to_string(random() % 5),
                         static_cast<unsigned>(random() % 40)));
      people[rows.back().group].insert(rows.back().subject);
    }
    std::vector<std::uint32_t> expected;
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
      if (people[rows[i].group].size() >= k) expected.push_back(i);
    }
    CHECK(kept(k, rows) == expected);
    CHECK((refused(k, rows) == errc::none) == (expected.size() == rows.size()));
  }
}

TEST_CASE("k: a threshold of one, or no room for the work, is refused") {
  const std::vector<group_row> rows = {row("1985", "980", 1), row("1985", "980", 2)};
  std::vector<std::uint32_t> work(2);
  for (const unsigned k : {0U, 1U, 1'000'001U}) {
    CHECK(require_k(k, rows, small_groups::suppress, work).error().code == errc::invalid_argument);
  }
  CHECK(require_k(2, rows, small_groups::suppress, std::span(work).first(1)).error().code ==
        errc::invalid_argument);
}
