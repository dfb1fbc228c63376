// The text of evidence, written and checked.
//
// The checker believes nothing but the log's identity that it is given: first the checkpoint, then
// each entry's place under its root, then the payload under the entry's commitment, then that
// payloads follow each other.
#include <clientbook/base/hex.hpp>
#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/ledger/tiles.hpp>
#include <clientbook/ledger/witness.hpp>
#include <clientbook/rights/evidence_text.hpp>
#include <clientbook/transfer/book_json.hpp>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <functional>
#include <optional>

#include "evidence_parts.hpp"

namespace clientbook {
namespace {

constexpr std::string_view first_line = "clientbook-evidence v1";
constexpr std::string_view last_line = "end of evidence";
constexpr std::string_view pruned_word = "pruned";
constexpr std::string_view witnessed_line = "clientbook-witnessed v1";
constexpr std::string_view cosigned_word = "cosigned";
constexpr std::string_view end_of_note = "end of cosigned";
constexpr std::string_view end_of_witnessed = "end of witnessed";

// --- writing --------------------------------------------------------------------------------

void add_entry(wiped_text& out, const entry_evidence& one) {
  out += "entry ";
  add_number(out, one.index);
  out += ' ';
  add_base64(out, one.entry);
  out += ' ';
  add_base64(out, one.payload);
  add_hashes(out, one.path);
  out += '\n';
}

// Behind the evidence, which checkers of before read to its end: they pass over it.
void add_witnessed(wiped_text& out, std::span<const witnessed_head> all) {
  if (all.empty()) return;
  out.append(witnessed_line) += '\n';
  for (const witnessed_head& one : all) {
    out += cosigned_word;
    add_hashes(out, one.path);
    out += '\n';
    out += one.note;
    out.append(end_of_note) += '\n';
  }
  out.append(end_of_witnessed) += '\n';
}

// --- checking -------------------------------------------------------------------------------

class checker {
 public:
  checker(std::string_view text, const ledger::log_identity& log,
          std::span<const ledger::note_key> witnesses, std::size_t required)
      : lines_(text), log_(log), required_(required) {
    for (const ledger::note_key& one : witnesses) seen_.push_back({.key = one});
  }

  result<proved_evidence> run() {
    // Entries come before the checkpoint that they are held against: they wait.
    while (const auto line = lines_.next()) {
      if (*line == first_line) return read();
    }
    return error{errc::invalid_encoding, "there is no evidence in it: no line that begins it", 0};
  }

 private:
  struct waiting {
    std::uint64_t line = 0;
    entry_evidence one;
  };

  error wrong(literal text) const noexcept {
    return {errc::invalid_encoding, text, lines_.number()};
  }

  result<proved_evidence> read() {
    const auto log = lines_.next();
    if (!log || !log->starts_with("log ")) return wrong("want the line of the log");
    std::string note;
    bool in_note = false;
    auto line = lines_.next();
    if (line && line->starts_with(pruned_word)) {
      if (auto said = keep_pruned(*line); !said) return said.error();
      line = lines_.next();
    }
    for (;; line = lines_.next()) {
      if (!line) return wrong("the evidence is cut off");
      if (*line == last_line) break;
      if (in_note) {
        note.append(*line) += '\n';
      } else if (*line == "checkpoint") {
        in_note = true;
      } else if (auto kept = keep(*line); !kept) {
        return kept.error();
      }
    }
    const auto head = ledger::verify_checkpoint(note, log_);
    if (!head) return head.error();
    out_.size = head->size;
    for (const waiting& each : entries_) {
      if (auto proved = prove(each, *head); !proved) return proved.error();
    }
    if (auto held = witnessed(*head); !held) return held.error();
    return std::move(out_);
  }

  // What one of the policy's witnesses has cosigned.
  struct witness_seen {
    ledger::note_key key;
    std::uint64_t size = 0;
    timestamp at{};
  };

  result<void> witnessed(const ledger::checkpoint& head) {
    auto line = lines_.next();
    while (line && *line != witnessed_line) line = lines_.next();
    if (line) {
      if (auto read = read_cosigned(head); !read) return read;
    }
    std::ranges::sort(seen_, std::ranges::greater(), &witness_seen::size);
    out_.asked = seen_.size();
    out_.witnesses = static_cast<std::size_t>(
        std::ranges::count_if(seen_, [](const witness_seen& one) { return one.size != 0; }));
    if (out_.witnesses < required_) {
      return error{errc::signature_invalid, "fewer witnesses have cosigned than are required",
                   out_.witnesses};
    }
    const std::size_t wanted = std::max<std::size_t>(required_, 1);
    if (out_.witnesses < wanted) return {};
    out_.witnessed_size = seen_[wanted - 1].size;
    for (const witness_seen& one : seen_) {
      if (one.size >= out_.witnessed_size) out_.witnessed_at = std::max(out_.witnessed_at, one.at);
    }
    return {};
  }

  result<void> read_cosigned(const ledger::checkpoint& head) {
    for (;;) {
      const auto line = lines_.next();
      if (!line) return wrong("what witnesses have cosigned is cut off");
      if (*line == end_of_witnessed) return {};
      const std::uint64_t at = lines_.number();
      std::string_view rest = *line;
      std::vector<ledger::hash> path;
      if (rest.ends_with(' ') || word_of(rest) != cosigned_word) {
        return wrong("want what a witness has cosigned, or the end");
      }
      if (auto hashes = read_path(rest, path); !hashes) return hashes;
      std::string note;
      for (auto next = lines_.next();; next = lines_.next()) {
        if (!next) return wrong("what witnesses have cosigned is cut off");
        if (*next == end_of_note) break;
        note.append(*next) += '\n';
      }
      if (auto held = hold(note, path, head, at); !held) return held;
    }
  }

  // A cosigned checkpoint against that of the evidence; of whom the policy says nothing counts not.
  result<void> hold(std::string_view note, std::span<const ledger::hash> path,
                    const ledger::checkpoint& head, std::uint64_t line) {
    const auto before = ledger::verify_checkpoint(note, log_);
    if (!before) return error{before.error().code, before.error().text, line};
    if (!ledger::verify_consistency(before->size, before->root, head.size, head.root, path)) {
      return error{errc::proof_invalid, "the ledger does not go on from what a witness has seen",
                   line};
    }
    for (witness_seen& one : seen_) {
      const auto at = ledger::verify_cosignature(note, one.key);
      if (!at && at.error().code == errc::not_found) continue;
      if (!at) return error{at.error().code, at.error().text, line};
      if (before->size >= one.size) one = {one.key, before->size, *at};
    }
    return {};
  }

  result<void> read_path(std::string_view line, std::vector<ledger::hash>& out) const {
    if (read_hashes(line, out)) return {};
    return wrong("a hash is 32 bytes as base64, and there are 64 at most");
  }

  // What is gone nobody can show: it is told, and where it must end.
  result<void> keep_pruned(std::string_view line) {
    word_of(line);
    pruned_entries& gone = out_.pruned;
    if (line.ends_with(' ') || !read_number(word_of(line), gone.entries) || gone.entries == 0 ||
        !read_number(line, gone.below) || gone.below < gone.entries ||
        gone.below % ledger::tile_width != 0) {
      return wrong("what was pruned is how many entries, and below which index, a multiple of 256");
    }
    return {};
  }

  result<void> keep(std::string_view line) {
    if (line.ends_with(' ') || word_of(line) != "entry")
      return wrong("want an entry, the checkpoint or the end");
    waiting next{.line = lines_.number(), .one = {}};
    if (!read_number(word_of(line), next.one.index)) return wrong("an entry's index is a number");
    wiped_bytes bytes;
    if (!decode(word_of(line), ledger::max_entry, bytes)) return wrong("an entry is base64");
    next.one.entry.assign(bytes.begin(), bytes.end());
    if (!decode(word_of(line), ledger::max_payload, next.one.payload)) {
      return wrong("a payload is base64");
    }
    if (auto hashes = read_path(line, next.one.path); !hashes) return hashes;
    entries_.push_back(std::move(next));
    return {};
  }

  result<void> prove(const waiting& from, const ledger::checkpoint& head) {
    const entry_evidence& one = from.one;
    if (!ledger::verify_inclusion(ledger::leaf_hash(one.entry), one.index, head.size, one.path,
                                  head.root)) {
      return error{errc::proof_invalid, "an entry is not in the signed ledger", from.line};
    }
    const auto leaf = ledger::decode_entry(one.entry);
    if (!leaf) return error{errc::proof_invalid, "an entry is none", from.line};
    std::array<ledger::disclosed_field, 64> room;
    const auto payload = ledger::open_payload(*leaf, one.payload, room);
    if (!payload) {
      return error{errc::proof_invalid, "a payload is not what its entry commits to", from.line};
    }
    return follow(from.line, one.index, *leaf, *payload);
  }

  // Numbers from 1, each naming the entry before.
  result<void> follow(std::uint64_t line, std::uint64_t index, const ledger::disclosure_entry& leaf,
                      const ledger::disclosure_payload& payload) {
    if (out_.entries.empty()) out_.customer = payload.customer;
    if (payload.customer != out_.customer) {
      return error{errc::proof_invalid, "an entry is about somebody else", line};
    }
    const std::uint64_t before = out_.pruned.entries + out_.entries.size();
    const bool follows = out_.entries.empty() ? payload.previous.value_or(0) <
                                                    std::max<std::uint64_t>(out_.pruned.below, 1)
                                              : payload.previous == out_.entries.back().index;
    if (payload.sequence != before + 1 || !follows || index < out_.pruned.below) {
      return error{errc::row_missing, "an entry before this one is missing", line};
    }
    proved_record next{.index = index,
                       .event = leaf.type,
                       .at = payload.at,
                       .purpose = leaf.purpose,
                       .recipient = std::string(payload.recipient),
                       .recipient_class = leaf.recipient_class,
                       .fields = {},
                       .sequence = payload.sequence};
    for (const ledger::disclosed_field& field : payload.fields) next.fields.add(field.field);
    out_.entries.push_back(std::move(next));
    return {};
  }

  lines lines_;
  const ledger::log_identity& log_;
  std::size_t required_;
  std::vector<witness_seen> seen_;
  std::vector<waiting> entries_;
  proved_evidence out_;
};

namespace json = boost::json;

json::object to_object(const proved_record& one) {
  char at[20];
  write_timestamp(one.at, at);
  json::array fields;
  for (const field_id field : one.fields) fields.emplace_back(field.value);
  const auto purpose = facts(one.purpose);
  const auto party_class = facts(one.recipient_class);
  return {{"index", one.index},
          {"sequence", one.sequence},
          {"event", name_of(one.event)},
          {"at", std::string_view(at, sizeof at)},
          {"purpose", purpose ? purpose->name : std::string_view()},
          {"recipient", one.recipient},
          {"recipient_class", party_class ? party_class->name : std::string_view()},
          {"fields", std::move(fields)}};
}

}  // namespace

result<wiped_text> evidence_to_text(const ledger_evidence& evidence) try {
  wiped_text out;
  out.append(first_line) += '\n';
  out += "log ";
  out.append(evidence.log) += '\n';
  if (evidence.pruned.entries != 0) {
    out.append(pruned_word) += ' ';
    add_number(out, evidence.pruned.entries);
    out += ' ';
    add_number(out, evidence.pruned.below);
    out += '\n';
  }
  for (const entry_evidence& one : evidence.entries) add_entry(out, one);
  out += "checkpoint\n";
  out += evidence.checkpoint;
  out.append(last_line) += '\n';
  add_witnessed(out, evidence.witnessed);
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<proved_evidence> check_evidence(std::string_view text, const ledger::log_identity& log) {
  return check_evidence(text, log, {});
}

result<proved_evidence> check_evidence(std::string_view text, const ledger::log_identity& log,
                                       const witness_policy& policy) try {
  if (policy.required > policy.keys.size()) {
    return error{errc::invalid_argument, "more witnesses are required than there are keys"};
  }
  std::vector<ledger::note_key> witnesses;
  for (const std::string_view text_of_key : policy.keys) {
    const auto key = ledger::parse_witness_key(text_of_key);
    if (!key) return key.error();
    // One key under two names would be counted twice.
    if (std::ranges::find(witnesses, key->key, &ledger::note_key::key) != witnesses.end()) {
      return error{errc::invalid_argument, "a witness stands twice in the policy"};
    }
    witnesses.push_back(*key);
  }
  return checker(text, log, witnesses, policy.required).run();
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> proved_evidence_to_json(const proved_evidence& proved) try {
  json::array entries;
  for (const proved_record& one : proved.entries) entries.push_back(to_object(one));
  json::object out{{"customer", hex<std::string>(proved.customer.bytes)},
                   {"ledger_size", proved.size},
                   {"entries", std::move(entries)}};
  if (proved.pruned.entries != 0) {
    out["pruned"] = {{"entries", proved.pruned.entries}, {"below", proved.pruned.below}};
  }
  if (proved.asked != 0) {
    out["witnesses"] = proved.witnesses;
    out["witnessed_size"] = proved.witnessed_size;
    out["witnessed_at"] = nullptr;
  }
  if (proved.witnessed_size != 0) {
    char at[20];
    write_timestamp(proved.witnessed_at, at);
    out["witnessed_at"] = std::string_view(at, sizeof at);
  }
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
