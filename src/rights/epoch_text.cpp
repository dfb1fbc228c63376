// The text of seals, written and checked.
//
// The checker believes nothing but the log's identity and the known key that it is given: the
// checkpoint first, then each seal under the key that the seal before it names, then that the tree
// of the seal is a beginning of the checkpoint's.
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/ledger/disclosure_entry.hpp>
#include <clientbook/ledger/epoch_seal.hpp>
#include <clientbook/ledger/signed_note.hpp>
#include <clientbook/rights/epoch_text.hpp>

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "evidence_parts.hpp"

namespace clientbook {
namespace {

namespace json = boost::json;

constexpr std::string_view first_line = "clientbook-seals v1";
constexpr std::string_view last_line = "end of seals";
constexpr std::string_view growth_word = "growth";
constexpr std::string_view entry_word = "entry";
constexpr std::string_view pruned_word = "pruned";
constexpr std::string_view end_of_seal = "end of seal";

void add_seal(wiped_text& out, const proved_seal& one) {
  if (one.pruned) {
    out.append(pruned_word) += '\n';
  } else {
    out += growth_word;
    add_hashes(out, one.path);
    out += '\n';
    out.append(entry_word) += ' ';
    add_base64(out, one.entry);
    add_hashes(out, one.entry_path);
    out += '\n';
  }
  out += one.note;
  out.append(end_of_seal) += '\n';
}

class checker {
 public:
  checker(std::string_view text, const ledger::log_identity& log,
          const std::optional<crypto::verifying_key>& known)
      : lines_(text), log_(log), known_(known), chain_(log, known) {}

  result<proved_epochs> run() {
    auto line = lines_.next();
    if (!line || *line != first_line) return wrong("want the line that seals begin with");
    line = lines_.next();
    if (!line || !line->starts_with("log ")) return wrong("want the line of the log");
    std::string note;
    if (auto head = read_note("end of checkpoint", note); !head) return head.error();
    const auto head = ledger::verify_checkpoint(note, log_);
    if (!head) return head.error();
    out_.size = head->size;
    for (;;) {
      line = lines_.next();
      if (!line) return wrong("the seals are cut off");
      if (*line == last_line) break;
      if (auto taken = take_seal(*line, *head); !taken) return taken.error();
    }
    if (auto all = chain_.finish(); !all) return all.error();
    if (out_.sealed.empty()) return wrong("no seal is in it: the ledger was never sealed");
    // The newest seal ties all that is before it to the checkpoint.
    if (out_.sealed.back().pruned) {
      return error{errc::pruned,
                   "the entries of the newest seal are pruned, and nothing shows that the ledger "
                   "goes on from it: seal it once more",
                   lines_.number()};
    }
    out_.now = chain_.epoch();
    out_.from = chain_.from();
    out_.key = chain_.key();
    return std::move(out_);
  }

 private:
  error wrong(literal text) const noexcept {
    return {errc::invalid_encoding, text, lines_.number()};
  }

  result<void> read_note(std::string_view end, std::string& out) {
    for (auto line = lines_.next();; line = lines_.next()) {
      if (!line) return wrong("the seals are cut off");
      if (*line == end) return {};
      out.append(*line) += '\n';
    }
  }

  result<void> take_seal(std::string_view line, const ledger::checkpoint& head) {
    const std::uint64_t at = lines_.number();
    const bool pruned = line == pruned_word;
    std::vector<ledger::hash> growth;
    std::vector<ledger::hash> path;
    wiped_bytes entry;
    if (!pruned) {
      if (line.ends_with(' ') || word_of(line) != growth_word || !read_hashes(line, growth)) {
        return wrong("want how the ledger went on from a seal, or the end");
      }
      const auto next = lines_.next();
      std::string_view rest = next.value_or(std::string_view());
      if (rest.ends_with(' ') || word_of(rest) != entry_word ||
          !decode(word_of(rest), ledger::max_entry, entry) || !read_hashes(rest, path)) {
        return wrong("want the entry of the next key");
      }
    }
    std::string note;
    if (auto read = read_note(end_of_seal, note); !read) return read;
    if (pruned && !out_.sealed.empty() && !out_.sealed.back().pruned) {
      return error{errc::proof_invalid, "pruned, and what is older is not", at};
    }
    const bool by_known = known_ && chain_.epoch() != 0 && chain_.key() == *known_;
    if (pruned && by_known) {
      return error{
          errc::pruned,
          "what was sealed by the key that is known is pruned: hold a newer one against it", at};
    }
    const auto seal = chain_.add(note);
    if (!seal) return error{seal.error().code, seal.error().text, at};
    out_.sealed.push_back({.number = seal->epoch,
                           .from = seal->from,
                           .size = seal->size,
                           .opened_anew = seal->kind == ledger::seal_kind::opening,
                           .pruned = pruned});
    return pruned ? result<void>() : hold(*seal, growth, entry, path, head, at);
  }

  // Against the checkpoint: the tree of the seal, and the entry that commits to the next key.
  static result<void> hold(const ledger::epoch_seal& seal, std::span<const ledger::hash> growth,
                           byte_view entry, std::span<const ledger::hash> path,
                           const ledger::checkpoint& head, std::uint64_t at) {
    if (!ledger::verify_consistency(seal.size, seal.root, head.size, head.root, growth)) {
      return error{errc::proof_invalid, "the ledger does not go on from what was sealed", at};
    }
    const auto leaf = ledger::decode_entry(entry);
    if (!leaf || leaf->type != ledger_event::epoch ||
        leaf->commitment != ledger::epoch_key_commitment(seal.next) ||
        !ledger::verify_inclusion(ledger::leaf_hash(entry), seal.size, head.size, path,
                                  head.root)) {
      return error{errc::proof_invalid,
                   "the ledger does not have the next epoch's key where it must", at};
    }
    return {};
  }

  lines lines_;
  const ledger::log_identity& log_;
  std::optional<crypto::verifying_key> known_;
  ledger::epoch_chain chain_;
  proved_epochs out_;
};

}  // namespace

result<wiped_text> seals_to_text(const epoch_evidence& seals) try {
  wiped_text out;
  out.append(first_line) += '\n';
  out += "log ";
  out.append(seals.log) += '\n';
  out += seals.checkpoint;
  out += "end of checkpoint\n";
  for (const proved_seal& one : seals.seals) add_seal(out, one);
  out.append(last_line) += '\n';
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<proved_epochs> check_seals(std::string_view text, const ledger::log_identity& log,
                                  std::string_view known) try {
  std::optional<crypto::verifying_key> key;
  if (!known.empty()) {
    const auto read = ledger::parse_note_key(known);
    if (!read) return read.error();
    if (read->name != log.origin) {
      return error{errc::signature_invalid, "the key that is known is of another ledger"};
    }
    key = read->key;
  }
  return checker(text, log, key).run();
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> epoch_key_text(const crypto::verifying_key& key, std::string_view origin) try {
  std::array<char, ledger::note_key_room> room{};
  const auto text = ledger::write_note_key({origin, key}, room);
  return text ? result<std::string>(std::string(*text)) : text.error();
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> proved_epochs_to_json(const proved_epochs& proved,
                                          const ledger::log_identity& log) try {
  json::array sealed;
  for (const proved_epoch& one : proved.sealed) {
    sealed.push_back({{"epoch", one.number},
                      {"from", one.from},
                      {"size", one.size},
                      {"opened_anew", one.opened_anew},
                      {"pruned", one.pruned}});
  }
  json::object out{{"ledger_size", proved.size},
                   {"sealed", std::move(sealed)},
                   {"epoch", proved.now},
                   {"from", proved.from},
                   {"key", nullptr}};
  if (proved.now != 0) {
    const auto key = epoch_key_text(proved.key, log.origin);
    if (!key) return key.error();
    out["key"] = *key;
  }
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> epoch_to_json(const ledger_epoch& one, std::string_view log) try {
  const auto of = ledger::parse_log_identity(log);
  if (!of) return of.error();
  const auto key = epoch_key_text(one.key, of->origin);
  if (!key) return key.error();
  return json::serialize(json::object{{"epoch", one.number}, {"from", one.from}, {"key", *key}});
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
