// The filter over tokens of letters and digits: most digits of a text are a part of no id with
// letters, and reading the token around each costs more than these few looks.
#include "rules.hpp"

namespace clientbook::scanner {

bool may_be_mixed_id(const text_window& window, const digit_run& run) noexcept {
  const std::size_t at = run.begin;
  const unsigned char before = window[at - 1];
  const std::size_t end = run.end_of(run.count);
  const unsigned char after = window[end];
  bool possible = before >= 0x80 || after >= 0x80;
  if (ascii_letter(before)) {
    // The token it stands in has eight characters at least.
    std::size_t first = at;
    std::size_t last = end;
    while (at - first < 8 && (ascii_letter(window[first - 1]) || ascii_digit(window[first - 1]))) {
      --first;
    }
    while (last - first < 8 && (ascii_letter(window[last]) || ascii_digit(window[last]))) ++last;
    possible = possible || last - first >= 8;
  } else if (before == ' ' || before == '-') {
    // One to three letters stand before it, and one behind: `AB 12 34 56 C`, `MRA 85T10`.
    std::size_t letters = 0;
    while (letters < 4 && ascii_letter(window[at - 2 - letters])) ++letters;
    const std::size_t behind = after == ' ' || after == '-' ? end + 1 : end;
    possible = possible || (letters >= 1 && letters <= 3 &&
                            (ascii_letter(window[run.end_of(run.first_group())]) ||
                             (ascii_letter(window[behind]) && !ascii_letter(window[behind + 1]))));
  }
  // Of digits alone: 18 of China, or a dash before the check (`171074-5872`, `15.588.602-1`).
  possible = possible || run.count >= 18 || (run.dashes != 0 && run.count >= 8);
  if (run.count >= 6) {
    const bool joined = after == ' ' || after == '-' || after == '+';
    const std::size_t letter = joined ? end + 1 : end;
    // Behind a gap one letter or two, or a digit of the same id: `58931200-W`.
    const unsigned char second = window[letter + 1];
    // Ireland's second letter is one of these.
    const bool two = !ascii_letter(second) ||
                     (!ascii_letter(window[letter + 2]) &&
                      std::string_view("ABHPTWX").find(static_cast<char>(ascii_upper(second))) !=
                          std::string_view::npos);
    possible = possible || (ascii_letter(window[letter]) && (!joined || two));
  }
  return possible;
}

}  // namespace clientbook::scanner
