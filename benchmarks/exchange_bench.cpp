// What it costs to read the consent signals that come with a request.
#include <clientbook/gpp.hpp>
#include <clientbook/tcf.hpp>

#include "figures.hpp"

namespace {

using namespace clientbook;

constexpr std::string_view fifty_vendors =
    "CQeEcwAQeEcwAAKACBENAqFsAP_gAH_gAAYgAZQAYAAgBkAGUAGAAIAZAAAA.IAZQAYAAgBkA.YAAAAAAAAAAA";
// Vendors up to 720 as a bit field.
constexpr std::string_view bit_field =
    "COvFyGBOvFyGBAbAAAENAPCAAOAAAAAAAAAAAEEUACCKAAA.IFoEUQQgAIQwgIwQABAEAAAAOIAACAIAAAAQAIAgEAACEA"
    "AAAAgAQBAAAAAAAGBAAgAAAAAAAFAAECAAAgAAQARAEQAAAAAJAAIAAgAAAYQEAAAQmAgBC3ZAYzUw";

void decode(benchmark::State& state, std::string_view text) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(text);
    auto tc = read_tc_string(text);
    if (!tc) state.SkipWithError("refused");
    benchmark::DoNotOptimize(tc);
  }
}
void tcf_decode(benchmark::State& state) { decode(state, fifty_vendors); }
BENCHMARK(tcf_decode);
void tcf_decode_bit_field(benchmark::State& state) { decode(state, bit_field); }
BENCHMARK(tcf_decode_bit_field);

void gpp_usnat_decode(benchmark::State& state) {
  std::string_view text = "DBABLA~CVVqGGGGGACA.QA";
  for (auto _ : state) {
    benchmark::DoNotOptimize(text);
    const auto gpp = read_gpp(text);
    auto privacy = read_us_privacy(gpp_section::usnat, gpp->section(gpp_section::usnat));
    if (!privacy) state.SkipWithError("refused");
    benchmark::DoNotOptimize(privacy);
  }
}
BENCHMARK(gpp_usnat_decode);

}  // namespace

int main(int argc, char** argv) {
  clientbook::benchmarking::figures figures(argc, argv);
  figures.rate({"exchange.tcf_decode", "1/s", ">= 500000", "a TC string of fifty vendors"},
               "tcf_decode");
  figures.rate({"exchange.gpp_usnat_decode", "1/s", ">= 1000000", "header and section usnat"},
               "gpp_usnat_decode");
  return figures.run();
}
