// Files of hashes: what comes in, strictly, and what goes back.
#include <clientbook/internal/base/base64.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/rights/answer_hash_list.hpp>

#include <algorithm>
#include <cstring>

namespace clientbook {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::size_t hash_characters = 44;

error broken(literal what, std::size_t line) noexcept {
  return {errc::invalid_encoding, what, line};
}

// Up to the next line end, which goes too.
std::string_view next_line(std::string_view& rest) noexcept {
  const std::size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

std::string_view without_quotes(std::string_view cell) noexcept {
  if (cell.size() < 2 || cell.front() != '"' || cell.back() != '"') return cell;
  return cell.substr(1, cell.size() - 2);
}

bool is_id(std::string_view cell) noexcept {
  return cell.size() == std::tuple_size_v<work_item_id> && std::ranges::all_of(cell, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
         });
}

// A second row of an id: the place of the later one, or none.
std::optional<std::size_t> repeated_id(const hash_list& list) {
  std::vector<std::uint32_t> order(list.ids.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint32_t>(i);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return list.ids[a] != list.ids[b] ? list.ids[a] < list.ids[b] : a < b;
  });
  std::optional<std::size_t> out;
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (list.ids[order[i - 1]] != list.ids[order[i]]) continue;
    out = out ? std::min<std::size_t>(*out, order[i]) : order[i];
  }
  return out;
}

result<void> read_row(std::string_view line, std::size_t number, hash_list& to) {
  const std::size_t comma = line.find(',');
  if (comma == line.npos || line.find(',', comma + 1) != line.npos) {
    return broken("a row of a list of hashes has two cells: an id and a hash", number);
  }
  const std::string_view id = without_quotes(line.substr(0, comma));
  const std::string_view hash = without_quotes(line.substr(comma + 1));
  if (!is_id(id)) {
    return broken("the id of a row is 12 letters and digits", number);
  }
  if (hash.size() != hash_characters || !is_base64(hash) ||
      base64_decoded_size(hash) != std::tuple_size_v<list_hash>) {
    return broken("the hash of a row is 44 characters of Base64", number);
  }
  std::copy(id.begin(), id.end(), to.ids.emplace_back().begin());
  decode_base64(hash, byte_span(to.hashes.emplace_back()));
  return {};
}

}  // namespace

result<hash_list> read_hash_list(std::string_view csv, hash_list_kind kind) try {
  hash_list out{.kind = kind};
  if (csv.starts_with(byte_order_mark)) csv.remove_prefix(byte_order_mark.size());
  const std::string_view header = next_line(csv);
  if (header == "ID,Hash,ListType") {
    return error{errc::unsupported, "a file of removed identifiers asks for nothing", 1};
  }
  if (header != "ID,Hash" && header != "\"ID\",\"Hash\"") {
    return broken("a list of hashes begins with the line ID,Hash", 1);
  }
  const auto rows = static_cast<std::size_t>(std::count(csv.begin(), csv.end(), '\n')) + 1;
  if (rows > max_listed_hashes) {
    return error{errc::limit_exceeded, "more rows than one call takes: take them in parts",
                 max_listed_hashes};
  }
  out.ids.reserve(rows);
  out.hashes.reserve(rows);
  for (std::size_t number = 2; !csv.empty(); ++number) {
    const std::string_view line = next_line(csv);
    if (line.empty() && csv.empty()) break;
    if (auto read = read_row(line, number, out); !read) return read.error();
  }
  if (const auto again = repeated_id(out)) {
    return error{errc::already_exists, "the id of a row stands in an earlier row", *again + 2};
  }
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<hash_list_kind> kind_of_hash_list(std::string_view file_name) {
  const std::size_t folder = file_name.find_last_of('/');
  if (folder != file_name.npos) file_name.remove_prefix(folder + 1);
  if (file_name.ends_with(".csv")) file_name.remove_suffix(4);
  // Day, broker, kind, and perhaps which part it is.
  std::array<std::string_view, 4> parts;
  bool removed = false;
  std::size_t count = 0;
  for (bool more = true; more; ++count) {
    const std::size_t end = file_name.find('_');
    const std::string_view part = file_name.substr(0, end);
    if (count < parts.size()) parts[count] = part;
    removed = removed || part == "Removed";
    more = end != file_name.npos;
    if (more) file_name.remove_prefix(end + 1);
  }
  const bool is_whole = count <= 3 || (count == 4 && parts[3].starts_with("part"));
  const std::string_view kind = removed ? "Removed" : is_whole ? parts[2] : std::string_view();
  if (kind == "Email") return hash_list_kind::email;
  if (kind == "Phone") return hash_list_kind::phone;
  if (kind == "NDZ") return hash_list_kind::name_birth_zip;
  if (kind == "MAID" || kind == "NameVIN" || kind == "CTVID" || kind == "Removed") {
    return error{errc::unsupported,
                 "a book holds nothing that a list of this kind is of, or it asks for nothing"};
  }
  return error{errc::unknown_field, "the file's name does not say what its hashes are of: say it"};
}

wiped_text statuses_to_csv(const hash_list& list, std::span<const list_status> statuses) {
  wiped_text out("Id,Status\r\n");
  out.reserve(out.size() + list.ids.size() * 16);
  for (std::size_t i = 0; i < list.ids.size(); ++i) {
    out.append(list.ids[i].data(), list.ids[i].size());
    out += ',';
    out += static_cast<char>('0' + static_cast<int>(statuses[i]));
    out += "\r\n";
  }
  return out;
}

}  // namespace clientbook
