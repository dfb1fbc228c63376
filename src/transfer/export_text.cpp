// A customer of an export as a line of JSON, and as a vCard that our own reader reads back.
#include "export_text.hpp"

#include <clientbook/base/time.hpp>
#include <clientbook/internal/model/cbor.hpp>
#include <clientbook/model/record.hpp>

#include <cstdio>
#include <string>
#include <vector>

#include "value_text.hpp"

namespace clientbook::transfer {
namespace {

result<void> write_items(json_text& out, std::string_view name, const item_list& items,
                         field_type type) {
  if (items.items().empty()) return {};
  out.name(name);
  out.begin_array();
  for (const item_list::item& one : items.items()) {
    if (auto whole = cbor::check(one.value); !whole) return whole.error();
    write_value(out, type, one.value, value_form::shown);
  }
  out.end_array();
  return {};
}

// Which of the values are not what the record holds: whoever reads them back has to know.
void write_redacted(json_text& out, const exported& one, const schema& fields) {
  std::vector<std::string_view> keys;
  for (const field_value& each : one.content.record().fields()) {
    if (one.content.state(each.id) != field_state::redacted) continue;
    if (const auto field = fields.find(each.id)) keys.push_back(field->key);
  }
  if (one.purchases.state() == field_state::redacted) keys.emplace_back("purchases");
  if (one.notes.state() == field_state::redacted) keys.emplace_back("notes");
  if (keys.empty()) return;
  out.name("redacted");
  out.begin_array();
  for (const std::string_view key : keys) out.string(key);
  out.end_array();
}

// A property's value: backslash, comma, semicolon and line ends are escaped.
void append_escaped(std::string_view text, wiped_text& to) {
  for (const char c : text) {
    if (c == '\n') {
      to += "\\n";
    } else if (c != '\r') {
      if (c == '\\' || c == ',' || c == ';') to += '\\';
      to += c;
    }
  }
}

class card {
 public:
  void line(std::string_view name, std::string_view value) { parts(name, {value}, ';'); }

  void parts(std::string_view name, std::initializer_list<std::string_view> values, char between) {
    wiped_text line(name);
    line += ':';
    bool first = true;
    for (const std::string_view each : values) {
      if (!first) line += between;
      first = false;
      append_escaped(each, line);
    }
    fold(line);
  }

  void raw(std::string_view line) { fold(line); }
  wiped_text take() { return std::move(out_); }

 private:
  // At most 75 bytes a line, cut between characters.
  void fold(std::string_view line) {
    std::size_t room = 75;
    while (line.size() > room) {
      std::size_t cut = room;
      while ((static_cast<unsigned char>(line[cut]) & 0xC0U) == 0x80U) --cut;
      out_.append(line.substr(0, cut)).append("\r\n ");
      line.remove_prefix(cut);
      room = 74;
    }
    out_.append(line).append("\r\n");
  }

  wiped_text out_;
};

std::string labelled(const char* name, std::string_view label) {
  std::string out(name);
  if (label == "home" || label == "work") out.append(";TYPE=").append(label);
  if (label == "mobile") out += ";TYPE=cell";
  if (label == "fax") out += ";TYPE=fax";
  return out;
}

std::string day_text(const date& day) {
  char out[12];
  const int size =
      day.year == 0 ? std::snprintf(out, sizeof out, "--%02d%02d", day.month, day.day)
                    : std::snprintf(out, sizeof out, "%04d%02d%02d", day.year, day.month, day.day);
  return {out, static_cast<std::size_t>(size)};
}

void write_name(card& to, const record_view& record) {
  const auto name = record.name();
  if (!name) return to.line("FN", "");
  wiped_text whole;
  for (const personal_text part : {name->prefix, name->given, name->middle, name->family}) {
    if (part.empty()) continue;
    whole.append(whole.empty() ? "" : " ").append(part.reveal());
  }
  if (whole.empty()) whole = name->nickname.reveal();
  to.line("FN", whole);
  to.parts("N",
           {name->family.reveal(), name->given.reveal(), name->middle.reveal(),
            name->prefix.reveal(), name->suffix.reveal()},
           ';');
  if (!name->nickname.empty()) to.line("NICKNAME", name->nickname.reveal());
}

void write_reach(card& to, const record_view& record) {
  if (const auto emails = record.emails()) {
    for (const email_address& one : *emails) {
      to.line(labelled("EMAIL", one.label), one.address.reveal());
    }
  }
  if (const auto phones = record.phones()) {
    for (const phone_number& one : *phones) {
      wiped_text number(one.number.reveal());
      if (!one.extension.empty()) number.append(" ext. ").append(one.extension.reveal());
      to.line(labelled("TEL", one.label), number);
    }
  }
  const auto addresses = record.addresses();
  if (!addresses) return;
  for (const postal_address& one : *addresses) {
    to.parts(labelled("ADR", one.label),
             {one.line3.reveal(), one.line2.reveal(), one.line1.reveal(), one.city.reveal(),
              one.region.reveal(), one.postal_code.reveal(), one.country},
             ';');
  }
}

}  // namespace

result<wiped_text> export_line(std::uint64_t number, const exported& one, const schema& fields) {
  json_text out;
  out.begin_object();
  out.name("number");
  out.integer(static_cast<std::int64_t>(number));
  if (auto done = write_exported(out, one, fields); !done) return done.error();
  out.end_object();
  wiped_text line = out.take();
  line += '\n';
  return line;
}

result<void> write_exported(json_text& out, const exported& one, const schema& fields) {
  out.name("fields");
  out.begin_object();
  for (const field_value& each : one.content.record().fields()) {
    const auto field = fields.find(each.id);
    if (!field) return field.error();
    if (!cbor::check(each.value)) {
      return error{errc::invalid_encoding, "a value is not as the format says", each.id.value};
    }
    out.name(field->key);
    write_value(out, field->type, each.value, value_form::shown);
  }
  out.end_object();
  write_redacted(out, one, fields);
  auto done = write_items(out, "purchases", one.purchases, field_type::purchase);
  if (done) done = write_items(out, "notes", one.notes, field_type::note);
  return done;
}

wiped_text export_vcard(const exported& one) {
  card to;
  const record_view record = one.content.record();
  to.raw("BEGIN:VCARD");
  to.raw("VERSION:4.0");
  write_name(to, record);
  write_reach(to, record);
  if (const auto born = record.birth_date()) to.line("BDAY", day_text(*born));
  if (const auto days = record.special_days()) {
    for (const special_day& each : *days) {
      if (each.kind == "anniversary" && each.day) to.line("ANNIVERSARY", day_text(*each.day));
    }
  }
  if (const auto language = record.language()) to.line("LANG", *language);
  if (const auto employer = record.employer()) to.line("ORG", employer->reveal());
  for (const item_list::item& each : one.notes.items()) {
    note text;
    if (decode_value(each.value, text)) to.line("NOTE", text.text.reveal());
  }
  to.raw("END:VCARD");
  return to.take();
}

}  // namespace clientbook::transfer
