/* Checks the evidence in a customer's page. One file, C11, libsodium; nothing of clientbook.
 *
 *   cc -std=c11 -o verify verify.c -lsodium
 *   ./verify FILE LOG
 *
 * FILE is the page as it was saved, or the evidence alone. LOG is the key of the shop's ledger,
 * `<origin>+<id>+<key>`: take it from somebody else than the page, since whoever forges a page
 * forges the key on it too. What is borne out are the entries that are printed, and no word of the
 * page around them: compare.
 *
 * Exit codes: 0 all is borne out; 1 something is not; 2 wrong usage.
 *
 * docs/format/evidence.md and docs/format/ledger.md say what is checked: the signature of the
 * checkpoint (Ed25519), each entry's place in the tree (RFC 9162), that each payload is the one
 * that its entry commits to (BLAKE2b), and that payloads are numbered from 1 and name each other.
 */
#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { hash_size = 32, entry_size = 87, payload_most = 2048 };
enum { path_most = 64, origin_most = 255, note_most = 16384 };

static void wrong(const char* why) {
  printf("NOT borne out: %s\n", why);
  exit(1);
}

static void must(int good, const char* why) {
  if (!good) wrong(why);
}

/* --- pieces of text: nothing is copied, nothing ends with a zero -------------------------- */

typedef struct piece {
  const char* at;
  size_t size;
} piece;

static int is(piece a, const char* text) {
  return a.size == strlen(text) && memcmp(a.at, text, a.size) == 0;
}

/* What stands before the next `end`, or all; `rest` begins behind it. */
static piece cut(piece* rest, char end) {
  const char* found = rest->size == 0 ? NULL : memchr(rest->at, end, rest->size);
  piece out = {rest->at, found == NULL ? rest->size : (size_t)(found - rest->at)};
  size_t gone = out.size + (found == NULL ? 0 : 1);
  rest->at += gone;
  rest->size -= gone;
  return out;
}

/* The lines before the one that is `mark`, which is taken too. */
static piece before(piece* rest, const char* mark) {
  piece out = *rest, line = {NULL, 0};
  while (rest->size != 0 && !is(line = cut(rest, '\n'), mark)) continue;
  if (line.at == NULL || !is(line, mark)) wrong("the evidence is cut off");
  out.size = (size_t)(line.at - out.at);
  return out;
}

/* A signed note is UTF-8 without control characters but line ends. */
static int is_note_text(piece text) {
  const unsigned char* at = (const unsigned char*)text.at;
  for (size_t i = 0; i < text.size;) {
    unsigned char first = at[i++];
    if (first < 0x20 && first != '\n') return 0;
    if (first < 0x80) continue;
    int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
    if (first < 0xC2 || first > 0xF4 || text.size - i < (size_t)more) return 0;
    uint32_t code = first & (0x3FU >> more);
    for (int k = 0; k < more; ++k, ++i) {
      if ((at[i] & 0xC0) != 0x80) return 0;
      code = code << 6 | (at[i] & 0x3FU);
    }
    if ((more == 2 && code < 0x800) || (more == 3 && (code < 0x10000 || code > 0x10FFFF))) return 0;
    if (code >= 0xD800 && code < 0xE000) return 0;
  }
  return 1;
}

static size_t decode(piece text, unsigned char* out, size_t most) {
  enum { variant = sodium_base64_VARIANT_ORIGINAL };
  char again[4 * (payload_most + 2) / 3 + 8];
  size_t size = 0;
  const char* end = NULL;
  int good = sodium_base642bin(out, most, text.at, text.size, NULL, &size, &end, variant) == 0;
  must(good && text.size != 0 && end == text.at + text.size &&
           sodium_base64_encoded_len(size, variant) <= sizeof again,
       "a piece is not base64, or too long");
  /* One text for the same bytes: no bits left over. */
  sodium_bin2base64(again, sizeof again, out, size, variant);
  must(is(text, again), "base64 with bits left over");
  return size;
}

static uint64_t number(piece text) {
  uint64_t out = 0;
  must(text.size != 0 && text.size <= 19 && (text.at[0] != '0' || text.size == 1),
       "a number is none");
  for (size_t i = 0; i < text.size; ++i) {
    if (text.at[i] < '0' || text.at[i] > '9') wrong("a number is none");
    out = out * 10 + (uint64_t)(text.at[i] - '0');
  }
  return out;
}

/* --- the log and its checkpoint (C2SP tlog-checkpoint, signed-note) ----------------------- */

typedef struct log_key {
  piece origin;
  unsigned char id[4];
  unsigned char key[crypto_sign_PUBLICKEYBYTES];
} log_key;

static log_key log_of(const char* text) {
  piece rest = {text, strlen(text)};
  log_key out;
  unsigned char key[64], hash[hash_size], line[origin_most + 2 + crypto_sign_PUBLICKEYBYTES];
  char hex[9];
  out.origin = cut(&rest, '+');
  piece id = cut(&rest, '+');
  must(out.origin.size != 0 && out.origin.size <= origin_most && id.size == 8,
       "the log is <origin>+<id>+<key>");
  if (decode(rest, key, sizeof key) != 33 || key[0] != 1) wrong("the log's key is no Ed25519 key");
  memcpy(out.key, key + 1, sizeof out.key);
  memcpy(line, out.origin.at, out.origin.size);
  line[out.origin.size] = '\n';
  memcpy(line + out.origin.size + 1, key, 33);
  crypto_hash_sha256(hash, line, out.origin.size + 34);
  memcpy(out.id, hash, sizeof out.id);
  sodium_bin2hex(hex, sizeof hex, out.id, sizeof out.id);
  if (memcmp(hex, id.at, 8) != 0) wrong("the log's key is not the one of its id");
  return out;
}

typedef struct head {
  uint64_t size;
  unsigned char root[hash_size];
} head;

static int is_origin(const log_key* log, piece text) {
  return text.size == log->origin.size && memcmp(text.at, log->origin.at, text.size) == 0;
}

/* A line "- <origin> <id and signature>", with a dash of three bytes: 1 if it is the log's and
 * good, 0 if it is somebody else's. */
static int signature(piece line, const log_key* log, piece body) {
  static const char none[] = "a line of the checkpoint is no signature";
  unsigned char data[256];
  must(line.size >= 6 && memcmp(line.at, "\xE2\x80\x94 ", 4) == 0, none);
  size_t space = line.size - 1;
  while (space > 4 && line.at[space] != ' ') --space;
  piece name = {line.at + 4, space - 4}, text = {line.at + space + 1, line.size - space - 1};
  must(space > 4 && !memchr(name.at, ' ', name.size) && !memchr(name.at, '+', name.size), none);
  size_t size = decode(text, data, sizeof data);
  must(size >= 5, none);
  int ours = is_origin(log, name) && memcmp(data, log->id, 4) == 0;
  if (!ours || size != 4 + crypto_sign_BYTES) return 0;
  const unsigned char* text_signed = (const unsigned char*)body.at;
  must(crypto_sign_verify_detached(data + 4, text_signed, body.size, log->key) == 0,
       "the checkpoint's signature is wrong");
  return 1;
}

/* `note` as it was signed: with line ends of one byte. */
static head checkpoint(piece note, const log_key* log) {
  head out;
  unsigned char root[64];
  piece rest = note;
  piece origin = cut(&rest, '\n'), size = cut(&rest, '\n'), hash = cut(&rest, '\n');
  piece body = {note.at, (size_t)(rest.at - note.at)};
  if (note.size > note_most || !is_note_text(note)) wrong("the checkpoint is no signed note");
  if (!is_origin(log, origin)) wrong("the checkpoint is another log's");
  out.size = number(size);
  if (decode(hash, root, sizeof root) != hash_size) wrong("the checkpoint has no root");
  memcpy(out.root, root, hash_size);
  if (cut(&rest, '\n').size != 0) wrong("the checkpoint has a line too many");
  int good = 0;
  while (rest.size != 0) good |= signature(cut(&rest, '\n'), log, body);
  if (!good) wrong("the checkpoint is not signed by that log");
  return out;
}

/* --- the tree (RFC 9162, section 2.1.3.2) ------------------------------------------------- */

static void node(unsigned char* out, const unsigned char* left, const unsigned char* right) {
  unsigned char both[1 + 2 * hash_size];
  both[0] = 1;
  memcpy(both + 1, left, hash_size);
  memcpy(both + 1 + hash_size, right, hash_size);
  crypto_hash_sha256(out, both, sizeof both);
}

static int in_tree(const unsigned char* entry, uint64_t index, const head* to,
                   unsigned char path[][hash_size], size_t steps) {
  unsigned char value[hash_size], leaf[1 + entry_size];
  if (index >= to->size) return 0;
  leaf[0] = 0;
  memcpy(leaf + 1, entry, entry_size);
  crypto_hash_sha256(value, leaf, sizeof leaf);
  uint64_t place = index, last = to->size - 1;
  for (size_t i = 0; i < steps; ++i) {
    if (last == 0) return 0;
    if ((place & 1) != 0 || place == last) {
      node(value, path[i], value);
      for (; (place & 1) == 0 && place != 0; place >>= 1) last >>= 1;
    } else {
      node(value, value, path[i]);
    }
    place >>= 1;
    last >>= 1;
  }
  return last == 0 && memcmp(value, to->root, hash_size) == 0;
}

/* --- entries and payloads (docs/format/ledger.md) ----------------------------------------- */

typedef struct said {
  uint64_t at, sequence, previous;
  int has_previous;
  unsigned char customer[16], blinding[32];
  piece recipient;
  uint64_t fields[64];
  size_t field_count;
} said;

/* The head of an item of CBOR, which must be of that kind: its number. */
static uint64_t take(piece* from, unsigned kind) {
  const unsigned char* at = (const unsigned char*)from->at;
  if (from->size == 0) wrong("a payload is cut off");
  unsigned more = at[0] & 31;
  size_t size = more < 24 ? 0 : more < 28 ? (size_t)1 << (more - 24) : 99;
  if (size == 99 || from->size < 1 + size) wrong("a payload is cut off");
  if (at[0] >> 5 != kind) wrong("a payload is none");
  uint64_t value = size == 0 ? more : 0;
  for (size_t i = 0; i < size; ++i) value = value << 8 | at[1 + i];
  from->at += 1 + size;
  from->size -= 1 + size;
  return value;
}

enum { numbers, negative, byte_strings, texts, arrays, maps };

static piece take_string(piece* from, unsigned kind) {
  uint64_t size = take(from, kind);
  if (size > from->size) wrong("a payload is none");
  piece out = {from->at, (size_t)size};
  from->at += size;
  from->size -= (size_t)size;
  return out;
}

static void take_bytes(piece* from, unsigned char* to, size_t size) {
  piece out = take_string(from, byte_strings);
  if (out.size != size) wrong("a payload is none");
  memcpy(to, out.at, size);
}

static void take_fields(piece* from, said* to) {
  uint64_t count = take(from, arrays);
  if (count > 64) wrong("a payload is none");
  for (uint64_t i = 0; i < count; ++i) {
    if (take(from, arrays) != 3) wrong("a payload is none");
    to->fields[i] = take(from, numbers);
    for (int k = 1; k < 3; ++k) take(from, numbers);
  }
  to->field_count = (size_t)count;
}

/* Who passed it on, where the further recipient is reached, and perhaps the day. */
static void take_passed(piece* from) {
  uint64_t parts = take(from, arrays);
  if (parts != 2 && parts != 3) wrong("a payload is none");
  take_string(from, texts);
  take_string(from, texts);
  if (parts == 3) {
    int before_1970 = from->size != 0 && (unsigned char)from->at[0] >> 5 == negative;
    take(from, before_1970 ? negative : numbers);
  }
}

static said payload_of(const unsigned char* data, size_t size) {
  piece rest = {(const char*)data, size};
  said out = {0};
  uint64_t last = 0, seen = 0;
  for (uint64_t left = take(&rest, maps); left > 0; --left) {
    uint64_t key = take(&rest, numbers);
    if (key <= last || key > 13) wrong("a payload has what no payload has");
    last = key;
    seen |= (uint64_t)1 << key;
    if (key == 2) take_bytes(&rest, out.customer, sizeof out.customer);
    if (key == 4) out.recipient = take_string(&rest, texts);
    if (key == 5) take_fields(&rest, &out);
    if (key == 9) take_string(&rest, byte_strings);
    if (key == 10) take_bytes(&rest, out.blinding, sizeof out.blinding);
    if (key == 13) take_passed(&rest);
    if (key == 2 || key == 4 || key == 5 || key == 9 || key == 10 || key == 13) continue;
    uint64_t value = take(&rest, numbers);
    if (key == 1) out.at = value;
    if (key == 7) out.sequence = value;
    if (key == 8) out.previous = value;
  }
  out.has_previous = (seen & 1 << 8) != 0;
  if (rest.size != 0 || (seen & 0x4EE) != 0x4EE) wrong("a payload is none");
  return out;
}

static const char* const events[] = {
    "event",        "disclosure",    "export",     "consent given", "consent withdrawn",
    "erasure",      "key rotation",  "restore",    "break glass",   "refusal",
    "import",       "policy change", "correction", "reversal",      "not delivered",
    "jurisdiction", "portfolio",     "alarm",      "request",       "recipient told",
    "legal hold",   "onward",        "merge",      "unmerge",       "pruning",
    "epoch"};

/* By number, from 1: what the library calls fields and purposes. */
static const char fields[] =
    "name emails phones addresses birth_date special_days purchases sizes likes dislikes notes "
    "language time_zone external_ids employer household demographics government_ids payment_cards "
    "tasks contacts tags tier wishes reach";
static const char purposes[] =
    "academic_research account_management advertising age_verification combat_climate_change "
    "commercial_purpose commercial_research communication_for_customer_care "
    "communication_management counter_money_laundering counterterrorism customer_care "
    "customer_claims_management customer_management customer_order_management "
    "customer_relationship_management customer_solvency_monitoring data_altruism "
    "delivery_of_goods direct_marketing dispute_management enforce_access_control "
    "enforce_security establish_contractual_agreement fraud_prevention_and_detection "
    "fulfilment_of_contractual_obligation fulfilment_of_obligation human_resource_management "
    "identity_authentication identity_verification improve_existing_products_and_services "
    "improve_healthcare improve_internal_crm_processes improve_public_services "
    "improve_transport_mobility increase_service_robustness internal_resource_optimisation "
    "legal_compliance maintain_fraud_database marketing member_partner_management "
    "misuse_prevention_and_detection non_commercial_purpose non_commercial_research "
    "optimisation_for_consumer optimisation_for_controller optimise_user_interface "
    "organisation_compliance_management organisation_governance organisation_risk_management "
    "payment_management personalisation personalised_advertising personalised_benefits "
    "personnel_behaviour_monitoring personnel_hiring personnel_management personnel_monitoring "
    "personnel_offboarding personnel_onboarding personnel_payment "
    "personnel_performance_evaluation personnel_performance_management "
    "personnel_performance_monitoring personnel_performance_prediction "
    "personnel_promotion_management personnel_termination_management "
    "personnel_workload_management political_campaign protection_of_ipr "
    "protection_of_national_security protection_of_public_security provide_event_recommendations "
    "provide_official_statistics provide_personalised_recommendations "
    "provide_product_recommendations public_benefit public_policy_making public_relations purpose "
    "record_management recruitment_advertising recruitment_applicant_background_check "
    "recruitment_applicant_criminal_background_check "
    "recruitment_applicant_information_authentication recruitment_applicant_selection "
    "recruitment_application_analysis recruitment_application_management "
    "recruitment_application_screening recruitment_interview_analysis "
    "recruitment_interview_assessment recruitment_interview_management "
    "recruitment_interview_scheduling recruitment_management recruitment_targeted_advertising "
    "repair_impairments requested_service_provision research_and_development rights_fulfilment "
    "scientific_research search_functionalities sector sell_data_to_third_parties "
    "sell_insights_from_data sell_products sell_products_to_data_subject "
    "service_access_determination service_management service_monitoring service_optimisation "
    "service_personalisation service_provision service_registration service_usage_analytics "
    "social_media_marketing targeted_advertising technical_service_provision "
    "user_interface_personalisation vendor_management vendor_payment vendor_records_management "
    "vendor_selection_assessment verification client_care birthday_greeting special_day_reminder "
    "loyalty_programme email_marketing text_message_marketing telephone_marketing "
    "postal_marketing cross_context_behavioural_advertising data_enrichment onward_research "
    "tax_record_keeping breach_notification product_recall consent_record_keeping";

static void print_name(const char* names, uint64_t number) {
  if (number == 0) return;
  piece rest = {names, strlen(names)}, name = {NULL, 0};
  for (uint64_t i = 0; i < number; ++i) name = cut(&rest, ' ');
  if (name.size != 0) printf("%.*s", (int)name.size, name.at);
  if (name.size == 0) printf("#%llu", (unsigned long long)number);
}

/* A line for somebody who compares it with what the page says. */
static void print_entry(uint64_t index, unsigned event, unsigned purpose, const said* what) {
  printf("%8llu  day %llu  %-18s %.*s  ", (unsigned long long)index,
         (unsigned long long)(what->at / 86400),
         events[event < sizeof events / sizeof *events ? event : 0], (int)what->recipient.size,
         what->recipient.at);
  print_name(purposes, purpose);
  for (size_t i = 0; i < what->field_count; ++i) {
    printf(i == 0 ? ": " : ", ");
    print_name(fields, what->fields[i]);
  }
  printf("\n");
}

/* Ten parts, each behind its size: format, event, day, id, purpose, ..., commitment. */
static void check_entry(const unsigned char* entry, uint64_t at) {
  static const unsigned char sizes[] = {1, 1, 4, 16, 1, 1, 1, 16, 4, 32};
  uint64_t day = 0;
  for (size_t i = 0, place = 0; i < sizeof sizes; place += 1U + sizes[i++]) {
    must(entry[place] == sizes[i], "an entry of the ledger is none that this program knows");
  }
  must(entry[1] == 1 || entry[1] == 2, "an entry is of a later version");
  for (int i = 0; i < 4; ++i) day = day << 8 | entry[5 + i];
  must(at / 86400 == day, "a payload is of another day than its entry");
}

/* --- all of it ---------------------------------------------------------------------------- */

typedef struct chain {
  uint64_t count, last, gone, below; /* Of those that were pruned: how many, of a smaller index. */
  unsigned char customer[16];
} chain;

static void entry(piece line, const head* to, chain* so_far) {
  static unsigned char data[payload_most + 3], leaf[entry_size + 3], path[path_most][hash_size];
  must(line.size != 0 && line.at[line.size - 1] != ' ', "a line is no entry");
  must(is(cut(&line, ' '), "entry"), "a line is no entry");
  uint64_t index = number(cut(&line, ' '));
  size_t leaf_size = decode(cut(&line, ' '), leaf, sizeof leaf);
  size_t size = decode(cut(&line, ' '), data, sizeof data), steps = 0;
  while (line.size != 0) {
    unsigned char one[hash_size + 3];
    must(steps < path_most && decode(cut(&line, ' '), one, sizeof one) == hash_size,
         "a hash is none");
    memcpy(path[steps++], one, hash_size);
  }
  must(leaf_size == entry_size && in_tree(leaf, index, to, path, steps),
       "an entry is not in the signed ledger");
  said what = payload_of(data, size);
  check_entry(leaf, what.at);
  unsigned char hash[hash_size];
  crypto_generichash(hash, sizeof hash, data, size, what.blinding, sizeof what.blinding);
  must(memcmp(hash, leaf + entry_size - hash_size, sizeof hash) == 0,
       "a payload is not what its entry commits to");
  int first = so_far->count == 0;
  if (first) memcpy(so_far->customer, what.customer, sizeof what.customer);
  must(memcmp(so_far->customer, what.customer, sizeof what.customer) == 0,
       "an entry is about somebody else");
  /* What is before the first was pruned, or there is nothing. */
  int follows = first ? (so_far->gone != 0 ? what.has_previous && what.previous < so_far->below
                                           : !what.has_previous)
                      : what.has_previous && what.previous == so_far->last;
  must(follows && what.sequence == so_far->gone + ++so_far->count && index >= so_far->below,
       "an entry in between is missing");
  so_far->last = index;
  print_entry(index, leaf[3], leaf[27], &what);
}

/* Takes CR LF to LF, as the note was signed. */
static piece content_of(const char* name) {
  FILE* file = fopen(name, "rb");
  char* text = NULL;
  size_t size = 0, room = 0, got = 1;
  while (file != NULL && got != 0) {
    if (room - size < 65536) text = realloc(text, room += room + 131072);
    if (text == NULL) break;
    got = fread(text + size, 1, 65536, file);
    size += got;
  }
  if (file == NULL || text == NULL || ferror(file)) wrong("the file cannot be read");
  fclose(file);
  size_t kept = 0;
  for (size_t i = 0; i < size; ++i) {
    if (text[i] != '\r' || i + 1 == size || text[i + 1] != '\n') text[kept++] = text[i];
  }
  return (piece){text, kept};
}

int main(int argc, char** argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: verify FILE LOG\n");
    return 2;
  }
  if (sodium_init() < 0) wrong("libsodium does not start");
  log_key log = log_of(argv[2]);
  piece rest = content_of(argv[1]);
  const char* const whole = rest.at;
  while (rest.size != 0 && !is(cut(&rest, '\n'), "clientbook-evidence v1")) continue;
  if (rest.size == 0) wrong("there is no evidence in it");
  piece line = cut(&rest, '\n'); /* What the page says the log is: there, and not believed. */
  must(line.size >= 4 && memcmp(line.at, "log ", 4) == 0, "the evidence is cut off");
  piece entries = before(&rest, "checkpoint"), note = before(&rest, "end of evidence");
  head to = checkpoint(note, &log);
  chain so_far = {0};
  piece first = entries;
  line = cut(&first, '\n');
  if (is(cut(&line, ' '), "pruned")) {
    so_far.gone = number(cut(&line, ' '));
    so_far.below = number(line);
    if (so_far.gone == 0 || so_far.below < so_far.gone || so_far.below % 256 != 0) wrong("what was pruned is not told");
    entries = first;
  }
  while (entries.size != 0) entry(cut(&entries, '\n'), &to, &so_far);
  if (so_far.count == 0) wrong("there is no entry in it: a page is one itself");
  printf(
      "All %llu entries are in the signed ledger of %llu; none is missing between the first and "
      "the last.\nThe page says what these entries say, or it was changed: compare them.\n",
      (unsigned long long)so_far.count, (unsigned long long)to.size);
  unsigned long long gone = so_far.gone;
  if (gone != 0) printf("Before the first %llu were pruned: nothing shows what they said.\n", gone);
  free((void*)(uintptr_t)whole);
  return 0;
}
