// A host with a Boost of its own, whose JSON it compiles in, as Boost's manual says. Before our
// objects had a namespace of their own for theirs, this did not link: each symbol was there twice.
#include <boost/json/src.hpp>
#include <boost/system/result.hpp>
#include <boost/unordered_map.hpp>

#include <clientbook/clientbook.hpp>
#include <clientbook/exchange.hpp>

#include <cstdio>
#include <string>

int main() {
  // The host's: it keeps the last of two members with one name.
  const boost::json::value host = boost::json::parse(R"({"a": 1, "a": 2})");
  const boost::system::result<int> kept = host.at("a").to_number<int>();
  // Ours, through the same text: it refuses the second.
  std::string where;
  const auto ours = clientbook::evaluate_json(R"({"a": 1, "a": 2})", where);
  const clientbook::result<int> small = 7;
  if (!kept || *kept != 2 || ours || *small != 7) return 1;
  std::printf("a host's Boost and ours, apart\n");
  return 0;
}
