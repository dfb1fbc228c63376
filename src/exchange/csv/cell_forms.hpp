// How the cells of a shop's own files are written, and what they say in the form that targets take.
//
// The strict reading of targets.cpp stands behind it: what comes out of here is looked at there, so
// a form that was guessed wrongly is an error and no value.
#ifndef CLIENTBOOK_EXCHANGE_CSV_CELL_FORMS_HPP
#define CLIENTBOOK_EXCHANGE_CSV_CELL_FORMS_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/exchange/csv.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook::exchange {

/// In which order a date has its parts. `iso`: the year first, as in YYYY-MM-DD.
enum class date_order : std::uint8_t { iso, day_first, month_first };

/// How the dates of a column are written; read from words such as `dd.mm.yyyy`.
struct date_form {
  date_order order = date_order::iso;
  bool excel = false;  ///< A number alone is a day counted from 1899-12-30.
  bool month = false;  ///< A month alone is meant, and kept as its first day without a year.
};
/// Nothing for what is no such form.
std::optional<date_form> find_date_form(std::string_view words) noexcept;

/// What the columns of one file share.
struct file_form {
  csv_dialect dialect{};
  bool as_found = false;        ///< The map tells how the file is written; else cells are strict.
  char decimal = '\0';          ///< NUL: not said; `.`, and what may be either is a fault.
  std::string_view region{};    ///< ISO 3166-1: whose phone numbers have no country code.
  std::int64_t utc_offset = 0;  ///< Seconds that times without an offset are ahead of UTC.
  date_form dates{};            ///< Of columns that don't say their own.
  int pivot = 0;                ///< Latest year that two digits mean; 0: they are refused.
  std::vector<std::string_view> nothing{};  ///< Words that mean nothing, beside the usual ones.
};

/// What a cell is read as, by its target.
enum class cell_kind : std::uint8_t {
  text,
  name,   ///< Of a person: words such as `Null` are names there.
  prose,  ///< Notes: blanks at the ends go, nothing else.
  id,
  code,  ///< Digits that are no number: a postal code, a card.
  email,
  phone,
  country,
  day,
  instant,
  amount,
  currency,  ///< A code or a sign, alone or beside an amount.
  whole_number,
  quantity,  ///< Of what is sold: may have decimals.
};
cell_kind kind_of(std::string_view target) noexcept;

/// `mailto:ana@example.com`, `Ana Ray <ana@example.com>`: the address. What stands before it may be
/// a name, but no no: invalid_value.
result<std::string_view> address_within(std::string_view text);

/// The same with links written out (`mailto:ann%2Bshop@example.com`); what stands behind the
/// address in one (`?subject=...&cc=...`) is parted by blanks, or left out.
enum class behind_link : std::uint8_t { kept, dropped };
std::string without_links(std::string_view text, behind_link rest);

/// Reads one cell. `text` becomes what the target takes, kept in `scratch` where it differs; empty
/// where the cell says nothing. A phone's extension comes out apart.
/// Errors: invalid_value; missing_field (of a day a month or a year alone).
result<void> read_cell(cell_kind kind, const file_form& file, const date_form& dates,
                       std::string_view& text, std::string& scratch, std::string& extension);

/// ISO 3166-1 alpha-2 of a code or a name in one of the languages of data/countries.csv; empty if
/// there is none.
std::string_view country_code(std::string_view name);

/// A name in small ASCII letters and digits, one blank between words; for comparing.
std::string folded_words(std::string_view text);

/// The currencies that a sign or code may mean (`$`: several, a blank between); empty if there is
/// none, of an amount if it has no sign.
std::string_view currencies_named(std::string_view sign) noexcept;
std::string_view currency_within(std::string_view amount) noexcept;
/// Of the shops of a country; empty: not known.
std::string_view currency_of(std::string_view region) noexcept;

/// The phone numbers of one cell: `030 123456 / 0171 3920021`, `... od. ...`. One at least.
std::vector<std::string_view> numbers_within(std::string_view text);

/// The same of a cell of words and numbers: `mobil: 0171 3920021 (Liz)`, `tel:+49...`, `... oder
/// ...`. None at all is possible.
std::vector<std::string_view> numbers_beside_words(std::string_view text);

/// Whether a number stands there as it is dialled from anywhere or at home: with a code or, where
/// the region has one, with the digits that are dialled before a town. Without: it may be anything.
bool is_dialled(const file_form& file, std::string_view text) noexcept;

/// The e-mail addresses of one cell, whatever stands between and beside them: `a@b.de; c@d.de`,
/// `Ann <a@b.de>`. Views into it; none at all is possible.
std::vector<std::string_view> addresses_within(std::string_view text);

/// Whether an address or number may be meant, readable or not: beside digits stands something, or
/// there are many of them; an `@`, or letters on both sides of a point.
bool may_be_a_contact(std::string_view text) noexcept;

/// Whether a cell is a day or a time, in whichever order of its parts, and nothing else.
bool is_a_day(const file_form& file, std::string_view text);
/// `3.4.25`: two marks of one kind, and a year of two digits; with an hour behind it perhaps.
bool has_short_year(std::string_view text) noexcept;
/// Whether it is one, or holds one in full beside words and an hour: `am 03.04.2025 um 10:15`.
bool has_a_day(const file_form& file, std::string_view text);
/// A number without the day in full that stands beside it; empty: there is none.
std::string without_a_day(const file_form& file, std::string_view text);

/// How many bytes the first sign takes, if it is a blank or one that nobody sees; else 0.
std::size_t blank_at_front(std::string_view text) noexcept;
/// Without those at both ends.
std::string_view without_blanks(std::string_view text) noexcept;

/// Whether a word means nothing, in a column of that kind.
bool means_nothing(std::string_view word, cell_kind kind, const file_form& file);

/// Whether a word is written where nothing stands, and no more: nobody leaves it open whether
/// something does, as `?` and `unknown` do.
bool means_empty(std::string_view word);

/// A person's whole name, taken apart. Views into `whole`.
struct name_parts {
  std::string_view prefix{};
  std::string_view given{};
  std::string_view family{};
  std::string_view suffix{};
  bool several_people = false;  ///< `Ehepaar Weber`
};
name_parts take_apart(std::string_view whole, bool alone_is_family);

}  // namespace clientbook::exchange

#endif
