// Reads a column map: which column of which file becomes which member of a customer.
//
// All that can be wrong with a map is found here, with a JSON pointer to the place, before a row is
// read; afterwards loading looks at cells alone. Relies on targets.cpp for what a column may fill.
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/exchange/json.hpp>
#include "import_plan.hpp"
#include "map_forms.hpp"
#include "table_facts.hpp"

#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <set>
#include <tuple>
#include <utility>

namespace clientbook {
namespace {

namespace json = boost::json;
using namespace exchange;

constexpr std::string_view format_name = "clientbook column map 1";

std::string_view view(json::string_view text) { return {text.data(), text.size()}; }

// Walks the document; `path_` is the JSON pointer to where it stands when it fails.
class map_reader {
 public:
  explicit map_reader(column_map::state& to) : to_(to) {}
  result<void> read(const json::value& document);
  std::string path() const { return path_; }

 private:
  // Steps into a member; the pointer keeps standing there on failure.
  template <class Read>
  result<void> at(std::string_view name, Read&& read) {
    const std::size_t size = path_.size();
    path_ += '/';
    for (const char c : name) {
      if (c == '~') {
        path_ += "~0";
      } else if (c == '/') {
        path_ += "~1";
      } else {
        path_ += c;
      }
    }
    const result<void> done = read();
    if (done) path_.resize(size);
    return done;
  }
  template <class Read>
  result<void> members(const json::value& from, Read&& read) {
    const json::object* const object = from.if_object();
    if (object == nullptr) return error{errc::wrong_type, "want an object here"};
    for (const auto& member : *object) {
      const auto done =
          at(view(member.key()), [&] { return read(view(member.key()), member.value()); });
      if (!done) return done;
    }
    return {};
  }
  template <class Read>
  result<void> elements(const json::value& from, Read&& read) {
    const json::array* const array = from.if_array();
    if (array == nullptr) return error{errc::wrong_type, "want a list here"};
    for (std::size_t i = 0; i < array->size(); ++i) {
      const auto done = at(std::to_string(i), [&] { return read((*array)[i]); });
      if (!done) return done;
    }
    return {};
  }
  result<void> text(const json::value& from, std::string_view& to) {
    const json::string* const string = from.if_string();
    if (string == nullptr) return error{errc::wrong_type, "want a text here"};
    if (string->empty()) return error{errc::invalid_value, "an empty text means nothing here"};
    to = to_.texts.keep({string->data(), string->size()});
    return {};
  }
  result<void> texts(const json::value& from, std::vector<std::string_view>& to) {
    return elements(from, [&](const json::value& each) { return text(each, to.emplace_back()); });
  }
  static error unknown() { return {errc::unknown_field, "a column map has no such member"}; }

  // Targets filled by one file: none twice.
  using taken = std::set<std::pair<const target*, std::size_t>>;

  result<void> file(const json::value& from);
  result<void> file_name(const json::value& from, std::size_t& number);
  result<void> place(std::string_view name, target_place& to);
  result<void> format(const json::value& from, file_form& to);
  result<void> ids(const json::value& from, std::vector<id_columns>& to);
  result<void> column(const json::value& from, column_plan& to);
  result<void> column_form(std::string_view member, const json::value& from, column_plan& to);
  result<void> all_of_column(std::string_view kept, const json::value& from, file_plan& plan,
                             taken& once);
  result<void> columns(const json::value& from, std::vector<column_plan>& to, taken& once);
  result<void> own_columns(const json::value& from, file_plan& to, taken& once);
  result<void> words(std::string_view member, const json::value& from, file_plan& to);
  result<void> constants(const json::value& from, file_plan& to, taken& once);
  result<void> join(const json::value& from, file_plan& to, taken& once);
  result<void> rule(const json::value& from, rule_plan& to);
  result<void> marks(const json::value& from, std::vector<undone_plan>& to);
  result<void> directive(const json::value& from, rule_directive& to);

  column_map::state& to_;
  std::string path_;
};

result<void> map_reader::file_name(const json::value& from, std::size_t& number) {
  std::string_view name;
  if (const auto done = text(from, name); !done) return done;
  number = to_.names.size();
  to_.names.emplace_back(name);
  return {};
}

result<void> map_reader::place(std::string_view name, target_place& to) {
  const auto found = find_target(name);
  if (!found) return error{errc::unknown_field, "a customer's record has no such part"};
  to = *found;
  return {};
}

// What only files that are read as they were found can say of a column.
result<void> map_reader::column_form(std::string_view member, const json::value& from,
                                     column_plan& to) {
  if (member == "fill") {
    if (!from.is_bool()) return error{errc::wrong_type, "want true or false"};
    to.fill = from.get_bool();
    return {};
  }
  std::string_view word;
  if (const auto read = text(from, word); !read) return read;
  if (member == "split") {
    to.split = word;
    return {};
  }
  if (member == "alone") {
    if (word != "given" && word != "family") {
      return error{errc::invalid_value, "want given or family"};
    }
    to.alone_is_family = word == "family";
    return {};
  }
  if (member == "decimals") {
    if (word != "as_one") return error{errc::invalid_value, "want as_one"};
    to.parts_as_one = true;
    return {};
  }
  const auto form = find_date_form(word);
  if (!form) {
    return error{errc::invalid_value,
                 "want a form such as dd.mm.yyyy, mm/dd/yyyy, yyyy-mm-dd, excel, month"};
  }
  to.dates = *form;
  to.has_dates = true;
  return {};
}

result<void> map_reader::column(const json::value& from, column_plan& to) {
  std::string_view name;
  if (from.is_string()) {
    if (const auto done = text(from, name); !done) return done;
    return place(name, to.to);
  }
  const auto done =
      members(from, [&](std::string_view member, const json::value& value) -> result<void> {
        if (member == "to") {
          if (const auto read = text(value, name); !read) return read;
          return place(name, to.to);
        }
        if (member == "values") {
          return members(value, [&](std::string_view given, const json::value& becomes) {
            std::string_view& to_text = to.values[to_.texts.keep(given)];
            // Nothing: the value says nothing.
            if (becomes.is_string() && becomes.get_string().empty()) return result<void>();
            return text(becomes, to_text);
          });
        }
        if (member == "dates" || member == "split" || member == "alone" || member == "fill" ||
            member == "decimals") {
          return column_form(member, value, to);
        }
        if (member == "otherwise" || member == "round") {
          std::string_view word;
          if (const auto read = text(value, word); !read) return read;
          if (member == "round") {
            if (word != "half_up") return error{errc::invalid_value, "want half_up"};
            to.round = rounding::half_up;
            return {};
          }
          if (word == "keep") {
            to.other = otherwise::keep;
          } else if (word == "drop") {
            to.other = otherwise::drop;
          } else {
            return error{errc::invalid_value, "want keep or drop"};
          }
          return {};
        }
        return unknown();
      });
  if (!done) return done;
  if (to.to.what == nullptr) return error{errc::missing_field, "a column needs a target: \"to\""};
  return {};
}

result<void> map_reader::columns(const json::value& from, std::vector<column_plan>& to,
                                 taken& once) {
  return members(from, [&](std::string_view name, const json::value& value) -> result<void> {
    column_plan& plan = to.emplace_back();
    plan.name = to_.texts.keep(name);
    if (const auto done = column(value, plan); !done) return done;
    plan.kind = kind_of(plan.to.what->name);
    if (!once.emplace(plan.to.what, plan.to.slot).second) {
      return error{errc::already_exists, "two columns have one target"};
    }
    return {};
  });
}

// One of the targets of a column; `external_id` is none of a record's.
result<void> map_reader::all_of_column(std::string_view kept, const json::value& from,
                                       file_plan& plan, taken& once) {
  if (from.is_string() && view(from.get_string()) == "external_id") {
    if (!plan.ids.empty() && !plan.form.as_found) {
      return error{errc::already_exists, "two columns are the external id"};
    }
    plan.ids.push_back({kept});
    return {};
  }
  column_plan& each = plan.columns.emplace_back();
  each.name = kept;
  each.dates = plan.form.dates;
  if (const auto done = column(from, each); !done) return done;
  each.kind = kind_of(each.to.what->name);
  if (!once.emplace(each.to.what, each.to.slot).second) {
    return error{errc::already_exists, "two columns have one target"};
  }
  return {};
}

result<void> map_reader::own_columns(const json::value& from, file_plan& to, taken& once) {
  return members(from, [&](std::string_view name, const json::value& value) -> result<void> {
    const std::string_view kept = to_.texts.keep(name);
    if (!value.is_array()) return all_of_column(kept, value, to, once);
    return elements(value,
                    [&](const json::value& each) { return all_of_column(kept, each, to, once); });
  });
}

result<void> map_reader::format(const json::value& from, file_form& to) {
  to.as_found = true;
  to.dialect.rules = csv_dialect::strictness::as_found;
  return members(from, [&](std::string_view member, const json::value& value) -> result<void> {
    if (member == "nothing") return texts(value, to.nothing);
    if (value.is_int64()) return set_form(to, member, value.get_int64());
    std::string_view word;
    if (const auto read = text(value, word); !read) return read;
    return set_form(to, member, word);
  });
}

// `["mail", "phone"]`: the first that a row has; a list within is columns together.
result<void> map_reader::ids(const json::value& from, std::vector<id_columns>& to) {
  return elements(from, [&](const json::value& each) -> result<void> {
    id_columns& columns = to.emplace_back();
    if (each.is_array()) {
      if (each.get_array().empty()) return error{errc::invalid_value, "an id of no column"};
      return texts(each, columns);
    }
    return text(each, columns.emplace_back());
  });
}

result<void> map_reader::constants(const json::value& from, file_plan& to, taken& once) {
  return members(from, [&](std::string_view name, const json::value& value) -> result<void> {
    constant_plan plan;
    if (const auto done = place(name, plan.to); !done) return done;
    if (const auto done = text(value, plan.text); !done) return done;
    // A cell may overrule a constant of a field, but the constants of a list's element come
    // after its cells.
    if (plan.to.is_list && !once.emplace(plan.to.what, plan.to.slot).second) {
      return error{errc::already_exists, "a column and a constant have one target"};
    }
    (plan.to.is_list ? to.behind : to.before).push_back(plan);
    return {};
  });
}

result<void> map_reader::join(const json::value& from, file_plan& to, taken& once) {
  join_plan& plan = to.joins.emplace_back();
  bool named = false;
  const auto done =
      members(from, [&](std::string_view member, const json::value& value) -> result<void> {
        if (member == "column") return text(value, plan.column);
        if (member == "key") return text(value, plan.key);
        if (member == "ignore") return texts(value, plan.ignored);
        if (member == "columns") return columns(value, plan.columns, once);
        if (member == "file") {
          named = true;
          return file_name(value, plan.file);
        }
        return unknown();
      });
  if (!done) return done;
  if (plan.column.empty() || plan.key.empty() || !named) {
    return error{errc::missing_field, "a join needs a column, a file and its key"};
  }
  return {};
}

result<void> map_reader::directive(const json::value& from, rule_directive& made) {
  import_consent& to = made.said;
  std::set<std::string> seen;
  const auto done =
      members(from, [&](std::string_view member, const json::value& value) -> result<void> {
        if (member == "given_at_column") return text(value, made.at_column);
        if (member == "contact_column") return text(value, made.contact_column);
        const auto found = find_target("consents[]." + std::string(member));
        if (!found) return unknown();
        lanes scratch;
        const auto store = [&](std::string_view words) -> result<void> {
          scratch.consents.stage[0] = to;
          const auto set = found->what->set(scratch, 0, {words, rounding::refuse, &to_.texts});
          if (!set) return set;
          to = scratch.consents.stage[0];
          return {};
        };
        if (const json::array* const list = value.if_array()) {
          std::string joined;
          std::vector<std::string_view> names;
          if (const auto read = texts(value, names); !read) return read;
          for (const std::string_view name : names) {
            if (name.find(';') != std::string_view::npos) {
              return error{errc::invalid_value, "a name without semicolon"};
            }
            joined += (joined.empty() ? "" : ";") + std::string(name);
          }
          if (list->empty()) return error{errc::invalid_value, "an empty list means nothing here"};
          if (member != "purposes" && member != "recipients" && member != "categories") {
            return error{errc::wrong_type, "want a text here"};
          }
          return store(to_.texts.keep(joined));
        }
        std::string_view word;
        if (const auto read = text(value, word); !read) return read;
        return store(word);
      });
  if (!done) return done;
  const bool about = to.kind == "move" ? !to.law.empty() : !to.purposes.empty();
  if (to.kind.empty() || !about) {
    return error{errc::missing_field, "a directive needs a kind and purposes, a move its law"};
  }
  if (to.kind != "move" && !(to.law.empty() && to.state.empty())) {
    return error{errc::unknown_field, "only a move says where somebody lives"};
  }
  return {};
}

// The value of a rule whose directives a no in other words has too: what `no` says, else the one
// that takes most away.
std::string_view value_of_no(const rule_plan& rule) {
  std::string_view out;
  std::size_t most = 0;
  bool plain = false;  // Of the value found so far: a rule of `no` comes before all others.
  for (const auto& [value, directives] : rule.directives) {
    std::size_t purposes = 0;
    bool closes = !directives.empty();
    for (const rule_directive& each : directives) {
      closes = closes && restricts(each.said.kind);
      purposes += each.said.purposes.size();
    }
    if (!closes) continue;
    const bool is_plain = is_plain_no(folded_words(value));
    const bool better = is_plain != plain ? is_plain : purposes > most;
    if (!better) continue;
    most = purposes;
    plain = is_plain;
    out = value;
  }
  return out;
}

result<void> map_reader::rule(const json::value& from, rule_plan& to) {
  const auto done = members(from, [&](std::string_view given, const json::value& list) {
    to.any = to.any || given == "*";
    auto& directives = to.directives[to_.texts.keep(given)];
    return elements(
        list, [&](const json::value& each) { return directive(each, directives.emplace_back()); });
  });
  if (done) to.no = value_of_no(to);
  return done;
}

// Members of a file whose value is one word.
result<void> map_reader::words(std::string_view member, const json::value& from, file_plan& to) {
  std::string_view word;
  if (const auto read = text(from, word); !read) return read;
  if (member == "repeated") {
    if (word != "merge" && word != "refuse") {
      return error{errc::invalid_value, "want merge or refuse"};
    }
    to.merge = word == "merge";
    return {};
  }
  if (member == "rows") {
    if (word != "not_reached") return error{errc::invalid_value, "want not_reached"};
    to.not_reached = true;
    return {};
  }
  if (word != "leave_out" && word != "refuse") {
    return error{errc::invalid_value, "want leave_out or refuse"};
  }
  to.leave_out_unknown = word == "leave_out";
  return {};
}

namespace {

// What whoever proposed the map had no place for: in the list of doubts stands a file beside
// columns.
std::size_t files_left_out(const json::value& file, const json::value& unsure) {
  if (!file.is_object() || !unsure.is_object()) return 0;
  const auto names_column = [&](std::string_view key) {
    const auto boost_key = boost::json::string_view(key.data(), key.size());
    for (const char* part : {"columns", "consent", "no_purchase", "left_out"}) {
      const json::value* all = file.get_object().if_contains(part);
      if (all != nullptr && all->is_object() && all->get_object().contains(boost_key)) return true;
    }
    const json::value* ignored = file.get_object().if_contains("ignore");
    if (ignored == nullptr || !ignored->is_array()) return false;
    return std::ranges::any_of(ignored->get_array(), [&](const json::value& each) {
      return each.is_string() && each.get_string() == boost_key;
    });
  };
  return static_cast<std::size_t>(std::ranges::count_if(unsure.get_object(), [&](const auto& each) {
    return !names_column(std::string_view(each.key().data(), each.key().size()));
  }));
}

}  // namespace

// `{"Cancelled at": ["*"], "Status": ["voided"]}`.
result<void> map_reader::marks(const json::value& from, std::vector<undone_plan>& to) {
  return members(from, [&](std::string_view column, const json::value& value) -> result<void> {
    undone_plan& plan = to.emplace_back();
    plan.column = to_.texts.keep(column);
    if (const auto read = texts(value, plan.values); !read) return read;
    if (plan.values.empty()) return error{errc::invalid_value, "an empty list means nothing here"};
    plan.any = std::ranges::find(plan.values, "*") != plan.values.end();
    return {};
  });
}

namespace {

result<void> check(const file_plan& plan) {
  for (const column_plan& each : plan.columns) {
    const bool form = each.fill || each.alone_is_family || !each.split.empty() || each.has_dates;
    if (each.dates.month && each.has_dates && each.to.what->name != "special_days[].day") {
      return error{errc::invalid_value,
                   "a month alone is no birth date and no day of a sale: map it to a special day"};
    }
    if (form && !plan.form.as_found) {
      return error{errc::missing_field, "how the file is written is not said: \"format\""};
    }
  }
  if (plan.ids.empty()) {
    return error{errc::missing_field, "no column of the file is mapped to external_id"};
  }
  return {};
}

}  // namespace

result<void> map_reader::file(const json::value& from) {
  const bool customers = to_.files.empty();
  file_plan plan;
  taken once;
  bool named = false;
  const json::object* const object = from.if_object();
  // The customers file is the first of the files, whatever the order of members.
  if (object != nullptr && object->contains("file")) {
    named = true;
    const auto done = at("file", [&] { return file_name(object->at("file"), plan.file); });
    if (!done) return done;
  }
  // How the file is written comes before its columns, for what they may say.
  if (object != nullptr && object->contains("format")) {
    const auto done = at("format", [&] { return format(object->at("format"), plan.form); });
    if (!done) return done;
  }
  const auto done =
      members(from, [&](std::string_view member, const json::value& value) -> result<void> {
        if (member == "unsure") to_.left_out += files_left_out(from, value);
        if (member == "file" || member == "format" || member == "unsure" || member == "about") {
          return {};
        }
        if (member == "columns") return own_columns(value, plan, once);
        if (member == "id") return ids(value, plan.ids);
        if ((member == "repeated" && customers) || (member == "unknown" && !customers) ||
            member == "rows") {
          return words(member, value, plan);
        }
        if (member == "ignore") return texts(value, plan.ignored);
        if (member == "join") {
          return elements(value, [&](const json::value& each) { return join(each, plan, once); });
        }
        if (member == "consent") {
          return members(value, [&](std::string_view column, const json::value& rules) {
            plan.rules.emplace_back().column = to_.texts.keep(column);
            return rule(rules, plan.rules.back());
          });
        }
        if (member == "no_purchase") return marks(value, plan.undone);
        if (member == "left_out") return marks(value, plan.left_out);
        if (member == "constants") return {};  // Read when all columns are known.
        if ((member == "optional" && !customers) || member == "guarded") {
          if (!value.is_bool()) return error{errc::wrong_type, "want true or false"};
          (member == "guarded" ? plan.guarded : plan.optional) = value.get_bool();
          return {};
        }
        return unknown();
      });
  if (!done) return done;
  if (!named) return error{errc::missing_field, "a file has no name: \"file\""};
  if (const auto good = check(plan); !good) return good;
  if (object->contains("constants")) {
    const auto read =
        at("constants", [&] { return constants(object->at("constants"), plan, once); });
    if (!read) return read;
  }
  to_.files.push_back(std::move(plan));
  return {};
}

result<void> map_reader::read(const json::value& document) {
  const json::object* const object = document.if_object();
  if (object == nullptr) return error{errc::wrong_type, "a column map is a JSON object"};
  const json::value* const format = object->if_contains("format");
  if (format == nullptr || !format->is_string() || view(format->get_string()) != format_name) {
    path_ = "/format";
    return error{errc::invalid_value, "want \"format\": \"clientbook column map 1\""};
  }
  const json::value* const customers = object->if_contains("customers");
  if (customers == nullptr) return error{errc::missing_field, "no \"customers\" file in the map"};
  if (const auto done = at("customers", [&] { return file(*customers); }); !done) return done;
  return members(document, [&](std::string_view member, const json::value& value) -> result<void> {
    if (member == "format" || member == "customers") return {};
    if (member == "system") return text(value, to_.system);
    if (member == "ids") {
      std::string_view word;
      if (const auto read = text(value, word); !read) return read;
      if (word != "of the files") return error{errc::invalid_value, "want \"of the files\""};
      to_.ids_link_files = true;
      return {};
    }
    if (member == "about") return {};
    if (member == "details") {
      return elements(value, [&](const json::value& each) { return file(each); });
    }
    return unknown();
  });
}

}  // namespace

column_map::column_map(std::shared_ptr<const state> owned) noexcept : state_(std::move(owned)) {}
column_map::column_map(column_map&&) noexcept = default;
column_map& column_map::operator=(column_map&&) noexcept = default;
column_map::~column_map() = default;

column_map column_map::of_system(std::string_view system) const {
  column_map out(state_);
  out.system_ = std::string(system);
  return out;
}
std::string_view column_map::system() const noexcept {
  return system_ ? std::string_view(*system_) : state_->system;
}
bool column_map::tells_of_consent() const noexcept {
  return std::any_of(state_->files.begin(), state_->files.end(), [](const file_plan& file) {
    const auto of_consent = [](const column_plan& one) {
      return one.to.what->name.starts_with("consents[]");
    };
    return !file.rules.empty() || std::any_of(file.columns.begin(), file.columns.end(), of_consent);
  });
}
bool column_map::ids_link_files() const noexcept { return state_->ids_link_files; }
std::span<const std::string> column_map::files() const noexcept { return state_->names; }

std::size_t column_map::files_left_out() const noexcept { return state_->left_out; }

result<column_map> column_map::parse(std::string_view text, std::string* where) try {
  if (where != nullptr) where->clear();
  if (text.size() > largest_map) {
    return error{errc::limit_exceeded, "a column map above 1 MiB"};
  }
  const auto document = read_json(text);
  if (!document) return document.error();
  auto fresh = std::make_shared<state>();
  map_reader reader(*fresh);
  if (const auto done = reader.read(*document); !done) {
    if (where != nullptr) *where = reader.path();
    return done.error();
  }
  return column_map(std::move(fresh));
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<column_map> column_map::open(const std::string& path, std::string* where) try {
  if (where != nullptr) where->clear();
  auto source = open_file_source(path);
  if (!source) return source.error();
  std::string text(largest_map + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const auto count = (*source)->read(std::span(text).subspan(size));
    if (!count) return count.error();
    if (*count == 0) break;
    size += *count;
  }
  text.resize(size);
  return parse(text, where);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
