// Figures: the few named numbers that a benchmark is there for.
//
// A benchmark is an ordinary Google Benchmark program. Asked with --figures FILE it also
// writes its figures, one JSON object {"name": {"value", "unit", "goal", "compared_with"}},
// which scripts/bench merges with those of the others; --only PREFIX leaves out the rest.
//
//   static void read(benchmark::State& state) { ... state.SetItemsProcessed(n); }
//   BENCHMARK(read);
//   static void read_limit(benchmark::State& state) { ... }
//   BENCHMARK(read_limit);
//
//   int main(int argc, char** argv) {
//     clientbook::benchmarking::figures figures(argc, argv);
//     figures.ratio({"book.read_ratio_to_limit", "ratio", ">= 0.6", "LMDB and libsodium by hand"},
//                   "read", "read_limit");
//     figures.measure({"book.bytes_per_customer", "bytes", "", "nothing"}, 1, size_of_book);
//     return figures.run();
//   }
//
// Every value is a median: of repetitions that Google Benchmark runs interleaved in random
// order, so that a slow moment of the machine meets both sides of a ratio, or of the calls of a
// measure(). A goal is ">= number" or "<= number"; empty if there is none. compared_with
// says what a ratio is a ratio to, or which work an absolute number is about.
#ifndef CLIENTBOOK_BENCHMARKS_FIGURES_HPP
#define CLIENTBOOK_BENCHMARKS_FIGURES_HPP

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clientbook::benchmarking {

struct figure {
  std::string name;
  std::string unit;
  std::string goal;
  std::string compared_with;
};

/// Precondition: not empty.
inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

class figures {
 public:
  /// Takes its own options out of the command line; the rest is Google Benchmark's.
  figures(int argc, char** argv) {
    for (int i = 0; i < argc; ++i) {
      const std::string_view argument = argv[i];
      if ((argument == "--figures" || argument == "--only") && i + 1 < argc) {
        (argument == "--figures" ? file_ : only_) = argv[++i];
      } else {
        arguments_.emplace_back(argument);
      }
    }
  }

  /// Items per second of a run (calls per second, if it counts no items).
  void rate(figure what, std::string run) {
    add({std::move(what), {run}, [this, run] { return speed(run); }});
  }
  /// Speed of `ours` as a share of the speed of `limit`.
  void ratio(figure what, std::string ours, std::string limit) {
    add({std::move(what), {ours, limit}, [=, this] { return speed(ours) / speed(limit); }});
  }
  /// Nanoseconds of a call.
  void time(figure what, std::string run) {
    add({std::move(what), {run}, [this, run] { return 1e9 / speed(run); }});
  }
  /// Microseconds and seconds of a call.
  void microseconds(figure what, std::string run) {
    add({std::move(what), {run}, [this, run] { return 1e6 / speed(run); }});
  }
  void seconds(figure what, std::string run) {
    add({std::move(what), {run}, [this, run] { return 1 / speed(run); }});
  }
  /// Milliseconds of a call.
  void milliseconds(figure what, std::string run) {
    add({std::move(what), {run}, [this, run] { return 1e3 / speed(run); }});
  }
  /// How many times as fast `ours` is as a peer outside this program, whose nanoseconds a call
  /// `peer` finds out.
  void ratio_to(figure what, std::string ours, std::function<double()> peer) {
    add({std::move(what), {ours}, [this, ours, peer = std::move(peer)] {
           return peer() * speed(ours) / 1e9;
         }});
  }
  /// A counter that a run sets with state.counters[name].
  void counter(figure what, std::string run, std::string name) {
    add({std::move(what), {run}, [=, this] { return median(counters_.at(run).at(name)); }});
  }
  /// Median of what `once` returns; for work too long for Google Benchmark.
  void measure(figure what, int repetitions, std::function<double()> once) {
    add({std::move(what), {}, [repetitions, once = std::move(once)] {
           std::vector<double> values;
           for (int i = 0; i < repetitions; ++i) values.push_back(once());
           return median(std::move(values));
         }});
  }

  /// Runs the benchmarks; writes the figures if asked. Returns main's exit code.
  int run() {
    if (!file_.empty()) ask_for_runs();
    std::vector<char*> argv;
    for (std::string& argument : arguments_) argv.push_back(argument.data());
    int argc = static_cast<int>(argv.size());
    argv.push_back(nullptr);
    benchmark::Initialize(&argc, argv.data());
    if (benchmark::ReportUnrecognizedArguments(argc, argv.data())) return 2;
    if (file_.empty()) {
      benchmark::RunSpecifiedBenchmarks();
      return 0;
    }
    collector reporter(*this);
    if (needs_runs()) benchmark::RunSpecifiedBenchmarks(&reporter);
    return write() ? 0 : 1;
  }

 private:
  struct entry {
    figure what;
    std::vector<std::string> runs;
    std::function<double()> value;
  };

  /// Shows runs as ever, and keeps the values of each repetition.
  class collector : public benchmark::ConsoleReporter {
   public:
    explicit collector(figures& owner) : ConsoleReporter(OO_Tabular), owner_(owner) {}
    void ReportRuns(const std::vector<Run>& runs) override {
      for (const Run& run : runs) {
        if (run.run_type != Run::RT_Iteration || run.real_accumulated_time <= 0) continue;
        auto& kept = owner_.counters_[run.benchmark_name()];
        for (const auto& [name, counter] : run.counters) kept[name].push_back(counter.value);
        kept["calls_per_second"].push_back(static_cast<double>(run.iterations) /
                                           run.real_accumulated_time);
      }
      ConsoleReporter::ReportRuns(runs);
    }

   private:
    figures& owner_;
  };

  void add(entry one) {
    if (one.what.name.starts_with(only_)) entries_.push_back(std::move(one));
  }

  bool needs_runs() const {
    return std::any_of(entries_.begin(), entries_.end(),
                       [](const entry& one) { return !one.runs.empty(); });
  }

  void ask_for_runs() {
    std::string filter;
    for (const entry& one : entries_) {
      for (const std::string& run : one.runs) filter += (filter.empty() ? "" : "|") + run;
    }
    // Before the caller's own, which win.
    const std::vector<std::string> ours = {"--benchmark_repetitions=7",
                                           "--benchmark_enable_random_interleaving=true",
                                           "--benchmark_filter=^(" + filter + ")$"};
    arguments_.insert(arguments_.begin() + 1, ours.begin(), ours.end());
  }

  double speed(const std::string& run) const {
    const auto& kept = counters_.at(run);
    const auto items = kept.find("items_per_second");
    return median(items != kept.end() ? items->second : kept.at("calls_per_second"));
  }

  static std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    return out + "\"";
  }

  bool write() const {
    std::string out;
    for (const entry& one : entries_) {
      for (const std::string& run : one.runs) {
        if (counters_.contains(run)) continue;
        std::fprintf(stderr, "%s: %s did not run\n", one.what.name.c_str(), run.c_str());
        return false;
      }
      const double value = one.value();
      if (!std::isfinite(value)) {
        std::fprintf(stderr, "%s: has no finite value\n", one.what.name.c_str());
        return false;
      }
      char number[32];
      std::snprintf(number, sizeof number, "%.6g", value);
      out += (out.empty() ? "" : ",\n") + ("  " + quoted(one.what.name)) +
             ": {\"value\": " + number + ", \"unit\": " + quoted(one.what.unit) +
             ", \"goal\": " + quoted(one.what.goal) +
             ", \"compared_with\": " + quoted(one.what.compared_with) + "}";
    }
    std::FILE* file = std::fopen(file_.c_str(), "w");
    if (file == nullptr) {
      std::fprintf(stderr, "the file for the figures cannot be written\n");
      return false;
    }
    std::fprintf(file, "{\n%s\n}\n", out.c_str());
    return std::fclose(file) == 0;
  }

  std::string file_;
  std::string only_;
  std::vector<std::string> arguments_;
  std::vector<entry> entries_;
  std::map<std::string, std::map<std::string, std::vector<double>>> counters_;
};

}  // namespace clientbook::benchmarking

#endif
