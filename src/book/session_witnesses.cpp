// Witnesses of the ledger: what they are asked, and what of their answers is believed.
//
// A cosignature is kept only where its checkpoint is one that this ledger has signed and goes on
// from: what is kept can be shown to anybody, beside the proof that leads to it.
#include <clientbook/ledger/witness.hpp>

#include <algorithm>
#include <charconv>

#include "session_state.hpp"

namespace clientbook {
namespace {

// Its name stands on pages and in file names: nothing there needs escaping.
bool is_plain_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= max_witness_name && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(".-_/:~").find(c) != std::string_view::npos;
  });
}

result<std::uint64_t> size_in(std::string_view body) noexcept {
  constexpr error none{errc::invalid_encoding,
                       "with 409 a witness says the size that it has seen, and a line end"};
  if (!body.ends_with('\n')) return none;
  body.remove_suffix(1);
  std::uint64_t out = 0;
  const auto read = std::from_chars(body.data(), body.data() + body.size(), out);
  if (read.ec != std::errc() || read.ptr != body.data() + body.size() ||
      (body.size() > 1 && body.front() == '0')) {
    return none;
  }
  return out;
}

error refused(unsigned status) noexcept {
  switch (status) {
    case 400:
      return {errc::invalid_argument, "the witness could not read the request: make it again",
              status};
    case 403:
      return {errc::signature_invalid,
              "the witness has another key of this ledger: give it what log_identity() says",
              status};
    case 404:
      return {errc::not_found,
              "the witness does not know this ledger: give it what log_identity() says", status};
    case 422:
      return {errc::proof_invalid,
              "the witness has seen another history of this ledger: one of the two is a branch",
              status};
    default:
      return {errc::io_error, "the witness could not answer: ask again later", status};
  }
}

// Of the lines that came back the one by this witness; others are somebody else's.
result<std::string> line_of(std::string_view lines, std::string_view checkpoint,
                            const ledger::note_key& witness) {
  std::string alone(checkpoint);
  const std::size_t before = alone.size();
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    if (end == std::string_view::npos) break;
    alone.resize(before);
    alone.append(lines.substr(0, end + 1));
    lines.remove_prefix(end + 1);
    const auto at = ledger::verify_cosignature(alone, witness);
    if (at) return alone.substr(before);
    if (at.error().code != errc::not_found) return at.error();
  }
  return error{errc::signature_invalid, "the answer is not cosigned by that witness"};
}

}  // namespace

result<void> session_state::check_cosigned(const ledger_witness& one) {
  if (one.size == 0) return {};
  const auto witness = ledger::parse_witness_key(one.key);
  if (!witness) return witness.error();
  const auto head = ledger::verify_checkpoint(one.note, ledger.identity());
  if (!head) return head.error();
  const auto at = ledger::verify_cosignature(one.note, *witness);
  if (!at && at.error().code != errc::not_found) return at.error();
  if (!at || head->size != one.size || *at != one.at) {
    return error{errc::damaged, "what a witness has cosigned is not what the book says of it"};
  }
  return ledger.goes_on_from(head->size, head->root);
}

result<std::uint64_t> session::goes_on_from(std::string_view checkpoint) try {
  session_state& s = *state_;
  if (auto seen = s.look(action::audit); !seen) return seen.error();
  const auto head = ledger::verify_checkpoint(checkpoint, s.ledger.identity());
  if (!head) return head.error();
  if (head->size > s.core->row().ledger_size) {
    return error{errc::rolled_back,
                 "the checkpoint is of more entries than there are: this is an "
                 "older copy",
                 head->size};
  }
  if (auto held = s.ledger.goes_on_from(head->size, head->root); !held) return held.error();
  return head->size;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::vector<ledger_witness>> session::witnesses() try {
  session_state& s = *state_;
  if (auto seen = s.look(action::audit); !seen) return seen.error();
  const auto known = s.witnesses.all();
  if (!known) return known.error();
  return **known;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::add_witness(std::string_view key) try {
  session_state& s = *state_;
  return s.change(action::administer, [&]() -> result<void> {
    const auto read = ledger::parse_witness_key(key);
    if (!read) return read.error();
    if (!is_plain_name(read->name)) {
      return error{errc::invalid_value,
                   "a witness's name has at most 64 letters, digits and .-_/:~ here"};
    }
    const auto known = s.witnesses.all();
    if (!known) return known.error();
    for (const ledger_witness& one : **known) {
      if (one.name() == read->name) {
        return error{errc::already_exists, "the book has a witness of that name"};
      }
    }
    if ((*known)->size() == max_witnesses) {
      return error{errc::limit_exceeded, "a book has at most 16 witnesses", max_witnesses};
    }
    auto done = s.witnesses.set({.key = std::string(key)});
    if (!done) s.broken = true;
    return done;
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::remove_witness(std::string_view name) try {
  session_state& s = *state_;
  return s.change(action::administer, [&]() -> result<void> {
    if (const auto known = s.witnesses.of(name); !known) return known.error();
    auto done = s.witnesses.remove(name);
    if (!done) s.broken = true;
    return done;
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::string> session::witness_request(std::string_view name) try {
  session_state& s = *state_;
  if (auto seen = s.look(action::audit); !seen) return seen.error();
  const auto one = s.witnesses.of(name);
  if (!one) return one.error();
  if (s.core->row().ledger_size == 0) {
    return error{errc::invalid_state, "the ledger has no entry yet: there is nothing to witness"};
  }
  const auto path = s.ledger.prove_growth(one->seen);
  if (!path) return path.error();
  const auto note = s.ledger.checkpoint();
  if (!note) return note.error();
  std::string out(ledger::add_checkpoint_room + note->size(), '\0');
  const auto text = ledger::write_add_checkpoint(one->seen, path->view(), *note, out);
  if (!text) return text.error();
  out.resize(text->size());
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<witness_outcome> session_state::take_size(ledger_witness one, std::string_view body) {
  const auto size = size_in(body);
  if (!size) return size.error();
  if (*size > core->row().ledger_size) {
    return error{errc::rolled_back,
                 "the witness has seen more entries than there are: this is an older copy", *size};
  }
  one.seen = *size;
  if (auto done = witnesses.set(std::move(one)); !done) {
    broken = true;
    return done.error();
  }
  return witness_outcome{.size = *size};
}

result<witness_outcome> session_state::take_cosignature(ledger_witness one,
                                                        std::string_view request,
                                                        std::string_view body) {
  const auto asked = ledger::parse_add_checkpoint(request);
  if (!asked) return asked.error();
  // Origin, size, root, a blank line, our signature: nothing else is kept with it.
  if (std::ranges::count(asked->checkpoint, '\n') != 5) {
    return error{errc::invalid_encoding, "the request is none that this book has made"};
  }
  const auto witness = ledger::parse_witness_key(one.key);
  if (!witness) return witness.error();
  const auto head = ledger::verify_checkpoint(asked->checkpoint, ledger.identity());
  if (!head) return head.error();
  if (head->size < one.size) {
    return error{errc::invalid_state, "a later answer of that witness was taken already", one.size};
  }
  const auto line = line_of(body, asked->checkpoint, *witness);
  if (!line) return line.error();
  one.seen = one.size = head->size;
  one.note = std::string(asked->checkpoint) + *line;
  const auto at = ledger::verify_cosignature(one.note, *witness);
  if (!at) return at.error();
  one.at = *at;
  const witness_outcome out{.cosigned = true, .size = one.size, .at = one.at};
  if (auto good = check_cosigned(one); !good) return good.error();
  if (auto done = witnesses.set(std::move(one)); !done) {
    broken = true;
    return done.error();
  }
  return out;
}

result<witness_outcome> session::take_witness_answer(std::string_view name,
                                                     std::string_view request,
                                                     const witness_answer& answer) try {
  session_state& s = *state_;
  return s.change(action::audit, [&]() -> result<witness_outcome> {
    const auto one = s.witnesses.of(name);
    if (!one) return one.error();
    if (answer.status == 409) return s.take_size(*one, answer.body);
    if (answer.status != 200) return refused(answer.status);
    return s.take_cosignature(*one, request, answer.body);
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
