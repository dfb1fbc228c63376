// What it costs to find and hide personal data in free text, a call a note: the patterns alone;
// everything, with the values of the customer's own record and the text written anew. Beside
// it, in the same run, RE2 and Vectorscan find spans of the same types by patterns.
//
// And whether time doubles when the input does, on texts made to be slow.
//
// `redaction_bench --labelled DENSITY NOTES SEED` prints such notes with their values marked, for
// scripts/accuracy --notes.
#include <clientbook/forms/form_redactor.hpp>
#include <clientbook/forms/people_finder.hpp>
#include <clientbook/scanner/known_values.hpp>
#include <clientbook/scanner/text_redactor.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "figures.hpp"
#include "note_corpus.hpp"
#include "pattern_peers.hpp"

using namespace clientbook;
using namespace clientbook::benchmarking;

namespace {

constexpr std::size_t corpus_bytes = 20'000'000;

void need(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "redaction_bench: %s\n", what);
  std::exit(1);
}

const note_corpus& corpus(density how) {
  static std::array<std::unique_ptr<note_corpus>, 3> made;
  auto& one = made[static_cast<std::size_t>(how)];
  if (!one) one = std::make_unique<note_corpus>(how, corpus_bytes);
  return *one;
}

// The shop is in Italy; a note is about a customer of some country.
struct note_regions {
  std::array<std::string_view, 2> of;
  explicit note_regions(std::size_t speech) : of{"IT", corpus_languages[speech].region} {}
};

scan_options options_of(const note_regions& regions) {
  scan_options out;
  out.regions = regions.of;
  return out;
}

// A customer's record, ready to be looked for.
struct own_record {
  std::vector<std::byte> memory;
  std::optional<known_values> values;

  explicit own_record(const corpus_customer& of) {
    const std::string name = of.first + " " + of.last;
    memory.resize(known_values_memory(
        4, name.size() + of.email.size() + of.phone.size() + of.address.size()));
    values.emplace(memory);
    need(values->add(known_kind::name, name).has_value(), "a name");
    need(values->add(known_kind::email, of.email).has_value(), "an e-mail address");
    need(values->add(known_kind::phone, of.phone).has_value(), "a phone number");
    need(values->add(known_kind::text, of.address).has_value(), "an address");
  }
};

std::vector<std::unique_ptr<own_record>> records_of(const note_corpus& notes) {
  std::vector<std::unique_ptr<own_record>> out;
  for (const corpus_customer& one : notes.customers) {
    out.push_back(std::make_unique<own_record>(one));
  }
  return out;
}

std::vector<note_regions> all_regions() {
  std::vector<note_regions> out;
  for (std::size_t i = 0; i < corpus_languages.size(); ++i) out.emplace_back(i);
  return out;
}

// An item is a megabyte.
void count(benchmark::State& state, const note_corpus& notes, std::size_t finds) {
  const auto passes = static_cast<double>(state.iterations());
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(corpus_bytes / 1'000'000));
  state.counters["note_us"] =
      benchmark::Counter(passes * static_cast<double>(notes.notes.size()) / 1e6,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["finds"] = static_cast<double>(finds);
}

void patterns(benchmark::State& state, density how) {
  const note_corpus& notes = corpus(how);
  const auto regions = all_regions();
  std::vector<scan_options> options;
  for (const note_regions& one : regions) options.push_back(options_of(one));
  std::array<text_entity, 64> room;
  std::size_t finds = 0;
  for (auto _ : state) {
    finds = 0;
    for (const corpus_note& one : notes.notes) {
      const auto found = scan(one.text, options[notes.customers[one.customer].speech], room);
      if (!found) state.SkipWithError("scan failed");
      finds += found->size();
    }
    benchmark::DoNotOptimize(finds);
  }
  count(state, notes, finds);
}

void full(benchmark::State& state, density how) {
  const note_corpus& notes = corpus(how);
  const auto regions = all_regions();
  const auto records = records_of(notes);
  std::vector<text_redaction_options> options;
  for (std::size_t i = 0; i < notes.customers.size(); ++i) {
    options.push_back({.scan = options_of(regions[notes.customers[i].speech])});
    options.back().scan.known = &*records[i]->values;
  }
  std::vector<std::unique_ptr<text_redactor>> redactors;
  for (const text_redaction_options& one : options) {
    redactors.push_back(std::make_unique<text_redactor>(one));
  }
  std::array<std::byte, 8192> room;
  std::size_t finds = 0;
  for (auto _ : state) {
    finds = 0;
    for (const corpus_note& one : notes.notes) {
      const auto done = redact_text(one.text, *redactors[one.customer], room);
      if (!done) state.SkipWithError("redact_text failed");
      for (const std::uint32_t hidden : done->receipt.hidden) finds += hidden;
    }
    benchmark::DoNotOptimize(finds);
  }
  count(state, notes, finds);
}

// Finds in notes with names of people, in the place of scan() alone.
void names(benchmark::State& state, density how) {
  const note_corpus& notes = corpus(how);
  const auto regions = all_regions();
  const people_finder people;
  std::array<text_entity, 64> room;
  std::size_t finds = 0;
  for (auto _ : state) {
    finds = 0;
    for (const corpus_note& one : notes.notes) {
      const auto found =
          people.find(one.text, options_of(regions[notes.customers[one.customer].speech]), room);
      if (!found) state.SkipWithError("people_finder failed");
      finds += found->size();
    }
    benchmark::DoNotOptimize(finds);
  }
  count(state, notes, finds);
}

// A table of a shop's customers: rows of the corpus' people with orders, prices and a note each.
std::string table(std::size_t bytes) {
  const note_corpus& notes = corpus(density::typical);
  std::string out = "id,name,email,phone,street,order,total,note\n";
  for (std::size_t i = 0; out.size() < bytes; ++i) {
    const corpus_note& note = notes.notes[i % notes.notes.size()];
    const corpus_customer& of = notes.customers[note.customer];
    std::string text(note.text);
    std::replace(text.begin(), text.end(), '"', '\'');
    out += std::to_string(i) + "," + of.first + " " + of.last + "," + of.email + "," + of.phone +
           ",\"" + of.address + "\"," + std::to_string(1'000'200'000 + i) + "," +
           std::to_string(i % 400) + ".50,\"" + text + "\"\n";
  }
  return out;
}

void csv(benchmark::State& state) {
  static constexpr std::string_view regions[] = {"IT", "DE"};
  static const std::string rows = table(8'000'000);
  form_options options;
  options.form = text_form::csv;
  options.text.scan.regions = regions;
  form_redactor redactor(options);
  std::size_t out = 0;
  const text_sink sink{
      [](void* to, std::string_view part) { *static_cast<std::size_t*>(to) += part.size(); }, &out};
  for (auto _ : state) {
    if (!redactor.write(rows, sink) || !redactor.finish(sink)) state.SkipWithError("no table");
    benchmark::DoNotOptimize(out);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rows.size() / 1'000'000));
}

template <class Peer>
void peer(benchmark::State& state, density how) {
  const note_corpus& notes = corpus(how);
  Peer engine;
  std::vector<peer_span> spans;
  std::size_t finds = 0;
  for (auto _ : state) {
    finds = 0;
    for (const corpus_note& one : notes.notes) {
      engine.find(one.text, spans);
      finds += spans.size();
    }
    benchmark::DoNotOptimize(finds);
  }
  count(state, notes, finds);
}

#ifdef CLIENTBOOK_BENCH_RE2
void re2_spans(benchmark::State& state, density how) { peer<re2_peer>(state, how); }
#endif
#ifdef CLIENTBOOK_BENCH_VECTORSCAN
void vectorscan_spans(benchmark::State& state, density how) { peer<vectorscan_peer>(state, how); }
#endif

// --- texts made to be slow -------------------------------------------------------------------

struct hostile_text {
  const char* name;
  const char* unit;
};
constexpr hostile_text hostile_texts[] = {
    {"at_signs", "a@"},      {"ones", "1"},           {"dots", "a.a."},         {"plus_ones", "+1"},
    {"spaced_ones", "1 "},   {"colons", "a:"},        {"slashes", "http://"},   {"brackets", "(1"},
    {"iban_heads", "DE12 "}, {"at_words", "a at b "}, {"known_words", "Anna "},
};
constexpr std::size_t hostile_bytes = 1'000'000;

std::string repeated(const char* unit, std::size_t bytes) {
  std::string out;
  while (out.size() < bytes) out += unit;
  return out;
}

// Seconds of the processor to scan and to redact it, with every reading switched on.
double seconds_for(std::string_view text, const known_values& known,
                   std::vector<text_entity>& room) {
  static constexpr std::string_view regions[] = {"IT", "DE", "US", "GB"};
  text_redaction_options options;
  options.scan.regions = regions;
  options.scan.cards = card_reading::cautious;
  options.scan.dates = date_reading::all;
  options.scan.emails = email_reading::obfuscated;
  options.scan.known = &known;
  options.mark = text_mark::numbered_label;
  std::size_t out = 0;
  const std::clock_t begin = std::clock();
  const auto found = scan(text, options.scan, room);
  text_redactor redactor(options);
  const text_sink sink{[](void* context, std::string_view part) {
                         *static_cast<std::size_t*>(context) += part.size();
                       },
                       &out};
  const bool written = redactor.write(text, sink).has_value() && redactor.finish(sink).has_value();
  const std::clock_t taken = std::clock() - begin;
  need(found.has_value() && written && out != 0, "a hostile text is not redacted");
  return static_cast<double>(taken) / CLOCKS_PER_SEC;
}

// Time of twice the text as a multiple of the time of the text; the best of several of each, since
// a slow moment of the machine would show as a slow text.
double doubling(const char* unit) {
  corpus_customer customer;
  customer.first = "Anna";
  customer.last = "Annabella";
  customer.email = "anna.anna@anna.example";
  customer.phone = "+1 111 111 1111";
  customer.address = "1 1 1 1 Anna Anna";
  const own_record record(customer);
  std::vector<text_entity> room(hostile_bytes);
  const std::string once = repeated(unit, hostile_bytes);
  const std::string twice = once + once;
  double best_once = 1e9;
  double best_twice = 1e9;
  for (int i = 0; i < 7; ++i) {
    best_once = std::min(best_once, seconds_for(once, *record.values, room));
    best_twice = std::min(best_twice, seconds_for(twice, *record.values, room));
  }
  return best_twice / best_once;
}

// --- notes for scripts/accuracy ----------------------------------------------------------------

// Nothing in a note of the corpus needs more.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string marked(const corpus_note& note) {
  std::string out;
  std::size_t at = 0;
  for (const corpus_value& one : note.values) {
    out += note.text.substr(at, one.begin - at);
    out += "[[" + std::string(one.type) + "|";
    out += note.text.substr(one.begin, one.end - one.begin);
    out += "]]";
    at = one.end;
  }
  return out += note.text.substr(at);
}

int print_labelled(std::string_view how, std::size_t count, std::uint64_t seed) {
  need(how == "typical" || how == "sparse" || how == "dense", "typical, sparse or dense");
  const note_corpus notes(how == "typical"  ? density::typical
                          : how == "sparse" ? density::sparse
                                            : density::dense,
                          count * 500, seed);
  for (std::size_t i = 0; i < count && i < notes.notes.size(); ++i) {
    const corpus_note& one = notes.notes[i];
    const corpus_customer& of = notes.customers[one.customer];
    std::printf(R"({"id": "generated-%zu", "text": %s, "regions": ["IT", "%s"], "known": )"
                R"([{"kind": "name", "value": %s}, {"kind": "email", "value": %s}]})"
                "\n",
                i + 1, quoted(marked(one)).c_str(),
                std::string(corpus_languages[of.speech].region).c_str(),
                quoted(of.first + " " + of.last).c_str(), quoted(of.email).c_str());
  }
  return 0;
}

[[maybe_unused]] void ratio_to_peer(figures& out, const char* name, const char* goal,
                                    const char* what, const char* run) {
  out.ratio({std::string("redaction.ratio_to_") + name, "ratio", goal,
             std::string(what) + ", spans by " + std::to_string(std::size(peer_patterns)) +
                 " patterns without checks, a call a note; ours: patterns_mb_s"},
            "patterns/typical", run);
}

[[maybe_unused]] void absent(const char* peer, const char* package) {
  std::fprintf(stderr, "redaction_bench: built without %s (%s): its ratio is absent\n", peer,
               package);
}

}  // namespace

BENCHMARK_CAPTURE(patterns, typical, density::typical)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(patterns, sparse, density::sparse)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(patterns, dense, density::dense)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(full, typical, density::typical)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(full, sparse, density::sparse)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(full, dense, density::dense)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(names, typical, density::typical)->Unit(benchmark::kMillisecond);
BENCHMARK(csv)->Unit(benchmark::kMillisecond);
#ifdef CLIENTBOOK_BENCH_RE2
BENCHMARK_CAPTURE(re2_spans, typical, density::typical)->Unit(benchmark::kMillisecond);
#endif
#ifdef CLIENTBOOK_BENCH_VECTORSCAN
BENCHMARK_CAPTURE(vectorscan_spans, typical, density::typical)->Unit(benchmark::kMillisecond);
#endif

int main(int argc, char** argv) {
  if (argc == 5 && std::string_view(argv[1]) == "--labelled") {
    return print_labelled(argv[2], std::strtoul(argv[3], nullptr, 10),
                          std::strtoull(argv[4], nullptr, 10));
  }
  clientbook::benchmarking::figures figures(argc, argv);
  const std::string notes = "20 MB of notes in 7 languages, a call a note, two regions";
  figures.rate({"redaction.patterns_mb_s", "MB/s", ">= 500", notes + ", typical"},
               "patterns/typical");
  figures.rate({"redaction.patterns_sparse_mb_s", "MB/s", "", notes + ", sparse"},
               "patterns/sparse");
  figures.rate({"redaction.patterns_dense_mb_s", "MB/s", "", notes + ", dense"}, "patterns/dense");
  const std::string all = notes + ", known values, text written anew";
  figures.rate({"redaction.full_mb_s", "MB/s", ">= 120", all + ", typical"}, "full/typical");
  figures.rate({"redaction.full_dense_mb_s", "MB/s", "", all + ", dense"}, "full/dense");
  figures.counter({"redaction.note_us", "us", "<= 2", all + ", typical"}, "full/typical",
                  "note_us");
  figures.counter({"redaction.names_note_us", "us", "", notes + ", typical, with names of people"},
                  "names/typical", "note_us");
  figures.rate({"redaction.csv_mb_s", "MB/s", "",
                "a table of 8 MB with names, addresses and notes, in one piece, written anew"},
               "csv");
#ifdef CLIENTBOOK_BENCH_RE2
  ratio_to_peer(figures, "re2", ">= 2.5", "RE2::Set, then RE2 for those that hit",
                "re2_spans/typical");
#else
  absent("RE2", "libre2-dev");
#endif
#ifdef CLIENTBOOK_BENCH_VECTORSCAN
  ratio_to_peer(figures, "vectorscan", "", "Vectorscan with SOM_LEFTMOST",
                "vectorscan_spans/typical");
#else
  absent("Vectorscan", "libvectorscan-dev or libhyperscan-dev");
#endif
  for (const hostile_text& one : hostile_texts) {
    figures.measure(
        {std::string("redaction.doubling_") + one.name, "ratio", "<= 2.5",
         std::string("2 MB of `") + one.unit + "` against 1 MB, scan and stream, every reading on"},
        1, [&one] { return doubling(one.unit); });
  }
  return figures.run();
}
