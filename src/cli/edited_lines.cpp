// Typed lines with libedit: they can be edited, had back with the arrow keys, and completed with
// the tabulator. History lies in memory only: what is typed names customers.
#include <algorithm>
#include <clocale>
#include <cstdio>
#include <string>

#include <histedit.h>

#include "typed_line.hpp"

namespace clientbook::cli {

struct line_reader::state {
  command_node commands;
  std::string prompt;
  EditLine* editor = nullptr;
  History* history = nullptr;
};

namespace {

constexpr int lines_kept = 500;

std::string common_beginning(const std::vector<std::string>& words) {
  std::string out = words.front();
  for (const std::string& one : words) {
    const auto differs = std::mismatch(out.begin(), out.end(), one.begin(), one.end());
    out.erase(differs.first, out.end());
  }
  return out;
}

}  // namespace

// What libedit calls back, with the reader's own state.
struct editing {
  static const char* prompt(EditLine* editor) { return of(editor)->prompt.c_str(); }

  static unsigned char complete(EditLine* editor, int /*key*/) {
    const LineInfo* line = el_line(editor);
    const std::string_view typed(line->buffer,
                                 static_cast<std::size_t>(line->cursor - line->buffer));
    const auto may = what_may_follow(of(editor)->commands, typed);
    if (may.empty()) return CC_REFRESH_BEEP;
    const std::size_t begun = typed.size() - std::min(typed.find_last_of(" \t") + 1, typed.size());
    std::string more = common_beginning(may).substr(begun);
    if (may.size() == 1) more += ' ';
    if (!more.empty()) return el_insertstr(editor, more.c_str()) == 0 ? CC_REFRESH : CC_ERROR;
    std::fputc('\n', stderr);
    for (const std::string& one : may) std::fprintf(stderr, "%s  ", one.c_str());
    std::fputc('\n', stderr);
    return CC_REDISPLAY;
  }

 private:
  static line_reader::state* of(EditLine* editor) {
    void* mine = nullptr;
    el_get(editor, EL_CLIENTDATA, &mine);
    return static_cast<line_reader::state*>(mine);
  }
};

line_reader::line_reader(const command_node& commands, std::string prompt)
    : state_(new state{.commands = commands, .prompt = std::move(prompt)}) {
  // Letters of more than one byte are letters, whatever the environment says.
  std::setlocale(LC_CTYPE, "C.UTF-8");
  state_->editor = el_init("clientbook", stdin, stderr, stderr);
  state_->history = history_init();
  EditLine* editor = state_->editor;
  if (editor == nullptr || state_->history == nullptr) return;
  HistEvent event;
  history(state_->history, &event, H_SETSIZE, lines_kept);
  history(state_->history, &event, H_SETUNIQUE, 1);
  el_set(editor, EL_CLIENTDATA, static_cast<void*>(state_));
  el_set(editor, EL_PROMPT, &editing::prompt);
  el_set(editor, EL_EDITOR, "emacs");
  el_set(editor, EL_HIST, history, state_->history);
  el_set(editor, EL_SIGNAL, 1);
  el_set(editor, EL_ADDFN, "complete", "commands and options", &editing::complete);
  el_set(editor, EL_BIND, "^I", "complete", nullptr);
}

line_reader::~line_reader() {
  if (state_->history != nullptr) history_end(state_->history);
  if (state_->editor != nullptr) el_end(state_->editor);
  delete state_;
}

std::optional<std::string> line_reader::next() {
  if (state_->editor == nullptr || state_->history == nullptr) return std::nullopt;
  int size = 0;
  const char* line = el_gets(state_->editor, &size);
  if (line == nullptr || size <= 0) return std::nullopt;
  std::string out(line, static_cast<std::size_t>(size));
  while (!out.empty() && (out.back() == '\n' || out.back() == '\r')) out.pop_back();
  HistEvent event;
  if (!out.empty()) history(state_->history, &event, H_ENTER, out.c_str());
  return out;
}

}  // namespace clientbook::cli
