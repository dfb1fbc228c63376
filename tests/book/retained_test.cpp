// What a law has the shop keep of who was erased: records of their own, with their own end.
#include <clientbook/consent/shop_consent.hpp>

#include <algorithm>
#include <array>
#include <string>

#include "working_day.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr auto order = purpose::customer_order_management;
constexpr auto tax = purpose::tax_record_keeping;
constexpr auto rights = purpose::rights_fulfilment;
constexpr std::int64_t day_seconds = 86400;
constexpr erasure_options ten_years{.law_kept = law_kept_records::apart, .law_kept_years = 10};

errc code(const auto& answer) { return code_of(answer); }

/// Somebody who bought twice, whose address and receipts are kept for the tax office too.
struct tax_shop : shop {
  session in = begin();
  int given = 0;
  int sold = 0;

  session of(actor_role role, std::uint32_t number = 30) {
    auto out = opened->begin_session({.id = actor_id(number), .role = role});
    REQUIRE(out);
    return std::move(*out);
  }
  void buy(const customer_id& id, timestamp at, const std::string& what) {
    const std::array line{purchase_line{.sku = "1", .description = what, .quantity = 1}};
    const std::string number = std::to_string(6 + ++sold);
    REQUIRE(
        in.append_purchase(id, {.at = at, .order = number, .currency = "EUR"}, line, {order, tax}));
  }
  customer_id bought() {
    const customer_id id = keep(in, ken("T-" + std::to_string(++given)));
    const customer record = ken();
    for (const field_value& one : record.fields()) {
      if (one.id == field::name || one.id == field::addresses) {
        REQUIRE(in.update(id, std::array{one}, {order, tax}));
      }
    }
    buy(id, {clock_hand().seconds - 400 * day_seconds}, "Ring");
    buy(id, {clock_hand().seconds - 10 * day_seconds}, "Scarf");
    return id;
  }
  /// The case that opens a retained record.
  void name_in_case(const customer_id& id, case_kind kind) { open_case(in, {id}, kind); }
};

std::vector<std::vector<std::byte>> rows_of_records(shop& s) {
  std::vector<std::vector<std::byte>> out;
  auto reading = s.store->begin_read();
  REQUIRE(reading);
  REQUIRE((*reading)->walk({}, {}, [&](byte_view at, byte_view) {
    if (at[0] == std::byte{25}) out.emplace_back(at.begin(), at.end());
    return true;
  }));
  return out;
}

bool holds(const item_list& all, const std::string& what) {
  for (const item_list::item& one : all.items()) {
    const auto receipt = decode_purchase(one.value);
    REQUIRE(receipt);
    for (const auto& line : receipt->lines) {
      if (line.description == what) return true;
    }
  }
  return false;
}

}  // namespace

TEST_CASE("retained: what a law names of who is erased becomes a record of its own") {
  tax_shop s;
  const customer_id id = s.bought();
  const customer_id other = s.bought();
  const int year = date_of(clock_hand()).year;
  CHECK(s.in.retained()->empty());
  const auto done = s.in.erase(id, erasure_reason::other, ten_years);
  REQUIRE(done);
  const erasure_receipt& receipt = done->receipt;
  // One for each year of purchases, each with its own end.
  REQUIRE(receipt.retained.size() == 2);
  const auto all = s.in.retained();
  REQUIRE(all);
  REQUIRE(all->size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    const retained_record& one = (*all)[i];
    CHECK(one.id == receipt.retained[i].id);
    CHECK(one.id != id);
    CHECK(one.purpose == tax);
    CHECK(one.since == date_of(clock_hand()));
    CHECK(one.fields == field_set{field::name, field::addresses, field::purchases});
    CHECK(one.purchases == 1);
    CHECK(one.directives == 0);
    CHECK(one.until.month == 12);
    CHECK(one.until.day == 31);
  }
  CHECK((*all)[1].until.year == year + 10);
  CHECK((*all)[0].until.year < (*all)[1].until.year);
  CHECK(receipt.signature != crypto::signature{});

  // The customer is gone, as in every erasure.
  CHECK(code(s.in.read(id, order)) == errc::key_erased);
  CHECK(code(s.in.purchases(id, order)) == errc::key_erased);
  CHECK(s.in.figures()->customers == 1);
  CHECK(s.in.figures()->purchase_lines == 2);
  CHECK(s.in.verify()->problems == 0);

  const customer_id kept = (*all)[1].id;
  CHECK(code(s.in.read_retained(kept, tax)) == errc::case_required);
  s.name_in_case(kept, case_kind::tax);
  const std::uint64_t entries = s.in.figures()->ledger_entries;
  const auto read = s.in.read_retained(kept, tax);
  REQUIRE(read);
  CHECK(read->about == (*all)[1]);
  CHECK(read->record.view().has(field::name));
  CHECK(read->record.view().has(field::addresses));
  CHECK_FALSE(read->record.view().has(field::emails));
  CHECK(holds(read->purchases, "Scarf"));
  CHECK_FALSE(holds(read->purchases, "Ring"));
  CHECK(read->ledger_index == entries);
  CHECK(s.in.figures()->ledger_entries == entries + 1);
  CHECK(s.in.verify()->problems == 0);
  CHECK(s.in.read(other, order));
}

TEST_CASE(
    "retained: of who has bought something what a tax law names is kept, whatever it was kept "
    "for") {
  shop s;
  session in = s.begin();
  const customer_id id = keep(in, ken());
  const customer_id without = keep(in, ken("L-2"));
  const std::array line{purchase_line{.sku = "1", .description = "Ring", .quantity = 1}};
  REQUIRE(
      in.append_purchase(id, {.at = clock_hand(), .order = "7", .currency = "EUR"}, line, order));
  // A day alone is a time too. Long ago: no law wants it any more.
  const date today = date_of(clock_hand());
  REQUIRE(in.append_purchase(id, {.day = today, .order = "8", .currency = "EUR"}, line, order));
  REQUIRE(in.append_purchase(id, {.day = date{2001, 2, 3}, .order = "9", .currency = "EUR"}, line,
                             order));
  REQUIRE(in.kept_by_law(id)->empty());
  CHECK(in.erase(without, erasure_reason::other, ten_years)->receipt.retained.empty());
  REQUIRE(in.erase(id, erasure_reason::other, ten_years));
  const auto all = in.retained();
  REQUIRE(all);
  REQUIRE(all->size() == 1);
  CHECK(all->front().fields == field_set{field::name, field::addresses, field::purchases});
  CHECK(all->front().purchases == 2);
  CHECK(all->front().until.year == date_of(clock_hand()).year + 10);
  CHECK(in.verify()->problems == 0);
}

TEST_CASE("retained: it is read for its law and by whom it is about, and by nobody else") {
  tax_shop s;
  const customer_id id = s.bought();
  const auto done = s.in.erase(id, erasure_reason::other, ten_years);
  REQUIRE(done);
  const customer_id kept = done->receipt.retained[0].id;
  for (const purpose_id why :
       {order, purpose::client_care, purpose::email_marketing, purpose::consent_record_keeping,
        purpose::breach_notification, purpose::service_optimisation}) {
    CAPTURE(int{why.value});
    CHECK(code(s.in.read_retained(kept, why)) == errc::denied);
  }
  session officer = s.of(actor_role::privacy_officer);
  CHECK(code(officer.read_retained(kept, tax)) == errc::case_required);
  CHECK(code(officer.read_retained(kept, rights)) == errc::case_required);
  s.name_in_case(kept, case_kind::rights);
  CHECK(officer.read_retained(kept, rights));
  CHECK(code(officer.read_retained(kept, tax)) == errc::case_required);
  s.name_in_case(kept, case_kind::tax);
  CHECK(officer.read_retained(kept, tax));
  // The other one is not in the case.
  CHECK(code(officer.read_retained(done->receipt.retained[1].id, tax)) == errc::case_required);
  for (const actor_role role : {actor_role::associate, actor_role::manager, actor_role::auditor,
                                actor_role::service, actor_role::marketing}) {
    CAPTURE(static_cast<int>(role));
    session by = s.of(role);
    CHECK(code(by.read_retained(kept, tax)) != errc::none);
    CHECK(code(by.read_retained(kept, rights)) != errc::none);
    CHECK(code(by.read_retained(kept, order)) != errc::none);
  }
  CHECK(code(s.in.read_retained(id, tax)) == errc::not_found);
  customer_id nobody{};
  nobody.bytes[3] = std::byte{1};
  CHECK(code(s.in.read_retained(nobody, tax)) == errc::not_found);
}

TEST_CASE("retained: no call about customers knows it, and no list, search, walk or export") {
  tax_shop s;
  const customer_id id = s.bought();
  const auto done = s.in.erase(id, erasure_reason::other, ten_years);
  REQUIRE(done);
  const customer_id kept = done->receipt.retained[0].id;
  s.name_in_case(kept, case_kind::tax);
  s.name_in_case(kept, case_kind::rights);
  for (const purpose_id why : {order, tax, rights}) {
    CHECK(code(s.in.read(kept, why)) == errc::not_found);
    CHECK(code(s.in.purchases(kept, why)) == errc::not_found);
  }
  CHECK(code(s.in.hand_over(kept)) == errc::not_found);
  CHECK(code(s.in.kept_for(kept)) == errc::not_found);
  CHECK(code(s.in.directives(kept)) == errc::not_found);
  CHECK(code(s.in.ledger(kept)) == errc::not_found);
  CHECK(code(s.in.erase(kept, erasure_reason::other)) == errc::not_found);
  CHECK(code(s.in.remove(kept, field::name)) == errc::not_found);
  CHECK(code(s.in.place_hold(kept, {.reason = "claim"})) == errc::not_found);
  CHECK(code(s.in.append_note(kept, {.at = clock_hand(), .text = "a"}, order)) == errc::not_found);
  directive said;
  said.kind = directive_kind::deny;
  said.scope = everything();
  said.event_at = clock_hand();
  CHECK(code(s.in.record(kept, said)) == errc::not_found);
  const customer record = ken();
  CHECK(code(s.in.update(kept, record.fields(), order)) == errc::not_found);
  CHECK(code(s.in.find("loyalty", "T-1")) == errc::not_found);
  CHECK(s.in.due()->empty());
  CHECK(s.in.holds()->empty());
  CHECK(s.in.cases()->size() == 2);
  CHECK(s.in.verify()->problems == 0);
}

TEST_CASE("retained: at its end a retention run destroys its key, and nothing before") {
  tax_shop s;
  const customer_id id = s.bought();
  const auto done = s.in.erase(id, erasure_reason::other,
                               {.law_kept = law_kept_records::apart, .law_kept_years = 1});
  REQUIRE(done);
  REQUIRE(done->receipt.retained.size() >= 1);
  const retained_name last = done->receipt.retained.back();
  const customer_id kept = last.id;
  const std::size_t there = s.in.retained()->size();
  clock_hand() = timestamp{days_since_epoch(last.until) * day_seconds + day_seconds - 1};
  REQUIRE(s.in.confirm_clock());
  REQUIRE(s.in.run_retention());
  REQUIRE(s.in.retained()->size() >= 1);
  CHECK(s.in.retained()->back().id == kept);
  clock_hand().seconds += 1;
  CHECK(code(s.in.read_retained(kept, tax)) == errc::key_erased);
  const auto told = s.in.run_retention({.mode = retention_mode::only_tell});
  REQUIRE(told);
  REQUIRE(told->items.size() == 1);
  CHECK(told->items[0].fate == retention_fate::law_ended);
  CHECK(s.in.retained()->size() == 1);

  SUBCASE("unless a case of tax names it") {
    s.name_in_case(kept, case_kind::tax);
    const auto held = s.in.run_retention();
    REQUIRE(held);
    CHECK(held->items[0].fate == retention_fate::held);
    CHECK(s.in.retained()->size() == 1);
  }
  SUBCASE("with a new root key, in every copy") {
    const std::uint64_t epoch = s.cell->current->epoch;
    const auto gone = s.in.run_retention();
    REQUIRE(gone);
    REQUIRE(gone->items.size() == 1);
    CHECK(gone->items[0].customer == kept);
    CHECK(gone->items[0].fate == retention_fate::law_ended);
    CHECK(gone->next == 0);
    CHECK(s.cell->current->epoch == epoch + 1);
    CHECK(s.in.retained()->empty());
    CHECK(code(s.in.read_retained(kept, tax)) == errc::key_erased);
    CHECK(s.in.verify()->problems == 0);
    CHECK(rows_of_records(s).empty());
  }
  CHECK(there >= 1);
}

TEST_CASE("retained: a clock that is set back brings nothing back whose time was over") {
  tax_shop s;
  const customer_id id = s.bought();
  const auto done = s.in.erase(id, erasure_reason::other,
                               {.law_kept = law_kept_records::apart, .law_kept_years = 1});
  REQUIRE(done);
  const retained_name last = done->receipt.retained.back();
  const std::int64_t end = (days_since_epoch(last.until) + 1) * day_seconds;
  clock_hand() = timestamp{end - day_seconds / 2};  // On its last day it is read.
  REQUIRE(s.in.confirm_clock());
  s.name_in_case(last.id, case_kind::tax);
  CHECK(s.in.read_retained(last.id, tax));
  clock_hand() = timestamp{end + day_seconds};
  REQUIRE(s.in.confirm_clock());
  CHECK(code(s.in.read_retained(last.id, tax)) == errc::key_erased);
  clock_hand() = timestamp{end - 10 * day_seconds};
  CHECK(code(s.in.read_retained(last.id, tax)) == errc::key_erased);
  const auto told = s.in.run_retention({.mode = retention_mode::only_tell});
  REQUIRE(told);
  REQUIRE_FALSE(told->items.empty());
  CHECK(told->items.back().customer == last.id);
}

TEST_CASE("retained: one that is damaged is told of, and hides no other") {
  tax_shop s;
  const customer_id id = s.bought();
  const auto done = s.in.erase(id, erasure_reason::other, ten_years);
  REQUIRE(done);
  REQUIRE(done->receipt.retained.size() == 2);
  auto writing = s.store->begin_write();
  REQUIRE(writing);
  REQUIRE((*writing)->erase(rows_of_records(s).front()));
  REQUIRE((*writing)->commit());
  session in = s.begin();
  const auto all = in.retained();
  REQUIRE(all);
  REQUIRE(all->size() == 2);
  CHECK((*all)[0] == retained_record{.id = done->receipt.retained[0].id});
  CHECK((*all)[1].id == done->receipt.retained[1].id);
  CHECK((*all)[1].purpose == tax);
}

TEST_CASE("retained: what was said is kept as proof, and opens nothing") {
  tax_shop s;
  privacy_notice notice = notice_for(s.in);
  REQUIRE(s.in.add_notice(notice));
  const std::array yes{grant_of(s.in, {recipient::self})};
  const customer_id id = keep(s.in, ken("P-1"), yes);
  const auto said = s.in.directives(id);
  REQUIRE(said);
  const auto done = s.in.erase(id, erasure_reason::other, ten_years);
  REQUIRE(done);
  REQUIRE(done->receipt.retained.size() == 1);
  CHECK(done->receipt.retained[0].purpose == purpose::consent_record_keeping);
  const customer_id kept = done->receipt.retained[0].id;
  open_case(s.in, {kept}, case_kind::records);
  const auto read = s.in.read_retained(kept, purpose::consent_record_keeping);
  REQUIRE(read);
  CHECK(read->about.fields.empty());
  CHECK(read->record.fields().empty());
  REQUIRE(read->directives.size() == 1);
  CHECK(read->directives[0].id == said->front().id);
  CHECK(read->directives[0].kind == directive_kind::grant);
  CHECK(code(s.in.read_retained(kept, tax)) == errc::denied);
}

TEST_CASE(
    "retained: nothing is kept apart that nobody has asked for, or that a law does not name") {
  tax_shop s;
  const customer_id plain = keep(s.in, ken("N-1"));
  const customer_id bought = s.bought();
  CHECK(s.in.erase(plain, erasure_reason::other, ten_years)->receipt.retained.empty());
  CHECK(s.in.erase(bought, erasure_reason::other)->receipt.retained.empty());
  const customer_id another = s.bought();
  CHECK(code(s.in.erase(another, erasure_reason::other, {.law_kept = law_kept_records::apart})) ==
        errc::invalid_argument);
  CHECK(code(s.in.erase(another, erasure_reason::other, {.law_kept_years = 3})) ==
        errc::invalid_argument);
  CHECK(code(s.in.erase(another, erasure_reason::other,
                        {.law_kept = law_kept_records::apart, .law_kept_years = 31})) ==
        errc::invalid_argument);
  CHECK(s.in.kept_for(another));
  CHECK(s.in.retained()->empty());
  CHECK(s.in.verify()->problems == 0);
}

TEST_CASE("retained: it outlives the process, and what was altered or put back is seen") {
  tax_shop s;
  const customer_id id = s.bought();
  const auto done = s.in.erase(id, erasure_reason::other, ten_years);
  REQUIRE(done);
  const customer_id kept = done->receipt.retained[1].id;
  {
    const auto again = book::open(s.store, s.cell, {.clock = {test_clock}});
    REQUIRE(again);
    auto other = again->begin_session({.id = actor_id(9), .role = actor_role::owner});
    REQUIRE(other);
    open_case(*other, {kept}, case_kind::tax);
    const auto read = other->read_retained(kept, tax);
    REQUIRE(read);
    CHECK(holds(read->purchases, "Scarf"));
  }
  const auto keys = rows_of_records(s);
  REQUIRE(keys.size() == 8);  // Of each a head, two fields and a purchase.
  auto writing = s.store->begin_write();
  REQUIRE(writing);
  SUBCASE("a part is gone") { REQUIRE((*writing)->erase(keys[5])); }
  SUBCASE("a part of the other one is in its place") {
    const auto value = (*writing)->get(keys[3]);
    REQUIRE(value);
    const std::vector<std::byte> bytes(value->begin(), value->end());
    REQUIRE((*writing)->put(keys[7], bytes));
  }
  SUBCASE("there is a part too many") {
    std::vector<std::byte> more = keys[7];
    more.back() = std::byte{9};
    REQUIRE((*writing)->put(more, as_bytes(std::string("anything"))));
  }
  REQUIRE((*writing)->commit());
  CHECK(s.begin().verify()->problems == 1);
}

namespace {

/// The bytes that docs/format/book.md says are signed.
std::vector<std::byte> signed_bytes(const book_id& book, const erasure_receipt& receipt) {
  std::vector<std::byte> out(61);
  copy_bytes(byte_span(out), as_bytes("erasure4"));
  copy_bytes(byte_span(out).subspan(8), book.bytes);
  store_be(out.data() + 24, receipt.ledger_index);
  store_be(out.data() + 32, receipt.epoch_before);
  store_be(out.data() + 40, receipt.epoch_after);
  store_be(out.data() + 48, static_cast<std::uint64_t>(receipt.at.seconds));
  out[56] = static_cast<std::byte>(receipt.reason);
  store_be(out.data() + 57, static_cast<std::uint32_t>(days_since_epoch(receipt.remembered_until)));
  std::vector<std::byte> kept;
  for (const retained_name& one : receipt.retained) {
    kept.insert(kept.end(), one.id.bytes.begin(), one.id.bytes.end());
    kept.push_back(static_cast<std::byte>(one.purpose.value));
    std::array<std::byte, 4> day_of_end{};
    store_be(day_of_end.data(), static_cast<std::uint32_t>(days_since_epoch(one.until)));
    kept.insert(kept.end(), day_of_end.begin(), day_of_end.end());
  }
  const crypto::digest hash = crypto::hash(kept);
  out.insert(out.end(), hash.begin(), hash.end());
  return out;
}

}  // namespace

TEST_CASE(
    "retained: the receipt's signature covers what was kept apart, under which ids and until "
    "when") {
  tax_shop s;
  const std::string told = *s.in.log_identity();
  const auto identity = ledger::parse_log_identity(told);
  REQUIRE(identity);
  auto done = s.in.erase(s.bought(), erasure_reason::other, ten_years);
  REQUIRE(done);
  erasure_receipt& receipt = done->receipt;
  const book_id book = s.in.figures()->id;
  CHECK(crypto::verify(receipt.signature, signed_bytes(book, receipt), identity->key));
  receipt.retained[0].until.year += 1;
  CHECK_FALSE(crypto::verify(receipt.signature, signed_bytes(book, receipt), identity->key));
}

namespace {

/// A day at whose end somebody was erased of whom a law has the shop keep something.
struct taxed_day : working_day {
  taxed_day() : working_day(4) {}
  std::vector<retained_name> erase_apart(std::size_t which, std::uint8_t years = 10) {
    const customer record = ken("L-" + std::to_string(which));
    for (const field_value& one : record.fields()) {
      if (one.id != field::addresses) continue;
      REQUIRE(in.update(ids[which], std::array{one}, purpose::tax_record_keeping));
    }
    const auto done = in.erase(ids[which], erasure_reason::other,
                               {.law_kept = law_kept_records::apart, .law_kept_years = years});
    REQUIRE(done);
    // The address with the purchase of years ago, if that is wanted still, and what was said.
    REQUIRE(done->receipt.retained.size() == (years == 1 ? 1 : 2));
    return done->receipt.retained;
  }
};

bool opens(session& in, const retained_name& one) {
  const case_kind kind = one.purpose == tax ? case_kind::tax : case_kind::records;
  if (!in.retained()) return false;
  const customer_id named[] = {one.id};
  if (!in.open_case(
          {.kind = kind, .customers = named, .reason = {.reference = short_text<64>("audit 7")}})) {
    return false;
  }
  return in.read_retained(one.id, one.purpose).has_value();
}

}  // namespace

TEST_CASE("retained: it comes back out of backups, and no key that was destroyed since does") {
  taxed_day day;
  tape early = day.shop.back_up();
  const auto kept = day.erase_apart(3, 1);
  tape full = day.shop.back_up();

  SUBCASE("of a backup made behind the erasure") {
    restored back;
    REQUIRE(back.from(day.mirror(), day.three(), {&full}));
    session in = back.begin();
    whole(in, 3);
    CHECK(*in.retained() == *day.in.retained());
    for (const retained_name& one : kept) CHECK(opens(in, one));
  }
  SUBCASE("of one that builds on it") {
    const auto more_kept = day.erase_apart(2);
    tape more = day.shop.back_up(&full);
    restored back;
    REQUIRE(back.from(day.mirror(), day.three(), {&full, &more}));
    session in = back.begin();
    whole(in, 2);
    CHECK(in.retained()->size() == kept.size() + more_kept.size());
    for (const retained_name& one : kept) CHECK(opens(in, one));
    for (const retained_name& one : more_kept) CHECK(opens(in, one));
  }
  SUBCASE("not of one made before, whose rows it does not have") {
    restored back;
    REQUIRE(back.from(day.mirror(), day.three(), {&early}));
    session in = back.begin();
    whole(in, 3);
    CHECK(in.retained()->empty());
    for (const retained_name& one : kept)
      CHECK(code(in.read_retained(one.id, one.purpose)) == errc::key_erased);
    // Its number is not given again.
    const auto next = in.erase(day.ids[2], erasure_reason::other,
                               {.law_kept = law_kept_records::apart, .law_kept_years = 1});
    REQUIRE(next);
    REQUIRE(next->receipt.retained.size() == 1);
    for (const retained_name& one : kept) CHECK(one.id != next->receipt.retained[0].id);
    whole(in, 2);
  }
  SUBCASE("not once its time was over: the mirror has heard of it") {
    clock_hand() = timestamp{(days_since_epoch(kept[0].until) + 1) * day_seconds};
    REQUIRE(day.in.confirm_clock());
    REQUIRE(day.in.run_retention());
    CHECK(day.in.retained()->empty());
    restored back;
    REQUIRE(back.from(day.mirror(), day.three(), {&full}));
    session in = back.begin();
    whole(in, day.in.figures()->customers);
    CHECK(in.retained()->empty());
  }
}
