// The till through its public interface, and beside a book: same decisions, same bytes.
#include <clientbook/till/till.hpp>

#include <algorithm>
#include <map>
#include <random>

#include "../adapters/flash_simulator.hpp"
#include "../book/fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

using bytes = std::vector<std::byte>;

secret<32> device_key(std::uint8_t seed = 1) {
  secret<32> out;
  out.fill_bytes([&](std::span<std::byte, 32> to) {
    for (std::size_t i = 0; i < 32; ++i) to[i] = static_cast<std::byte>(i + seed);
  });
  return out;
}

constexpr std::size_t frame_size = 2048;

// A till over simulated flash, with a book on a server from which it has law, fields and parties.
struct device {
  shop server;
  session in;
  std::shared_ptr<const law_profile> law;
  std::shared_ptr<const recipient_registry> registry;
  std::vector<privacy_notice> notices;
  flash_simulator flash;
  fixed_random salts{11};
  clientbook_flash_part part{};
  clientbook_flash_counter counter{};
  std::vector<std::uint32_t> index;
  std::vector<std::uint16_t> prints;
  bytes frame = bytes(frame_size), customer = bytes(4096), item = bytes(4096),
        scratch = bytes(4096), state = bytes(max_compiled_state);
  std::vector<directive> said = std::vector<directive>(40);
  std::unique_ptr<compile_workspace> compiling = std::make_unique<compile_workspace>();
  std::unique_ptr<till> own;
  recipient_id party;
  recipient_id partner;
  bytes room = bytes(8192);

  explicit device(const part_model& model = part_models[0], std::size_t records = 120,
                  std::size_t prints_each = 4, bool broad = false)
      : in(server.begin()),
        flash(model, 4096, 40, 3),
        index(records),
        prints(records * prints_each) {
    party = add_party(in, "Parcel Co", recipient::processor);
    partner = add_party(in, "Partner", recipient::selected_partner);
    privacy_notice notice = notice_for(in);
    if (broad) {
      notice.announced.purposes = {purpose::email_marketing, purpose::client_care,
                                   purpose::customer_relationship_management,
                                   purpose::customer_care};
      for (const field_id each : {field::name, field::emails, field::phones, field::addresses,
                                  field::external_ids, field::birth_date, field::likes}) {
        const auto known = in.fields().find(each);
        REQUIRE(known);
        for (const category_id one : known->categories) {
          if (one != category_id{}) notice.announced.categories.add(one);
        }
      }
    }
    REQUIRE(in.add_notice(notice));
    law = in.profile();
    registry = *in.recipients();
    notices = *in.notices();
    boot();
    REQUIRE(own->format(device_key(), book_id{}, actor_id(7), clock_hand()));
  }
  till_memory memory() {
    return {.index = index,
            .prints = prints,
            .frame = frame,
            .customer = customer,
            .item = item,
            .scratch = scratch,
            .directives = said,
            .compiling = compiling.get(),
            .state = state};
  }
  purpose_set purposes{purpose::customer_order_management, purpose::client_care};
  void boot() {
    part = flash.part();
    counter = flash.counter();
    own = std::make_unique<till>(part, &counter, salts, memory(),
                                 till_policy{.fields = &in.fields(),
                                             .profile = law.get(),
                                             .registry = registry.get(),
                                             .notices = notices,
                                             .purposes = purposes});
  }
  result<flash_report> open() {
    boot();
    return own->open(device_key(), book_id{}, actor_id(7));
  }
  customer_id put(const clientbook::customer& record, std::span<const directive> what = {}) {
    const auto id = own->put(record.fields(), what, clock_hand());
    REQUIRE(id);
    return *id;
  }
  directive grant() {
    directive out = grant_of(in, {recipient::self, recipient::selected_partner});
    out.id.bytes.fill(static_cast<std::byte>(salts.below(250) + 1));
    (void)salts.fill(out.id.bytes);
    return out;
  }
  // Whether plaintext is anywhere in the till's memory or its flash.
  bool is_anywhere(std::string_view text) {
    const byte_view wanted = as_bytes(text);
    const auto has = [&](byte_view where) {
      return std::search(where.begin(), where.end(), wanted.begin(), wanted.end()) != where.end();
    };
    return has(frame) || has(customer) || has(item) || has(scratch) || has(flash.image());
  }
};

bytes purchase_of(const std::string& order) {
  bytes room(256);
  const purchase receipt{
      .day = date{2026, 11, 3}, .order = order, .currency = "EUR", .total = 1250};
  const auto value = encode_value(receipt, {}, room);
  REQUIRE(value);
  return {value->begin(), value->end()};
}

bytes record_bytes(std::span<const field_value> fields) {
  bytes room(4096);
  const auto out = encode_record(fields, room);
  REQUIRE(out);
  return {out->begin(), out->end()};
}

directive no_to(purpose_set purposes, directive_kind kind = directive_kind::deny) {
  directive out;
  out.kind = kind;
  out.channel = consent_channel::point_of_sale;
  out.scope = {.purposes = purposes,
               .recipients = {recipient::any},
               .categories = all_categories(),
               .operations = all_operations};
  out.event_at = clock_hand();
  return out;
}

}  // namespace

TEST_CASE("till: what was put, said and bought is there after a boot, and verifies") {
  device d;
  const customer_id id = d.put(ken());
  REQUIRE(d.own->record(id, d.grant(), clock_hand()));
  CHECK(*d.own->append_purchase(id, purchase_of("A-1"), clock_hand()) == 1);
  CHECK(*d.own->append_purchase(id, purchase_of("A-2"), clock_hand()) == 2);
  REQUIRE(d.open());
  const auto seen = d.own->read(id, purpose::customer_order_management, clock_hand(), d.room);
  REQUIRE(seen);
  CHECK(seen->record().name()->given.reveal() == "Ken");
  std::vector<bytes> bought;
  REQUIRE(d.own->purchases(id, purpose::customer_order_management, clock_hand(),
                           [&](std::uint32_t sequence, byte_view value) {
                             CHECK(sequence == bought.size() + 1);
                             bought.emplace_back(value.begin(), value.end());
                           }));
  REQUIRE(bought.size() == 2);
  CHECK(bought[1] == purchase_of("A-2"));
  const auto figures = d.own->verify();
  REQUIRE(figures);
  CHECK(figures->customers == 1);
  CHECK(figures->items == 3);
  CHECK_FALSE(d.is_anywhere("Minute Dr."));
  CHECK_FALSE(d.is_anywhere("ken@example.com"));
}

TEST_CASE("till: property: a till decides as the book does, and keeps the same bytes") {
  std::mt19937_64 numbers(20261130);
  std::uint64_t compared = 0;
  std::uint64_t opened = 0;
  std::uint64_t masked = 0;
  std::uint64_t withheld = 0;
  for (int history = 0; history < 25; ++history) {
    CAPTURE(history);
    device d(part_models[0], 120, 4, true);
    customer record = ken("L-" + std::to_string(history));
    const customer_id id = keep(d.in, record);
    REQUIRE(d.own->put(record.fields(), {}, clock_hand(), id));
    for (int event = 0; event < 6; ++event) {
      clock_hand().seconds += 1 + static_cast<std::int64_t>(numbers() % 100000);
      directive said;
      switch (numbers() % 4) {
        case 0:
        case 1:
          said = d.grant();
          if (numbers() % 4 == 0) said.conditions.required = {obligation::pseudonymise};
          if (numbers() % 3 == 0) said.not_after = timestamp{clock_hand().seconds + 50000};
          break;
        case 2:
          said = withdrawal();
          break;
        default:
          said = no_to({purpose::email_marketing, purpose::client_care},
                       numbers() % 2 == 0 ? directive_kind::deny : directive_kind::object);
      }
      (void)d.salts.fill(said.id.bytes);
      const auto there = d.in.record(id, said);
      const auto here = d.own->record(id, said, clock_hand());
      CHECK(there.has_value() == here.has_value());
      if (!there || !here) continue;
      for (std::uint8_t why = 1; why < 250; ++why) {
        const auto server = d.in.read(id, purpose_id(why));
        if (!server) continue;  // Of roles and cases, which a till has not.
        const auto local = d.own->read(id, purpose_id(why), clock_hand(), d.room);
        REQUIRE(local);
        bool pseudonyms = false;
        for (std::size_t i = 0; i < max_fields; ++i) {
          const auto form = server->decision().operators[i];
          pseudonyms = pseudonyms || form == redaction_operator::hash ||
                       form == redaction_operator::token || form == redaction_operator::fpe ||
                       form == redaction_operator::shift_date;
        }
        if (pseudonyms) {
          CHECK(local->count == 0);
          ++withheld;
          continue;
        }
        ++compared;
        CHECK(local->decision.permitted == server->decision().permitted);
        CHECK(local->decision.masked == server->decision().masked);
        CHECK(record_bytes(local->record().fields()) == record_bytes(server->record().fields()));
        opened += local->count;
        masked += local->redacted.size();
      }
      const auto theirs = d.in.directives(id);
      const auto ours = d.own->directives(id);
      REQUIRE(theirs);
      REQUIRE(ours);
      CHECK(std::equal(theirs->begin(), theirs->end(), ours->begin(), ours->end()));
    }
  }
  CHECK(compared > 1000);
  CHECK(opened > 500);
  CHECK(masked > 50);
  CHECK(withheld > 10);
  MESSAGE(compared << " views compared, " << opened << " fields in them, " << masked << " masked, "
                   << withheld << " views with pseudonyms withheld");
}

TEST_CASE("till: nothing is kept without a basis, and a refused call changes nothing") {
  device d;
  const customer_id id = d.put(ken());
  const auto before = d.flash.image();
  customer wishes = ken();
  const std::array<std::string_view, 1> likes{"wool"};
  REQUIRE(wishes.set(field::likes, std::span<const std::string_view>(likes)));
  REQUIRE(d.own->record(id, no_to({purpose::client_care}), clock_hand()));
  const auto after_no = d.flash.image();
  CHECK(d.own->put(wishes.fields(), {}, clock_hand()).error().code == errc::no_basis);
  CHECK(d.own->update(id, wishes.fields(), clock_hand()).error().code == errc::no_basis);
  directive unknown = d.grant();
  unknown.notice.version += 1;
  CHECK(d.own->record(id, unknown, clock_hand()).error().code == errc::unknown_notice);
  directive early = d.grant();
  early.event_at.seconds -= 100;
  CHECK(d.own->record(id, early, clock_hand()).error().code == errc::back_dated);
  CHECK(d.own->record(customer_id{}, d.grant(), clock_hand()).error().code == errc::not_found);
  CHECK(d.own->put(ken().fields(), {}, clock_hand(), id).error().code == errc::already_exists);
  const bytes no_receipt(3);
  CHECK_FALSE(d.own->append_purchase(id, no_receipt, clock_hand()));
  CHECK(d.flash.image() == after_no);
  CHECK(before != after_no);
  bytes little(4);
  const auto small = d.own->read(id, purpose::customer_order_management, clock_hand(), little);
  CHECK(small.error().code == errc::buffer_too_small);
  CHECK(d.own->read(id, purpose::customer_order_management, clock_hand(),
                    std::span(d.room).first(small.error().at)));
}

TEST_CASE("till: a correction replaces what is held, and keeps no more without a basis") {
  device d(part_models[0], 120, 4, true);
  d.purposes.add(purpose::rights_fulfilment);
  REQUIRE(d.open());
  const auto likes = [](std::initializer_list<std::string_view> what) {
    customer out;
    REQUIRE(out.set(field::likes, std::span<const std::string_view>(what.begin(), what.size())));
    return out;
  };
  const std::array said{d.grant()};
  const customer_id id = d.put(ken(), said);
  const auto changed = [&](const customer& to) {
    const auto done = d.own->update(id, to.fields(), clock_hand());
    return done ? errc::none : done.error().code;
  };
  REQUIRE(changed(likes({"tea", "coffee"})) == errc::none);
  REQUIRE(d.own->record(id,
                        no_to({purpose::email_marketing, purpose::client_care,
                               purpose::customer_relationship_management, purpose::customer_care}),
                        clock_hand()));
  CHECK(changed(likes({"tea", "coffee", "guns"})) == errc::no_basis);
  customer employed;
  REQUIRE(employed.set(field::employer, std::string_view("Church of X")));
  CHECK(changed(employed) == errc::no_basis);
  CHECK(changed(likes({"tea", "cocoa"})) == errc::none);
}

TEST_CASE("till: whatever a call returns, nothing of a customer stays in its memory") {
  device d;
  const customer_id id = d.put(ken());
  const bytes receipt = purchase_of("A-1");
  const auto nothing_left = [&] {
    const auto empty = [](const bytes& room) {
      return std::ranges::all_of(room, [](std::byte one) { return one == std::byte{}; });
    };
    return empty(d.customer) && empty(d.item) && empty(d.scratch);
  };
  CHECK(nothing_left());
  bytes little(4);
  const auto order = purpose::customer_order_management;
  CHECK(d.own->read(id, order, clock_hand(), little).error().code == errc::buffer_too_small);
  CHECK(nothing_left());
  CHECK(d.own->read(id, order, clock_hand(), d.room));
  CHECK(nothing_left());
  CHECK(d.own->find(field::emails, "ken@example.com", {}, order, clock_hand(), {}).error().code ==
        errc::limit_exceeded);
  CHECK(nothing_left());
  REQUIRE(d.own->append_purchase(id, receipt, clock_hand()));
  CHECK(nothing_left());
  CHECK_FALSE(d.own->purchases(id, purpose::email_marketing, clock_hand(),
                               [](std::uint32_t, byte_view) {}));
  CHECK(nothing_left());
  customer wishes;
  REQUIRE(wishes.set(field::likes, std::array{std::string_view("silk")}));
  CHECK_FALSE(d.own->update(id, wishes.fields(), clock_hand()));
  CHECK(nothing_left());
  directive unknown = d.grant();
  unknown.notice.version += 1;
  CHECK_FALSE(d.own->record(id, unknown, clock_hand()));
  CHECK(nothing_left());
  CHECK_FALSE(d.own->put(ken().fields(), {}, clock_hand(), id));
  CHECK(nothing_left());
  CHECK_FALSE(d.own->disclose(id, order, d.party, all_fields, clock_hand(), little));
  CHECK(nothing_left());
  REQUIRE(d.own->verify());
  CHECK(nothing_left());
  REQUIRE(d.own->erase(id, clock_hand()));
  CHECK(nothing_left());
}

TEST_CASE("till: a withdrawal closes at once, outlives a boot and an older copy of the flash") {
  device d;
  const customer_id id = d.put(ken());
  REQUIRE(d.own->record(id, d.grant(), clock_hand()));
  CHECK(d.own->read(id, purpose::email_marketing, clock_hand(), d.room)->shown.has(field::emails));
  CHECK(d.own->explain(id, purpose::email_marketing, field::emails, clock_hand())->permitted);
  const auto open_image = d.flash.image();
  clock_hand().seconds += 10;
  REQUIRE(d.own->record(id, withdrawal(), clock_hand()));
  CHECK(d.own->read(id, purpose::email_marketing, clock_hand(), d.room)->count == 0);
  const auto why = d.own->explain(id, purpose::email_marketing, field::emails, clock_hand());
  CHECK_FALSE(why->permitted);
  CHECK(why->stage == 3);
  REQUIRE(d.open());
  CHECK(d.own->read(id, purpose::email_marketing, clock_hand(), d.room)->count == 0);
  d.flash.put_image(open_image);
  CHECK(d.open().error().code == errc::rolled_back);
}

TEST_CASE(
    "till: a clock that was set back opens nothing, and a no is heard where grants fill all") {
  device d;
  const customer_id id = d.put(ken());
  directive limited = d.grant();
  limited.not_after = timestamp{clock_hand().seconds + 1000};
  REQUIRE(d.own->record(id, limited, clock_hand()));
  CHECK(d.own->read(id, purpose::email_marketing, clock_hand(), d.room)->count > 0);
  REQUIRE(d.own->update(id, ken("L-2").fields(), timestamp{clock_hand().seconds + 5000}));
  CHECK(d.own->read(id, purpose::email_marketing, clock_hand(), d.room)->count == 0);
  REQUIRE(d.open());
  CHECK(d.own->read(id, purpose::email_marketing, clock_hand(), d.room)->count == 0);

  clock_hand().seconds += 6000;
  errc told = errc::none;
  for (int i = 0; i < 60 && told == errc::none; ++i) {
    clock_hand().seconds += 1;
    const auto done = d.own->record(id, d.grant(), clock_hand());
    if (!done) told = done.error().code;
  }
  CHECK(told == errc::limit_exceeded);
  CHECK(d.own->record(id, withdrawal(), clock_hand()));
  CHECK(d.own->read(id, purpose::email_marketing, clock_hand(), d.room)->count == 0);
  // Said again it adds nothing.
  const auto count = d.own->directives(id)->size();
  CHECK(d.own->record(id, withdrawal(), clock_hand()));
  CHECK(d.own->directives(id)->size() == count);
}

TEST_CASE(
    "till: somebody is found by phone, card and e-mail, and by nothing the purpose may not ask") {
  for (const std::size_t prints_each : {std::size_t{1}, std::size_t{2}, std::size_t{4}}) {
    device d(part_models[0], 120, prints_each);
    std::vector<customer_id> all;
    for (int i = 0; i < 20; ++i) {
      customer one = ken("L-" + std::to_string(i));
      REQUIRE(one.set(field::phones, std::array{phone_number{.number = "+1 202 555 01" +
                                                                       std::to_string(10 + i)}}));
      all.push_back(d.put(one));
    }
    std::array<customer_id, 30> found;
    const purpose_id order = purpose::customer_order_management;
    const auto by_phone =
        d.own->find(field::phones, "(202) 555-0115", {}, order, clock_hand(), found);
    REQUIRE(by_phone);
    CHECK(*by_phone == 1);
    CHECK(found[0] == all[5]);
    REQUIRE(d.open());
    CHECK(*d.own->find(field::external_ids, "L-7", "loyalty", order, clock_hand(), found) == 1);
    CHECK(found[0] == all[7]);
    CHECK(*d.own->find(field::emails, "KEN@example.com", {}, order, clock_hand(), found) == 20);
    CHECK(d.own->find(field::external_ids, "L-7", "erp", order, clock_hand(), found).error().code ==
          errc::not_found);
    CHECK(d.own
              ->find(field::phones, "(202) 555-0115", {}, purpose::email_marketing, clock_hand(),
                     found)
              .error()
              .code == errc::not_found);
    CHECK(d.own->find(field::name, "Ken", {}, order, clock_hand(), found).error().code ==
          errc::invalid_argument);
    CHECK(d.own
              ->find(field::emails, "ken@example.com", {}, order, clock_hand(),
                     std::span(found).first(3))
              .error()
              .code == errc::limit_exceeded);
    REQUIRE(d.own->erase(all[7], clock_hand()));
    CHECK_FALSE(d.own->find(field::external_ids, "L-7", "loyalty", order, clock_hand(), found));
  }
}

TEST_CASE("till: the ledger knows before anything leaves, of a refusal too, and the chain holds") {
  device d;
  const customer_id id = d.put(ken());
  REQUIRE(d.own->record(id, d.grant(), clock_hand()));
  const field_set asked{field::name, field::emails};
  const auto sent =
      d.own->disclose(id, purpose::email_marketing, d.partner, asked, clock_hand(), d.room);
  REQUIRE(sent);
  CHECK(sent->ledger_index == 0);
  CHECK(sent->content.shown == asked);
  REQUIRE(d.own->record(id, withdrawal(), clock_hand()));
  CHECK(d.own->disclose(id, purpose::email_marketing, d.partner, asked, clock_hand(), d.room)
            .error()
            .code == errc::denied);
  CHECK(std::all_of(d.room.begin(), d.room.end(), [](std::byte b) { return b == std::byte{0}; }));
  CHECK(
      d.own->disclose(id, purpose::email_marketing, recipient_id(250), asked, clock_hand(), d.room)
          .error()
          .code == errc::not_found);
  REQUIRE(d.open());
  const auto figures = d.own->verify();
  REQUIRE(figures);
  CHECK(figures->entries == 2);

  // Power fails in each operation of a disclosure: no view without its entry.
  for (std::int64_t at = 0;; ++at) {
    device cut;
    const customer_id who = cut.put(ken());
    REQUIRE(cut.own->record(who, cut.grant(), clock_hand()));
    cut.flash.cut_after(at, 2);
    const auto done = cut.own->disclose(who, purpose::email_marketing, cut.partner, asked,
                                        clock_hand(), cut.room);
    if (!cut.flash.is_off()) break;
    cut.flash.power_on();
    REQUIRE(cut.open());
    const auto found = cut.own->verify();
    REQUIRE(found);
    if (done) CHECK(found->entries == 1);
  }
}

TEST_CASE("till: who was erased is gone from the flash, also when power fails in between") {
  for (const part_model& model : {part_models[0], part_models[3]}) {
    for (std::int64_t at = 0;; ++at) {
      device d(model);
      const customer_id other = d.put(ken("L-other"));
      const customer_id id = d.put(ken());
      for (int i = 0; i < 9; ++i) {
        REQUIRE(d.own->append_purchase(id, purchase_of("A-" + std::to_string(i)), clock_hand()));
      }
      d.flash.cut_after(at, static_cast<unsigned>(at) % cut_ways);
      const auto gone = d.own->erase(id, clock_hand());
      const bool cut = d.flash.is_off();
      d.flash.power_on();
      REQUIRE(d.open());
      const auto left = d.own->verify();
      REQUIRE(left);
      const bool there =
          d.own->read(id, purpose::customer_order_management, clock_hand(), d.room).has_value();
      CHECK(left->customers == (there ? 2U : 1U));
      CHECK(left->items == (there ? 9U : 0U));
      CHECK(left->entries == (there ? 0U : 1U));
      CHECK(d.own->read(other, purpose::customer_order_management, clock_hand(), d.room));
      if (cut) continue;
      REQUIRE(gone);
      CHECK_FALSE(there);
      const bool zeroing = (model.capabilities & CLIENTBOOK_FLASH_ZERO_OVERWRITE) != 0;
      CHECK(*gone == (zeroing ? flash_erasure::done : flash_erasure::pending));
      break;
    }
  }
}

TEST_CASE(
    "till: what is handed over opens for its receiver alone, in its place, and is the book's") {
  device d;
  const customer record = ken();
  const customer_id id = d.put(record);
  REQUIRE(d.own->record(id, d.grant(), clock_hand()));
  REQUIRE(d.own->append_purchase(id, purchase_of("A-1"), clock_hand()));
  REQUIRE(d.own->disclose(id, purpose::email_marketing, d.partner, {field::emails}, clock_hand(),
                          d.room));
  const crypto::box_key server(device_key(9));
  std::vector<bytes> boxes;
  const auto count = d.own->hand_over(server.public_key(), [&](byte_view box) -> result<void> {
    boxes.emplace_back(box.begin(), box.end());
    return {};
  });
  REQUIRE(count);
  CHECK(*count == boxes.size());
  CHECK(boxes.size() == 6);  // Customer, directive, purchase, payload, entry, and the last.
  bool found_record = false;
  bytes leaf;
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    std::array<std::byte, 20> place{};
    place[16] = static_cast<std::byte>(i);
    bytes plain(boxes[i].size() - crypto::box_overhead);
    REQUIRE(crypto::open_box(server, place, boxes[i], plain));
    const bytes wanted = record_bytes(record.fields());
    if (plain[4] == std::byte{1}) {
      found_record =
          plain.size() > wanted.size() &&
          std::equal(wanted.begin(), wanted.end(), plain.end() - static_cast<long>(wanted.size()));
    }
    if (plain[4] == std::byte{5}) leaf.assign(plain.begin() + 4 + 45, plain.end());
    place[16] = static_cast<std::byte>(i + 1);
    CHECK(crypto::open_box(server, place, boxes[i], plain).error().code ==
          errc::authentication_failed);
  }
  CHECK(found_record);
  const auto entry = ledger::decode_entry(leaf);
  REQUIRE(entry);
  CHECK(entry->type == ledger_event::disclosure);
  CHECK(entry->purpose == purpose::email_marketing);
  CHECK(entry->legal_basis == static_cast<std::uint8_t>(lawful_basis::consent));
  CHECK(d.own->verify()->root == ledger::leaf_hash(leaf));
}

TEST_CASE("till: of another device it is refused, too little memory is told, and zeroize wipes") {
  device d;
  const customer_id id = d.put(ken());
  d.boot();
  CHECK(d.own->open(device_key(2), book_id{}, actor_id(7)).error().code == errc::wrong_key);
  REQUIRE(d.open());
  d.own->zeroize();
  CHECK_FALSE(d.own->read(id, purpose::customer_order_management, clock_hand(), d.room));
  d.item.resize(100);
  CHECK(d.open().error().code == errc::invalid_argument);
  d.item.resize(4096);
  REQUIRE(d.open());
  CHECK(d.own->read(id, purpose::customer_order_management, clock_hand(), d.room));
}
