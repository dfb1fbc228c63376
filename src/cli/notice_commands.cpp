// notice add | show | withdraw | list
#include <clientbook/exchange/notice_page.hpp>

#include <boost/json/array.hpp>
#include <cstdio>
#include <memory>
#include <vector>

#include "program.hpp"
#include "terms.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

struct notice_options {
  std::string title, file, offer, language = "en";
  std::vector<std::string> purposes, recipients, categories, operations;
  std::uint32_t retention_days = 0;
};

consent_hash hash_of_file(const std::string& file, const char* about) {
  return file.empty() ? consent_hash{} : crypto::hash(as_bytes(content_of(file, about)));
}

void add(program& in, const notice_options& what) {
  const book opened = in.open();
  session writer = in.begin(opened);
  privacy_notice notice;
  if (!notice.title.fits(what.title) || !notice.language.fits(what.language)) {
    fail({errc::limit_exceeded, "a title has at most 64 bytes, a language 16"}, "a notice");
  }
  notice.title = short_text<64>(what.title);
  notice.language = short_text<16>(what.language);
  const recipient_registry registry = *need(writer.recipients(), "reading the registry");
  notice.announced =
      scope_from(what.purposes, what.recipients, what.categories, what.operations, registry);
  notice.registry_version = registry.version();
  notice.jurisdiction = writer.profile()->id;
  notice.retention_days = what.retention_days;
  notice.text = hash_of_file(what.file, "--file");
  notice.offer = hash_of_file(what.offer, "--offer");
  const auto former = need(writer.notices(), "reading the notices");
  if (const privacy_notice* before = latest_titled(what.title, former)) {
    notice.id = before->id;
    notice.version = before->version + 1;
  }
  const consent_preview opens = need(writer.preview_notice(notice), "the preview of the notice");
  const privacy_notice added = need(writer.add_notice(notice), "adding a notice");
  in.answer({{"notice", added.id.value},
             {"title", what.title},
             {"version", added.version},
             {"hash", hex<std::string>(added.hash)},
             {"cells", opens.cells.size()}},
            [&] {
              std::printf("Notice %u: %s, version %u; it announces %zu cells\n", added.id.value,
                          what.title.c_str(), added.version, opens.cells.size());
            });
}

struct show_options {
  std::string title, text, offer, controller, withdrawal, language, html;
};

privacy_notice announced_under(const std::string& title, std::span<const privacy_notice> held) {
  const privacy_notice* found = latest_titled(title, held);
  if (found == nullptr) {
    fail({errc::unknown_notice, "no such notice: see `clientbook notice list`"}, "the title");
  }
  if (is_withdrawal(*found)) {
    fail({errc::unknown_notice, "it was withdrawn, and announces nothing"}, "the title");
  }
  return *found;
}

// The texts lie with the shop; the notice holds their hashes, and only these texts are shown.
std::string text_with_hash(const std::string& file, const consent_hash& expected,
                           const char* about) {
  if (file.empty()) return {};
  std::string text = content_of(file, about);
  if (crypto::hash(as_bytes(text)) != expected) {
    fail({errc::invalid_value, "this is not the text that the notice was made with"}, about);
  }
  return text;
}

// On a terminal a place is left for what was not given; a page for customers is whole.
std::string_view shown(const std::string& text, const consent_hash& expected, bool page,
                       const char* placeholder) {
  const bool missing = text.empty() && expected != consent_hash{};
  return missing && !page ? std::string_view(placeholder) : std::string_view(text);
}

void show(program& in, const show_options& what) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const auto held = need(reader.notices(), "reading the notices");
  const privacy_notice notice = announced_under(what.title, held);
  const std::string text = text_with_hash(what.text, notice.text, "--text");
  const std::string offer = text_with_hash(what.offer, notice.offer, "--offer");
  const bool page = !what.html.empty();
  const consent_preview opens = need(reader.preview_notice(notice), "the preview of the notice");
  const recipient_registry registry = *need(reader.recipients(), "reading the registry");
  const notice_content content{
      .notice = notice,
      .cells = opens.cells,
      .registry = &registry,
      .fields = &reader.fields(),
      .controller = what.controller,
      .text = shown(text, notice.text, page, "(the shop's own words: --text FILE)"),
      .offer =
          shown(offer, notice.offer, page, "(an offer, which is not shown here: --offer FILE)"),
      .withdrawal = what.withdrawal};
  const language speech =
      language_of(what.language.empty() ? notice.language.view() : what.language);
  // What opens today is no longer what was shown then, if the registry or the profile has changed.
  const bool as_shown = opens.hash == notice.cells;
  if (page) {
    write_new_file(what.html, need(notice_html(content, speech), "the page"), "--html");
  }
  in.answer({{"notice", notice.id.value},
             {"title", notice.title.view()},
             {"version", notice.version},
             {"hash", hex<std::string>(notice.hash)},
             {"cells", opens.cells.size()},
             {"cells_as_shown", as_shown},
             {"text", need(notice_text(content, speech), "the notice")}},
            [&] {
              if (!page)
                std::fputs(need(notice_text(content, speech), "the notice").c_str(), stdout);
              if (!as_shown) {
                std::fprintf(stderr,
                             "note: registry or profile have changed; a new version of the notice "
                             "is needed to announce what is listed here\n");
              }
            });
}

std::string in_words(const customer_count& of) {
  if (of.few) return "some, and fewer than " + std::to_string(customer_count::least_told);
  return std::to_string(of.customers);
}

void tell_what_rests_on(program& in, session& reader, const privacy_notice& notice) {
  const customer_count rest = need(reader.consents_under(notice.id), "counting consents");
  const json::value customers = rest.few ? json::value(nullptr) : json::value(rest.customers);
  const std::string title(notice.title.view());
  in.answer({{"notice", notice.id.value},
             {"title", title},
             {"customers", customers},
             {"few", rest.few},
             {"withdrawn", false}},
            [&] {
              std::printf(
                  "Notice %u: %s is not withdrawn. A withdrawal would end consents of so many "
                  "customers: %s. None of them comes back: of those who agree anew, each agrees to "
                  "a further version.\n",
                  notice.id.value, title.c_str(), in_words(rest).c_str());
            });
}

void withdraw(program& in, const std::string& title, bool only_tell) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const auto held = need(writer.notices(), "reading the notices");
  const privacy_notice* found = latest_titled(title, held);
  if (found == nullptr) {
    fail({errc::unknown_notice, "no such notice: see `clientbook notice list`"}, "the title");
  }
  if (only_tell) {
    if (is_withdrawal(*found)) {
      fail({errc::already_exists, "the notice is withdrawn already"}, "the title");
    }
    return tell_what_rests_on(in, writer, *found);
  }
  const privacy_notice end = need(writer.withdraw_notice(found->id), "withdrawing a notice");
  in.answer({{"notice", end.id.value}, {"title", title}, {"version", end.version}}, [&] {
    std::printf(
        "Notice %u: %s, withdrawn with version %u. From now on what was agreed to under it "
        "counts no more; `clientbook consent compile` puts that into every state. "
        "`clientbook notice add` makes its next version, for those who agree anew.\n",
        end.id.value, title.c_str(), end.version);
  });
}

void list(program& in) {
  const book opened = in.open();
  session reader = in.begin(opened);
  json::array all;
  for (const privacy_notice& one : need(reader.notices(), "reading the notices")) {
    all.push_back({{"notice", one.id.value},
                   {"title", one.title.view()},
                   {"version", one.version},
                   {"language", one.language.view()},
                   {"withdrawn", is_withdrawal(one)},
                   {"hash", hex<std::string>(one.hash)}});
  }
  in.answer({{"notices", all}}, [&] {
    for (const json::value& one : all) {
      std::printf("%4lld  version %lld  %s%s\n",
                  static_cast<long long>(one.at("notice").to_number<std::int64_t>()),
                  static_cast<long long>(one.at("version").to_number<std::int64_t>()),
                  one.at("title").as_string().c_str(),
                  one.at("withdrawn").as_bool() ? "  (withdrawn)" : "");
    }
  });
}

}  // namespace

void add_notice_commands(command app, program& in) {
  auto group = app.add_command("notice", "What customers are shown before they decide");
  group.require_command();
  {
    auto command = group.add_command(
        "add", "Add a notice, or its next version; grants refer to it by its title");
    in.takes_book(command);
    auto what = std::make_shared<notice_options>();
    command.add_option("title", what->title, "Short title").required();
    command.add_option("--file", what->file, "The shop's own words; their hash is kept").required();
    command.add_option("--offer", what->offer,
                       "File that says what is offered in return; its hash is kept");
    command.add_option("--language", what->language, "BCP 47").show_default();
    command.add_option("--purpose", what->purposes, "What it announces: purposes")
        .required()
        .delimiter(',');
    command.add_option("--to", what->recipients, "recipients, classes or parties")
        .required()
        .delimiter(',');
    command.add_option("--category", what->categories, "data categories, or all")
        .required()
        .delimiter(',');
    command.add_option("--operation", what->operations, "operations").delimiter(',');
    command.add_option("--retention-days", what->retention_days,
                       "How long it is kept; 0: until consent is withdrawn");
    command.callback([&in, what] { add(in, *what); });
  }
  {
    auto command = group.add_command(
        "show", "The notice for people: every cell that a consent would open, and nothing else");
    in.takes_book(command);
    auto what = std::make_shared<show_options>();
    command.add_option("title", what->title, "Its title").required();
    command.add_option("--text", what->text, "The file given to `notice add`");
    command.add_option("--offer", what->offer, "The offer given to `notice add`");
    command.add_option("--controller", what->controller, "Name and address of the shop");
    command.add_option("--withdrawal", what->withdrawal, "Where consent is withdrawn");
    command.add_option("--language", what->language, "en, de, fr, es or it; default: its own")
        .one_of({"en", "de", "fr", "es", "it"});
    command.add_option("--html", what->html, "Write a self-contained page to this file");
    command.callback([&in, what] { show(in, *what); });
  }
  {
    auto command = group.add_command(
        "withdraw", "It was wrong, or holds no more: what was agreed to under it counts no more");
    in.takes_book(command);
    auto title = std::make_shared<std::string>();
    auto only_tell = std::make_shared<bool>(false);
    command.add_option("title", *title, "Its title").required();
    command.add_flag("--dry-run", *only_tell,
                     "Only tell how many customers' consents rest on it, and withdraw nothing");
    command.callback([&in, title, only_tell] { withdraw(in, *title, *only_tell); });
  }
  {
    auto command = group.add_command("list", "List the notices");
    in.takes_book(command);
    command.callback([&in] { list(in); });
  }
}

}  // namespace clientbook::cli
