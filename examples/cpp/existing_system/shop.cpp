// A shop that keeps its own customer table, in SQLite, and lets clientbook do three things with it:
// seal columns of it, decide and redact whenever they are read, and write down what leaves. No row
// is moved. docs/existing_system.md says when to do this, and when a book is better.
//
// The book beside the table knows of each customer the shop's own number, what they have said, and
// where their data went. Their name, address and phone stay in the table, as bytes that nobody
// opens but through the book.
#include <clientbook/clientbook.hpp>

#include <sqlite3.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

using namespace clientbook;

namespace {

template <class Value>
Value need(result<Value> got) {
  if (got) return std::move(*got);
  std::printf("failed: %s\n", got.error().text.c_str());
  std::exit(1);
}

constexpr auto order = purpose::customer_order_management;

// --- what the shop had before -----------------------------------------------------------------

class table {
 public:
  explicit table(const char* path) {
    if (sqlite3_open(path, &db_) != SQLITE_OK) std::exit(1);
    run("CREATE TABLE customer (id INTEGER PRIMARY KEY, since TEXT, name BLOB, phone BLOB, "
        "address BLOB)");
  }
  ~table() { sqlite3_close(db_); }
  table(const table&) = delete;
  table& operator=(const table&) = delete;

  void run(const char* sql) {
    if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) std::exit(1);
  }
  void set(int id, const char* column, const std::vector<std::byte>& value) {
    const std::string sql = std::string("UPDATE customer SET ") + column + " = ? WHERE id = ?";
    sqlite3_stmt* to = prepared(sql.c_str());
    sqlite3_bind_blob(to, 1, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
    sqlite3_bind_int(to, 2, id);
    if (sqlite3_step(to) != SQLITE_DONE) std::exit(1);
    sqlite3_finalize(to);
  }
  std::vector<std::byte> get(int id, const char* column) {
    const std::string sql = std::string("SELECT ") + column + " FROM customer WHERE id = ?";
    sqlite3_stmt* from = prepared(sql.c_str());
    sqlite3_bind_int(from, 1, id);
    if (sqlite3_step(from) != SQLITE_ROW) std::exit(1);
    const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(from, 0));
    std::vector<std::byte> out(bytes, bytes + sqlite3_column_bytes(from, 0));
    sqlite3_finalize(from);
    return out;
  }

 private:
  sqlite3_stmt* prepared(const char* sql) {
    sqlite3_stmt* out = nullptr;
    if (sqlite3_prepare_v2(db_, sql, -1, &out, nullptr) != SQLITE_OK) std::exit(1);
    return out;
  }

  sqlite3* db_ = nullptr;
};

// --- what is new ------------------------------------------------------------------------------

// The customers of the book are those of the table, by their number.
customer_id known_as(session& in, int id) { return need(in.find("shop", std::to_string(id))); }

void seal(session& in, table& rows, int id, const char* json, const char* column) {
  const customer value = need(record_from_json(json, in.fields()));
  rows.set(id, column, need(in.seal_column(known_as(in, id), value.fields().front(), order)));
}

struct cells {
  std::vector<std::byte> name, phone, address;
  std::array<sealed_column, 3> columns() const {
    return {sealed_column{field::name, name}, {field::phones, phone}, {field::addresses, address}};
  }
};

cells row_of(table& rows, int id) {
  return {rows.get(id, "name"), rows.get(id, "phone"), rows.get(id, "address")};
}

void tell(const char* what, const view& seen) {
  const auto name = seen.record().name();
  const std::string given(name ? name->given.reveal() : "nobody's name");
  std::printf("%s: %s, phone %s, address %s\n", what, given.c_str(),
              std::string(name_of(seen.state(field::phones))).c_str(),
              std::string(name_of(seen.state(field::addresses))).c_str());
}

// An event a line, as a log takes it: to syslog, spdlog or a file.
void write_down(void*, const audit_event& what) {
  if (what.kind != audit_kind::entry) return;
  std::printf("log: %s, entry %llu, by actor %u\n", std::string(name_of(what.event)).c_str(),
              static_cast<unsigned long long>(what.ledger_index), what.who.id.value);
}

bool stands_in_clear(const char* file, const char* word) {
  std::FILE* from = std::fopen(file, "rb");
  if (from == nullptr) std::exit(1);
  std::string all;
  std::array<char, 4096> part{};
  for (std::size_t size = 0; (size = std::fread(part.data(), 1, part.size(), from)) > 0;) {
    all.append(part.data(), size);
  }
  std::fclose(from);
  return all.find(word) != std::string::npos;
}

void work(session& in, table& rows) {
  rows.run("INSERT INTO customer (id, since) VALUES (17, '2019-06-01')");
  const customer who = need(
      record_from_json(R"({"external_ids": [{"system": "shop", "value": "17"}]})", in.fields()));
  need(in.put(who, {.purposes = {order}}));
  seal(in, rows, 17, R"({"name": {"given": "Ken", "family": "Quandt"}})", "name");
  seal(in, rows, 17, R"({"phones": [{"number": "+49 30 1234567"}]})", "phone");
  seal(in, rows, 17,
       R"({"addresses": [{"line1": "Elm Street 1", "city": "Bonn", "country": "DE"}]})", "address");

  const customer_id ken = known_as(in, 17);
  const cells row = row_of(rows, 17);
  tell("for an order", need(in.read_columns(ken, order, row.columns())));
  tell("for a newsletter", need(in.read_columns(ken, purpose::email_marketing, row.columns())));

  recipient_party parcels;
  parcels.name = short_text<64>("parcel-co");
  parcels.party_class = recipient::parcel_service;
  parcels.country = {'D', 'E'};
  parcels.contract = short_text<32>("PC-1");
  parcels.onward = onward_rule::forbidden;
  const recipient_id to = need(in.add_recipient(parcels));
  const std::array shipped{row.columns()[0], row.columns()[2]};
  const disclosure left = need(
      in.disclose_columns(ken, {.purpose = purpose::delivery_of_goods, .recipient = to}, shipped));
  tell("to the parcel service", left.content);

  need(in.erase(ken, erasure_reason::subject_request));
  const auto gone = in.read_columns(ken, order, row.columns());
  std::printf("after the erasure: %s\n", gone ? "still there" : gone.error().text.c_str());
}

}  // namespace

int main() {
  std::filesystem::create_directory("keys");
  std::filesystem::permissions("keys", std::filesystem::perms::owner_all);
  {
    table rows("shop.sqlite");
    const book beside =
        need(create_book("consent.book", key_place(std::string_view("keys/shop.key")),
                         {.profile = gdpr_profile().id}, {.on_event = {write_down}}));
    session in = need(beside.begin_session({.id = actor_id(7), .role = actor_role::owner}));
    work(in, rows);
  }
  std::printf("in the table in clear: %s\n",
              stands_in_clear("shop.sqlite", "Quandt") ? "yes" : "nothing");
}
