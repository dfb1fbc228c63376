// Finds in one text of a form, beside the name that it has.
#ifndef CLIENTBOOK_FORMS_FINDER_HPP
#define CLIENTBOOK_FORMS_FINDER_HPP

#include <unordered_map>

#include "block.hpp"
#include "line_fields.hpp"

namespace clientbook::forms {

class finder {
 public:
  explicit finder(const form_options& options) : options_(options) {}
  finder(const finder&) = delete;
  finder& operator=(const finder&) = delete;

  /// What is to be hidden in the text, in order and apart. A text that is a form of its own (JSON
  /// in a cell, HTML in a member) is read as one, at most `depth` times.
  std::vector<hit> find(std::string_view text, const field_name& name, int depth = 0);
  /// The same of a block, in whose text tags may part two values.
  std::vector<hit> find(const block& of, const field_name& name, int depth = 0);
  /// In a row whose cells do not belong to the columns: whatever may be a value of one is hidden.
  std::vector<hit> find_in_doubt(std::string_view text);
  /// The whole text, but for spaces around it.
  std::vector<hit> whole(std::string_view text, entity_type type);

  const form_options& options() const noexcept { return options_; }

 private:
  bool hides_whole(std::string_view text, const field_name& name, entity_type& type) const;
  void scan_once(std::string_view text, const field_name& name, std::vector<hit>& out);
  std::vector<hit> scan_until_clean(std::string_view text, const field_name& name);
  void scan_beside(std::string_view text, const field_name& name, std::vector<text_entity>& out);
  void ask_fields(std::string_view text, std::vector<text_entity>& found);
  void ask_field(std::string_view text, const line_field& field, bool whole,
                 std::vector<text_entity>& found);
  bool of_a_plain_number(const text_entity& found, std::string_view value, std::string_view text,
                         const field_name& name);
  bool says_an_id(const field_name& name);
  bool found_without_name(std::string_view text, const text_entity& like);
  void label(std::vector<hit>& hits, std::string_view text);
  std::span<text_entity> scan_all(plain_text& text);

  const form_options& options_;
  std::vector<text_entity> room_ = std::vector<text_entity>(64);
  std::vector<text_entity> other_room_ = std::vector<text_entity>(16);
  plain_text beside_;
  std::unordered_map<std::uint64_t, unsigned> numbers_;
  std::array<unsigned, entity_types> last_numbers_{};
};

/// Reads a whole text of a form and gives what is hidden in it as hits.
std::vector<hit> hits_within(std::string_view text, text_form form, finder& with, int depth);

}  // namespace clientbook::forms

#endif
