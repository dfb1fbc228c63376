// The vectors that C++, C and Python share (tests/vectors/bindings): here by the C++ calls that the
// others are made of.
#include <clientbook/exchange/evaluate_json.hpp>
#include <clientbook/scanner/text_redactor.hpp>
#include <clientbook/transfer/book_json.hpp>
#include <clientbook/transfer/consent_json.hpp>
#include <clientbook/transfer/flat_view.hpp>
#include <clientbook/transfer/record_json.hpp>

#include <map>

#include "json.hpp"
#include "shop.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

namespace json = boost::json;

// What a step gave.
struct told {
  error what{};
  std::string where;
  std::string text;  // or the hexadecimal digits of a flat view
};

class vector_runner {
 public:
  explicit vector_runner(const json::object& file)
      : opened_(find_profile(text_of(file.at("profile"))).value()->id), in_(opened_.begin()) {
    clock_hand() = timestamp{file.at("now").to_number<std::int64_t>()};
  }

  told run(const json::object& step) {
    told out;
    const std::string call = text_of(step.at("call"));
    if (call == "put") return put(step);
    if (call == "read") return read(step, request(step));
    if (call == "preview") return preview(step);
    if (call == "explain") return explain(step);
    if (call == "evaluate") {
      const auto answer = evaluate_json(json::serialize(step.at("document")), out.where);
      return with(answer, out);
    }
    if (call == "scan_text") return scan_text(text_of(step.at("text")));
    if (call == "redact_text") return redact(text_of(step.at("text")));
    if (call == "check_proof") return with(checked(step), out);
    out.what = change(call, step, out.where);
    return out;
  }

 private:
  static told with(const result<std::string>& made, told out) {
    if (made) out.text = *made;
    out.what = made.error();
    return out;
  }

  purpose_id purpose(const json::object& step) const {
    return find_purpose(text_of(step.at("purpose"))).value();
  }
  decision_request request(const json::object& step) const { return in_.request(purpose(step)); }
  const customer_id& who(const json::object& step) const {
    return people_.at(text_of(step.at("who")));
  }

  told put(const json::object& step) {
    told out;
    const auto record =
        record_from_json(json::serialize(step.at("record")), in_.fields(), &out.where);
    if (!record) return {record.error(), out.where, {}};
    std::vector<directive> said;
    if (const auto* given = step.if_contains("directives")) {
      auto read = directives_from_json(json::serialize(*given), in_, out.where);
      if (!read) return {read.error(), out.where, {}};
      said = std::move(*read);
    }
    const auto kept = in_.put(*record, {.purposes = purpose(step), .directives = said});
    if (kept) people_[text_of(step.at("who"))] = kept->id;
    out.what = kept.error();
    return out;
  }

  told flat(const result<view>& seen, const decision_request& as) {
    if (!seen) return {seen.error(), {}, {}};
    const auto reasons = reasons_of(in_, *seen, as);
    REQUIRE(reasons);
    auto block = flatten(*seen, in_.fields(), *reasons);
    REQUIRE(block);
    std::fill_n(block->begin() + 16, 16, std::byte{0});  // ids are random
    told out;
    out.text.resize(block->size() * 2);
    write_hex(*block, out.text.data());
    return out;
  }
  told read(const json::object& step, const decision_request& as) {
    return flat(in_.read(who(step), as.purpose), as);
  }
  told preview(const json::object& step) {
    decision_request as = request(step);
    const std::string to = text_of(step.at("recipient"));
    const auto party = parties_.find(to);
    as.recipient = party == parties_.end() ? find_recipient_class(to).value() : party->second;
    as.operation = find_operation(text_of(step.at("operation"))).value();
    return flat(in_.preview(who(step), as), as);
  }
  told explain(const json::object& step) {
    const auto field = in_.fields().find(text_of(step.at("field")));
    REQUIRE(field);
    return with(in_.describe(who(step), request(step), field->number,
                             language_of(text_of(step.at("language")))),
                {});
  }

  static told scan_text(const std::string& text) {
    std::array<text_entity, 64> room;
    const auto found = scan(text, {}, room);
    REQUIRE(found);
    return {{}, {}, *finds_to_json(*found)};
  }
  static result<std::string> checked(const json::object& step) {
    const std::string identity = text_of(step.at("log"));  // what is read from it looks into it
    const std::string proof = text_of(step.at("proof"));
    const auto log = ledger::parse_log_identity(identity);
    if (!log) return log.error();
    std::vector<std::byte> room(std::size_t{1} << 16);
    const auto proved = ledger::verify_log_proof(proof, *log, room);
    if (!proved) return proved.error();
    return proved_entry_to_json(*proved);
  }
  static told redact(const std::string& text) {
    const text_redaction_options options;
    text_redactor redactor(options);
    std::vector<std::byte> room(text.size() + 1024);
    const auto out = redact_text(text, redactor, room);
    REQUIRE(out);
    return {{}, {}, std::string(out->text)};
  }

  // Calls that give nothing to compare.
  error change(const std::string& call, const json::object& step, std::string& where) {
    if (call == "add_notice") {
      const auto read = notice_from_json(json::serialize(step.at("notice")), in_, where);
      return read ? in_.add_notice(*read).error() : read.error();
    }
    if (call == "add_recipient") {
      const auto read = party_from_json(json::serialize(step.at("party")), where);
      if (!read) return read.error();
      const auto added = in_.add_recipient(*read);
      if (added) parties_[text_of(step.at("name"))] = *added;
      return added.error();
    }
    if (call == "update") {
      const auto record =
          record_from_json(json::serialize(step.at("record")), in_.fields(), &where);
      return record ? in_.update(who(step), record->fields(), purpose(step)).error()
                    : record.error();
    }
    if (call == "remove") {
      return in_.remove(who(step), in_.fields().find(text_of(step.at("field")))->number).error();
    }
    if (call == "record") {
      const auto read = directive_from_json(json::serialize(step.at("directive")), in_, where);
      return read ? in_.record(who(step), *read).error() : read.error();
    }
    REQUIRE(call == "append_note");
    const auto item = value_from_json(field_type::note, json::serialize(step.at("note")), &where);
    if (!item) return item.error();
    note read;
    REQUIRE(decode_value(*item, read));
    return in_.append_note(who(step), read, purpose(step)).error();
  }

  shop opened_;
  session in_;
  std::map<std::string, customer_id> people_;
  std::map<std::string, recipient_id> parties_;
};

}  // namespace

TEST_CASE("transfer: the vectors that all languages share") {
  std::size_t steps = 0;
  for (const char* name : {"decisions", "proofs", "records", "refusals"}) {
    const std::string path =
        std::string(CLIENTBOOK_SOURCE_DIR "/tests/vectors/bindings/") + name + ".json";
    const json::object file = json::parse(read_file(path)).as_object();
    vector_runner runner(file);
    for (const json::value& one : file.at("steps").as_array()) {
      const json::object& step = one.as_object();
      if (step.at("call") == "check_evidence") continue;  // tests/rights: that room is above
      const json::object& expect = step.at("expect").as_object();
      CAPTURE(name);
      CAPTURE(steps);
      const told out = runner.run(step);
      CHECK(static_cast<std::int64_t>(out.what.code) ==
            expect.at("code").to_number<std::int64_t>());
      if (out.what.code != errc::none) {
        CHECK(out.what.at == expect.at("at").to_number<std::uint64_t>());
        CHECK(out.where == text_of(expect.at("where")));
      } else if (const auto* flat = expect.if_contains("flat")) {
        CHECK(out.text == text_of(*flat));
      } else if (const auto* text = expect.if_contains("text")) {
        CHECK(out.text == text_of(*text));
      }
      ++steps;
    }
  }
  CHECK(steps > 40);
}
