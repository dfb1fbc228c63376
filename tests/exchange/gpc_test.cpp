#include <clientbook/exchange/gpc.hpp>

#include <array>

#include "testing.hpp"

using namespace clientbook;

TEST_CASE("gpc: the signal is exactly 1, and one of several headers is enough, joined or not") {
  for (const std::string_view on : {"1", " 1", "1 ", "1\r\n", "1,1", "0, 1", "1, 1"}) {
    CAPTURE(on);
    CHECK(gpc_signal(on));
  }
  for (const std::string_view off : {"0", "01", "true", "", "2", "11", "0,0", ",", "1 1"}) {
    CAPTURE(off);
    CHECK_FALSE(gpc_signal(off));
  }
  CHECK(gpc_signal(std::array<std::string_view, 2>{"0", "1"}));
  CHECK_FALSE(gpc_signal(std::array<std::string_view, 2>{"0", "true"}));
  CHECK_FALSE(gpc_signal(std::span<const std::string_view>{}));
}

TEST_CASE("gpc: the support file") {
  const auto read = [](std::string_view json) { return read_gpc_support(json); };
  CHECK(read(R"({"gpc": true, "lastUpdate": "2024-05-21"})").support == gpc_support::supported);
  CHECK(read(R"({"gpc": true, "lastUpdate": "2024-05-21"})").last_update == date{2024, 5, 21});
  CHECK(read(R"({"gpc": true, "lastUpdate": "2024-05-21T07:00:00Z"})").last_update ==
        date{2024, 5, 21});
  CHECK(read(R"({"gpc": false})").support == gpc_support::not_supported);
  CHECK_FALSE(read(R"({"gpc": false})").last_update);
  CHECK(read(R"({"gpc": true, "lastUpdate": "soon", "other": [1]})").support ==
        gpc_support::supported);
  CHECK_FALSE(read(R"({"gpc": true, "lastUpdate": "soon"})").last_update);
  for (const std::string_view unknown :
       {R"({"gpc": "true"})", R"({"gpc": 1})", R"({})", R"([true])", R"({"gpc": true)", "",
        R"({"gpc": true, "gpc": false})", R"({"gpc": true,})", R"({"gpc": null})"}) {
    CAPTURE(unknown);
    CHECK(read(unknown).support == gpc_support::unknown);
  }
}
