// The questions of a shop floor, one line each: docs/cookbook.md quotes them.
#include <clientbook/clientbook.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

using namespace clientbook;

namespace {

template <class Value>
Value need(result<Value> got) {
  if (got) return std::move(*got);
  std::printf("failed: %s\n", got.error().text.c_str());
  std::exit(1);
}
void need(const result<void>& done) {
  if (!done) std::exit(1);
}

timestamp today(void*) { return {1'795'910'400}; }  // 2026-11-29

std::string name_of(const view& seen) {
  const auto name = seen.record().name();
  return name ? std::string(name->given.reveal()) : "somebody";
}

void say(const char* question, const search_answer& found) {
  std::printf("%s:", question);
  for (const search_hit& hit : found.hits) {
    std::printf(" %s (%s)", name_of(hit.seen).c_str(), name_of(hit.why.front().kind).data());
  }
  std::printf("\n");
}

constexpr auto say_who = [](const listed& one) {
  std::printf(" %s", name_of(one.seen).c_str());
  return true;
};

void ends_line(const result<void>& listed) {
  need(listed);
  std::printf("\n");
}

constexpr auto order = purpose::customer_order_management;
constexpr auto care = purpose::client_care;

customer_id add(session& in, const char* json, const directive& said) {
  const customer record = need(record_from_json(json, in.fields()));
  return need(in.put(record, {.purposes = {order, care}, .directives = {&said, 1}}));
}

directive agreement(session& in) {
  privacy_notice shown;
  shown.title = short_text<64>("house rules");
  shown.language = short_text<16>("en");
  shown.announced = {.purposes = {care},
                     .recipients = {recipient::self},
                     .categories = ordinary_categories(),
                     .operations = {operation::collect, operation::store, operation::use}};
  shown.jurisdiction = in.profile()->id;
  shown.text = crypto::hash(as_bytes("We keep what you tell us to serve you."));
  const privacy_notice kept = need(in.add_notice(shown));
  directive out = make_grant(kept.announced, kept, {.at = today(nullptr)});
  out.not_after = timestamp{today(nullptr).seconds + 60 * 86'400};
  return out;
}

void ask(session& in) {
  const directive said = agreement(in);
  const customer_id amelia = add(in, R"({"name": {"given": "Amelia", "family": "Hartwell"},
    "emails": [{"address": "amelia@example.com"}], "phones": [{"number": "+44 20 7946 0101"}],
    "birth_date": "1984-12-02", "likes": ["linen"], "sizes": [{"kind": "shirt", "value": "XS"}],
    "external_ids": [{"system": "loyalty", "value": "L-70000"}]})",
                                 said);
  add(in, R"({"name": {"given": "Jonas", "family": "Lindqvist"}, "likes": ["merino"],
    "special_days": [{"kind": "wedding_anniversary", "day": "2011-12-20"}]})",
      said);
  const purchase_line boots{.sku = "BO-044", .description = "Leather boots"};
  need(in.append_purchase(amelia, {.day = date{2025, 10, 20}}, {&boots, 1}, order));
  constexpr field_set name{field::name};
  constexpr std::string_view wedding = "wedding_anniversary";
  const date from{2026, 11, 29};
  const date january{2025, 1, 1};
  std::string where;

  // Who is it?
  say("a name", need(in.find("hartwell amelia", order)));
  say("misheard", need(in.find("Hartwel", order)));
  say("last four digits", need(in.find("0101", order)));
  say("an address begins", need(in.find("amelia@", order)));
  const auto by_card = need(in.find_by_id("loyalty", "L-70000", order));
  const auto by_phone = need(in.find_by_phone("020 7946 0101", order));
  const auto by_mail = need(in.find_by_email("Amelia@example.com", order));
  std::printf("the same: %d\n", by_card == by_phone && by_phone == by_mail);

  // Who is to be called?
  ends_line(in.list_customers({.days = day_window{from, 14}}, care, name, say_who));
  ends_line(in.list_customers({.days = day_window{from, 30, wedding}}, care, name, say_who));
  ends_line(in.list_customers({.likes = "linen", .size = "XS"}, care, name, say_who));
  ends_line(in.list_customers({.bought = "boots", .bought_since = january}, order, name, say_who));
  ends_line(in.list_customers({.no_purchase_for_days = 365}, order, name, say_who));
  ends_line(in.list_customers({.consent_ends_within_days = 90}, care, name, say_who));

  // What is to be written down?
  need(edit_customer(in, amelia, R"({"add": {"name": {"nickname": "Millie"}}})", order, where));
  need(in.append_note(amelia, {.text = "Looks for a christening outfit."}, care));
  const purchase_line scarf{.sku = "SC-101", .description = "Silk scarf"};
  need(in.append_purchase(amelia, {.day = from, .order = "S-5002"}, {&scarf, 1}, order));

  // What do we know, and why not more?
  std::printf("receipts: %zu\n", need(in.purchases(amelia, order, 3)).size());
  std::printf("notes: %zu\n", need(in.notes(amelia, care)).size());
  const decision_request now = in.request(order);
  std::printf("%s\n", need(in.describe(amelia, now, field::likes, language::en)).c_str());
}

}  // namespace

int main() {
  std::filesystem::create_directories("keys");
  std::filesystem::permissions("keys", std::filesystem::perms::owner_all);
  const book shop = need(create_book("shop.book", "keys/shop.key", {.profile = gdpr_profile().id},
                                     {.clock = {.now = today}}));
  session in = need(shop.begin_session({.id = actor_id(7), .role = actor_role::owner}));
  ask(in);
  return 0;
}
