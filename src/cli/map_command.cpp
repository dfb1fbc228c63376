// map: proposes a column map for a shop's own files
#include <clientbook/exchange/map_proposal.hpp>

#include <boost/json/parse.hpp>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "printed_json.hpp"
#include "program.hpp"
#include "told_columns.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

struct map_options {
  std::vector<std::string> files;
  std::string to, system, region, encoding;
};

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + (slash == 0 ? 1 : 0));
}

const char* name_of(text_encoding encoding) {
  switch (encoding) {
    case text_encoding::utf8:
      return "UTF-8";
    case text_encoding::utf16le:
    case text_encoding::utf16be:
      return "UTF-16";
    case text_encoding::windows_1252:
      return "Windows-1252";
    case text_encoding::latin1:
      return "ISO 8859-1";
    case text_encoding::windows_1250:
      return "Windows-1250";
    case text_encoding::windows_1254:
      return "Windows-1254";
    case text_encoding::windows_1257:
      return "Windows-1257";
    case text_encoding::mac_roman:
      return "Mac Roman";
  }
  return "";
}

std::string name_of_delimiter(char delimiter) {
  return delimiter == '\t' ? "tab" : std::string(1, delimiter);
}

std::string in_words(const map_proposal& proposal) {
  std::string out;
  for (const map_proposal::file& each : proposal.files) {
    out += each.name + ": " + (each.about.empty() ? "of no program that is known" : each.about);
    out += "\n  " + std::to_string(each.rows) + " rows, " + name_of(each.dialect.encoding);
    out += ", cells parted by " + name_of_delimiter(each.dialect.delimiter);
    out += each.used ? "\n" : "; not in the map\n";
  }
  if (!proposal.unsure.empty()) out += "not sure:\n";
  for (const map_proposal::doubt& each : proposal.unsure) {
    out += "  " + proposal.files[each.file].name + (each.column.empty() ? "" : ", " + each.column);
    out += "\n    " + each.why + "\n";
  }
  for (const map_proposal::file& each : proposal.files) out += line_of_not_kept(each);
  return out;
}

void map(program& in, const map_options& what) {
  const auto today = std::chrono::year_month_day(
      std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
  std::size_t file = 0;
  for (const std::string& each : what.files) {
    if (folder_of(each) == folder_of(what.files.front())) continue;
    fail({errc::invalid_argument, "the files of one map lie in one folder"}, "FILES");
  }
  const auto proposal = propose_column_map(what.files,
                                           {.system = what.system,
                                            .region = what.region,
                                            .encoding = what.encoding,
                                            .year = static_cast<int>(today.year())},
                                           &file);
  if (!proposal) {
    const error& why = proposal.error();
    fail({why.code, why.text}, place_in(what.files[file], why));
  }
  if (!what.to.empty()) write_new_file(what.to, proposal->map, "the map");
  in.answer(json::parse(to_json(*proposal)).as_object(), [&] {
    // The map alone goes to standard output, so that `> map.json` keeps it.
    const std::string told = in_words(*proposal);
    if (what.to.empty()) {
      std::fputs(fitted(told).c_str(), stderr);
      std::printf("%s", proposal->map.c_str());
      return;
    }
    std::printf("%swritten: %s\nnext: clientbook import BOOK --map %s --from %s\n", told.c_str(),
                what.to.c_str(), what.to.c_str(), folder_of(what.files.front()).c_str());
  });
}

}  // namespace

void add_map_command(command app, program& in) {
  auto command = app.add_command(
      "map",
      "Propose a column map for CSV files: exports of shops and mailing programs, spreadsheets");
  auto what = std::make_shared<map_options>();
  command.add_option("FILES", what->files, "The files, the customers' first").required();
  command.add_option("-o,--output", what->to, "Write the map to this file; default: print it");
  command.add_option("--system", what->system,
                     "Whose ids the file has; default: the program it comes from, else shop");
  command.add_option("--region", what->region,
                     "Country of the shop, two capitals: its phones and dates");
  command.add_option("--encoding", what->encoding,
                     "How letters are written, as the map says it: windows-1250, macintosh ...; "
                     "default: as the file tells");
  command.callback([&in, what] { map(in, *what); });
}

}  // namespace clientbook::cli
