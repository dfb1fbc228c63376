// The readers of the forms.
#ifndef CLIENTBOOK_FORMS_READERS_HPP
#define CLIENTBOOK_FORMS_READERS_HPP

#include <memory>
#include <optional>

#include "finder.hpp"

namespace clientbook::forms {

/// Reads an input of one form, in pieces, and gives all of it to an outlet.
class reader {
 public:
  explicit reader(outlet& out, finder& with, int depth) : out_(out), finder_(with), depth_(depth) {}
  virtual ~reader() = default;
  reader(const reader&) = delete;
  reader& operator=(const reader&) = delete;

  virtual void take(std::string_view bytes) = 0;
  virtual void end() = 0;
  /// Why it goes no further; `at` counts from the first byte that it took.
  const std::optional<error>& failure() const noexcept { return failure_; }

 protected:
  void fail(errc code, literal text, std::uint64_t at) {
    if (!failure_) failure_ = error{code, text, at};
  }

  outlet& out_;
  finder& finder_;
  int depth_;
  std::optional<error> failure_;
};

using any_reader = std::unique_ptr<reader>;

/// Readers within readers: a mail in a mail in base64, and so on.
inline constexpr int most_depth = 8;

/// Of the form that is said, or that the first bytes show.
any_reader make_reader(text_form form, outlet& out, finder& with, int depth);
any_reader make_text_reader(text_form form, outlet& out, finder& with, int depth);
any_reader make_csv_reader(outlet& out, finder& with, int depth);
any_reader make_json_reader(text_form form, outlet& out, finder& with, int depth);
any_reader make_html_reader(text_form form, outlet& out, finder& with, int depth);
any_reader make_mail_reader(outlet& out, finder& with, int depth);

// sniff.cpp
/// The delimiter that the first rows share, or 0.
char sniff_delimiter(std::string_view beginning);
/// Of what is said to be a table, the delimiter that most of the first lines hold, whatever their
/// quote marks and the number of their cells; or 0.
char likely_delimiter(std::string_view beginning);
/// The delimiter with which the first row is names of columns, most of them known; or 0.
char delimiter_of_names(std::string_view beginning);
/// JSON, HTML or XML, or a table within a value; `plain` for anything else.
text_form sniff_within(std::string_view value);

/// A block is looked at when it is so large, though it goes on.
inline constexpr std::size_t most_block = 65536;
/// Gives out what no further text can change; leaves the rest in the block.
void give_front(block& of, outlet& out, finder& with, const field_name& name, spelling as);

}  // namespace clientbook::forms

#endif
