// Map proposals as JSON, in and out, for languages that call through C.
#include <clientbook/exchange/map_proposal.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/exchange/json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace clientbook {

using exchange::read_json;

namespace {

namespace json = boost::json;

std::string_view view(json::string_view text) { return {text.data(), text.size()}; }

const char* name_of(text_encoding encoding) noexcept {
  switch (encoding) {
    case text_encoding::utf8:
      return "utf-8";
    case text_encoding::utf16le:
      return "utf-16le";
    case text_encoding::utf16be:
      return "utf-16be";
    case text_encoding::windows_1252:
      return "windows-1252";
    case text_encoding::latin1:
      return "iso-8859-1";
    case text_encoding::windows_1250:
      return "windows-1250";
    case text_encoding::windows_1254:
      return "windows-1254";
    case text_encoding::windows_1257:
      return "windows-1257";
    case text_encoding::mac_roman:
      return "macintosh";
  }
  return "";
}

result<void> read(const json::value& from, std::string& to) {
  const json::string* const text = from.if_string();
  if (text == nullptr) return error{errc::wrong_type, "want a text here"};
  to = view(*text);
  return {};
}

struct request_texts {
  std::vector<std::string> files;
  std::string system, region, encoding;
  int year = map_request{}.year;
};

result<void> read_member(std::string_view name, const json::value& value, request_texts& to) {
  if (name == "system") return read(value, to.system);
  if (name == "region") return read(value, to.region);
  if (name == "encoding") return read(value, to.encoding);
  if (name == "year") {
    if (!value.is_int64() || value.get_int64() < 1900 || value.get_int64() > 2200) {
      return error{errc::invalid_value, "want the year that two digits cannot be later than"};
    }
    to.year = static_cast<int>(value.get_int64());
    return {};
  }
  if (name != "files") return error{errc::unknown_field, "the request has no such member"};
  const json::array* const list = value.if_array();
  if (list == nullptr) return error{errc::wrong_type, "want a list of files here"};
  for (const json::value& each : *list) {
    if (const auto done = read(each, to.files.emplace_back()); !done) return done;
  }
  return {};
}

}  // namespace

std::string to_json(const map_proposal& proposal) {
  json::array files;
  for (const map_proposal::file& each : proposal.files) {
    json::array not_kept;
    for (const std::string& column : each.not_kept) not_kept.emplace_back(column);
    files.push_back({{"file", each.name},
                     {"known_as", each.about},
                     {"encoding", name_of(each.dialect.encoding)},
                     {"delimiter", json::string(1, each.dialect.delimiter)},
                     {"rows", each.rows},
                     {"used", each.used},
                     {"not_kept", not_kept}});
  }
  json::array unsure;
  for (const map_proposal::doubt& each : proposal.unsure) {
    unsure.push_back(
        {{"file", proposal.files[each.file].name}, {"column", each.column}, {"why", each.why}});
  }
  return json::serialize(json::object{{"map", proposal.map}, {"files", files}, {"unsure", unsure}});
}

result<std::string> propose_column_map_json(std::string_view request, std::string& where) try {
  where.clear();
  const auto document = read_json(request);
  if (!document) return document.error();
  const json::object* const object = document->if_object();
  if (object == nullptr) return error{errc::wrong_type, "a request is a JSON object"};
  request_texts read;
  for (const auto& member : *object) {
    if (const auto done = read_member(view(member.key()), member.value(), read); !done) {
      where = "/" + std::string(view(member.key()));
      return done.error();
    }
  }
  std::size_t file = 0;
  const auto proposal = propose_column_map(
      read.files,
      {.system = read.system, .region = read.region, .encoding = read.encoding, .year = read.year},
      &file);
  if (!proposal) {
    where = "/files/" + std::to_string(file);
    return proposal.error();
  }
  return to_json(*proposal);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
