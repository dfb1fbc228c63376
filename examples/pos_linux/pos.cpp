// A till with a text screen, for a Linux terminal: one program that keeps customers, looks them up
// by phone or card, shows what a purpose may see, records consent and its withdrawal, rings up a
// purchase and passes an address on.
//
//   pos make BOOK KEY                 a new book, sealed by suite 1, which every terminal has
//   pos open BOOK KEY
//   pos restore BOOK KEY MIRROR BACKUP SHARES
//
// Then lines on the standard input, one a step (see `steps` below). What is refused says so and is
// counted; with a refusal the program ends with 1. Between a 32-bit and a 64-bit machine a book
// travels as a backup with its mirror: LMDB's file is of one word size.
#include <clientbook/base/hex.hpp>
#include <clientbook/book/book.hpp>
#include <clientbook/consent/shop_consent.hpp>
#include <clientbook/crypto/shares.hpp>
#include <clientbook/open/backup.hpp>
#include <clientbook/open/open.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

using namespace clientbook;

namespace {

constexpr purpose_id order = purpose::customer_order_management;
constexpr purpose_id mail = purpose::email_marketing;
const actor till{.id = actor_id(7), .role = actor_role::owner};

int refusals = 0;

void told(const char* what, const error& why) {
  std::printf("%s: refused: %s\n", what, why.text.c_str());
  ++refusals;
}
template <class Value>
Value need(const char* what, result<Value> got) {
  if (got) return std::move(*got);
  std::printf("%s: %s\n", what, got.error().text.c_str());
  std::exit(1);
}

std::string hex(byte_view bytes) {
  std::string out(2 * bytes.size(), '0');
  write_hex(bytes, out.data());
  return out;
}

// --- what the shop has agreed on beforehand
// --------------------------------------------------------

privacy_notice notice_of(session& in) {
  const std::vector<privacy_notice> kept = need("notices", in.notices());
  if (!kept.empty()) return kept.back();
  privacy_notice shown = email_promotion_notice({}, 0, in.profile()->id);
  shown.title = short_text<64>("news");
  shown.text = crypto::hash(as_bytes("We write to you by e-mail when something suits you."));
  return need("notice", in.add_notice(shown));
}

recipient_id parcel_service(session& in) {
  const auto kept = need("recipients", in.recipients());
  if (!kept->parties().empty()) return kept->parties().front().id;
  recipient_party party;
  party.party_class = recipient::parcel_service;
  party.name = short_text<64>("parcel-co");
  party.country = country_code{'D', 'E'};
  party.contract = short_text<32>("PC-1");
  party.onward = onward_rule::forbidden;
  return need("parcel service", in.add_recipient(party));
}

// --- the screen
// ---------------------------------------------------------------------------------------

struct screen {
  session& in;
  customer_id current{};
};

using words = std::vector<std::string>;

void step_new(screen& at, const words& said) {
  customer record;
  const person_name name{.given = personal_text(said[0]), .family = personal_text(said[1])};
  const std::array<phone_number, 1> phones{phone_number{.number = personal_text(said[2])}};
  const std::array<email_address, 1> emails{email_address{.address = personal_text(said[3])}};
  const std::array<external_id, 1> cards{
      external_id{.system = "loyalty", .value = personal_text(said[4])}};
  for (const result<void>& set :
       {record.set(field::name, name), record.set(field::phones, phones),
        record.set(field::emails, emails), record.set(field::external_ids, cards)}) {
    if (!set) return told("new", set.error());
  }
  const result<kept> got = at.in.put(record, {.purposes = {order}});
  if (!got) return told("new", got.error());
  at.current = got->id;
  std::printf("new: kept\n");
}

void found(screen& at, const char* how, const result<std::vector<customer_id>>& ids) {
  if (!ids) return told(how, ids.error());
  std::printf("%s: %zu found\n", how, ids->size());
  if (ids->size() == 1) at.current = ids->front();
}
void step_phone(screen& at, const words& said) {
  return found(at, "phone", at.in.find_by_phone(said[0], order));
}
void step_card(screen& at, const words& said) {
  return found(at, "card", at.in.find_by_id("loyalty", said[0], order));
}

const char* state_of(field_state state) {
  switch (state) {
    case field_state::shown:
      return "shown";
    case field_state::redacted:
      return "redacted";
    case field_state::withheld:
      return "withheld";
    case field_state::absent:
      return "absent";
    case field_state::not_asked:
      break;
  }
  return "not asked";
}

void step_show(screen& at, const words& said) {
  const result<purpose_id> why = find_purpose(said[0]);
  if (!why) return told("show", why.error());
  const result<view> seen = at.in.read(at.current, *why);
  if (!seen) return told("show", seen.error());
  const auto name = seen->record().name();
  std::printf("show %s: %s", said[0].c_str(),
              name ? std::string(name->given.reveal()).c_str() : "somebody");
  for (const auto& [id, label] : {std::pair{field::emails, "email"}, {field::phones, "phone"}}) {
    std::printf(", %s %s", label, state_of(seen->state(id)));
  }
  std::printf("\n");
}

void recorded_as(screen& at, const char* what, const directive& decided) {
  const result<recorded> done = at.in.record(at.current, decided);
  if (!done) return told(what, done.error());
  std::printf("%s: recorded\n", what);
}
void step_agree(screen& at, const words&) {
  const privacy_notice shown = notice_of(at.in);
  return recorded_as(
      at, "agree",
      make_email_promotion(email_promotion::shop, shown, {.at = at.in.request(mail).now}));
}
void step_withdraw(screen& at, const words&) {
  return recorded_as(
      at, "withdraw",
      make_directive(directive_kind::withdraw, everything(), {.at = at.in.request(mail).now}));
}

// The receipt names the notice under which the customer was asked, by its hash.
void step_buy(screen& at, const words& said) {
  const purchase_line line{.sku = said[0], .description = said[1]};
  const purchase bought{.at = at.in.request(order).now, .store = "till 7"};
  const result<std::uint32_t> kept = at.in.append_purchase(at.current, bought, {&line, 1}, order);
  if (!kept) return told("buy", kept.error());
  std::printf("receipt %u: %s, notice %.16s\n", *kept, said[1].c_str(),
              hex(notice_of(at.in).text).c_str());
}

void step_send(screen& at, const words&) {
  const field_set wanted{field::name, field::phones};
  const result<disclosure> sent = at.in.disclose(at.current, {.purpose = purpose::delivery_of_goods,
                                                              .recipient = parcel_service(at.in),
                                                              .fields = wanted});
  if (!sent) return told("send", sent.error());
  std::printf("send: entry %llu of the ledger\n",
              static_cast<unsigned long long>(sent->ledger_index));
}

void step_erase(screen& at, const words&) {
  const result<erasure> done = at.in.erase(at.current, erasure_reason::subject_request);
  if (!done) return told("erase", done.error());
  std::printf("erase: done\n");
}

void step_verify(screen& at, const words&) {
  const result<verification> whole = at.in.verify();
  if (!whole) return told("verify", whole.error());
  std::printf("verify: %llu customers, %llu directives, %llu entries, %llu problems\n",
              static_cast<unsigned long long>(whole->customers),
              static_cast<unsigned long long>(whole->directives),
              static_cast<unsigned long long>(whole->ledger_entries),
              static_cast<unsigned long long>(whole->problems));
  if (whole->problems != 0) ++refusals;
}

void step_kit(screen& at, const words& said) {
  const result<recovery_kit> kit = at.in.make_recovery_key(2, 2);
  if (!kit) return told("kit", kit.error());
  if (const auto mirror = at.in.add_mirror(said[0]); !mirror) return told("kit", mirror.error());
  std::ofstream file(said[1]);
  for (const crypto::share_text& share : kit->shares) {
    share.with_bytes([&](byte_view text) {
      file.write(static_cast<const char*>(static_cast<const void*>(text.data())),
                 static_cast<std::streamsize>(text.size()));
    });
    file << '\n';
  }
  std::printf("kit: %zu shares\n", kit->shares.size());
  if (!file) ++refusals;
}

void step_backup(screen& at, const words& said) {
  if (const auto fresh = at.in.refresh_mirrors(); !fresh) return told("backup", fresh.error());
  const auto made = back_up_to(at.in, said[0]);
  if (!made) return told("backup", made.error());
  std::printf("backup: written\n");
}

struct step {
  const char* name;
  std::size_t count;
  void (*take)(screen&, const words&);
};
constexpr std::array<step, 12> steps{{{"new", 5, step_new},
                                      {"phone", 1, step_phone},
                                      {"card", 1, step_card},
                                      {"show", 1, step_show},
                                      {"agree", 0, step_agree},
                                      {"withdraw", 0, step_withdraw},
                                      {"buy", 2, step_buy},
                                      {"send", 0, step_send},
                                      {"erase", 0, step_erase},
                                      {"verify", 0, step_verify},
                                      {"backup", 1, step_backup},
                                      {"kit", 2, step_kit}}};

void take(screen& at, const std::string& line) {
  std::istringstream from(line);
  std::string name;
  if (!(from >> name)) return;
  words said;
  for (std::string word; from >> word;) said.push_back(word);
  const auto try_step = [&](const step& one) {
    if (name != one.name) return false;
    if (said.size() != one.count) {
      std::printf("%s takes %zu words\n", one.name, one.count);
      ++refusals;
    } else {
      one.take(at, said);
    }
    return true;
  };
  for (const step& one : steps) {
    if (try_step(one)) return;
  }
  std::printf("no step of this name\n");
  ++refusals;
}

book restored(const words& given) {
  std::ifstream file(given[5]);
  std::vector<crypto::share> shares;
  for (std::string line; std::getline(file, line);) {
    shares.push_back(need("share", crypto::read_share(line)));
  }
  const std::array<std::string, 1> backups{given[4]};
  const auto outcome =
      need("restore", restore_book({.mirror = given[3], .backups = backups, .shares = shares},
                                   given[1], given[2], till));
  std::printf("restored: %llu customers, %llu problems\n",
              static_cast<unsigned long long>(outcome.restored.customers),
              static_cast<unsigned long long>(outcome.verified.problems));
  return need("open", open_book(given[1], given[2]));
}

book opened(const words& given) {
  if (given[0] == "make") {
    return need("make", create_book(given[1], given[2],
                                    {.profile = gdpr_profile().id,
                                     .suite = crypto::suite::chacha20_poly1305}));
  }
  if (given[0] == "restore") return restored(given);
  return need("open", open_book(given[1], given[2]));
}

}  // namespace

int main(int count, char** arguments) {
  const words given(arguments + 1, arguments + count);
  const std::size_t wanted = !given.empty() && given[0] == "restore" ? 6 : 3;
  if (given.size() != wanted || (given[0] != "make" && given[0] != "open" && wanted == 3)) {
    std::fprintf(stderr,
                 "usage: pos make|open BOOK KEY | pos restore BOOK KEY MIRROR BACKUP SHARES\n");
    return 2;
  }
  const book shop = opened(given);
  session in = need("session", shop.begin_session(till));
  screen at{in};
  for (std::string line; std::getline(std::cin, line);) take(at, line);
  return refusals == 0 ? 0 : 1;
}
