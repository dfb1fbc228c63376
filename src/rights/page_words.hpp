// The words of the customer's page, one set a language.
#ifndef CLIENTBOOK_RIGHTS_PAGE_WORDS_HPP
#define CLIENTBOOK_RIGHTS_PAGE_WORDS_HPP

#include <clientbook/base/time.hpp>
#include <clientbook/book/actor.hpp>
#include <clientbook/consent/directive.hpp>
#include <clientbook/consent/explanation.hpp>
#include <clientbook/ledger/disclosure_entry.hpp>
#include <clientbook/model/schema.hpp>

#include <array>
#include <string>
#include <string_view>

namespace clientbook::rights {

struct page_words {
  std::string_view tag;
  std::string_view title;       // "How far has your information gone?"
  std::string_view made_by;     // before the shop's name
  std::string_view made_on;     // before the date
  std::string_view kinds_held;  // after a number, as the three below
  std::string_view recipients;
  std::string_view passed_on;
  std::string_view looks;
  std::string_view where_it_went;
  std::string_view map;  // what the picture shows
  std::string_view nowhere;
  // What a backup did not have, with three places for a day: restored, of when, of when.
  std::string_view restored_on;
  std::string_view restored_from;
  std::string_view restored_gap;
  std::string_view pruned;        // before a number
  std::string_view pruned_since;  // and what that means
  std::string_view recipient;
  std::string_view what_for;
  std::string_view what;
  std::string_view when;
  std::string_view how_often;
  std::string_view refused;                      // how often, before a number
  std::string_view never_got;                    // how often, before a number
  std::string_view onward;                       // what the contract says of passing on
  std::array<std::string_view, 3> onward_rules;  // by onward_rule
  std::string_view by_way_of;                    // who had passed it on
  std::string_view also_by_way_of;               // who has, beside the shop
  std::string_view reported;                     // whom they have passed it on to
  std::string_view no_other_report;
  std::string_view no_report;         // nothing is known of what a recipient did
  std::string_view own_copies;        // copies that the customer got
  std::string_view another_customer;  // who got one while both were taken for one
  std::string_view not_in_evidence;   // before their number
  std::string_view day_by_day;
  std::string_view hold_placed;
  std::string_view hold_lifted;
  std::string_view told_to_delete;  // before a recipient: the time of what they got is over
  std::string_view who_looked;
  std::string_view no_names;  // why no names stand there
  std::string_view nobody_looked;
  std::string_view who;
  std::string_view people;           // after a number
  std::string_view somebody;         // a role that is not known
  std::string_view looked_up;        // without a purpose
  std::string_view nothing_opened;   // under a purpose, and nothing was shown
  std::string_view passed_on_above;  // under a purpose, nothing shown, and something passed on
  std::string_view held;
  std::string_view nothing_held;
  std::string_view data;
  std::string_view since;
  std::string_view from;       // who said what a value is
  std::string_view from_shop;  // somebody of the shop wrote it down
  std::string_view from_file;  // it came with a file
  std::string_view from_nobody_knows;
  std::string_view until;  // the last day on which it is kept
  std::string_view no_last_day;
  std::string_view as_long_as;  // how long it is kept
  std::string_view on_hold;     // the same, where a legal hold was placed
  std::string_view purpose_unknown;
  std::string_view purchases;
  std::string_view notes;
  std::string_view others_left_out;  // of notes
  std::string_view concluded;
  std::string_view no_conclusions;
  std::string_view agreed;
  std::string_view nothing_said;
  std::string_view everything;  // what was said is of all purposes
  std::string_view only_noted;  ///< Of a consent that waits to be confirmed.
  std::string_view take_back;
  std::string_view your_rights;
  std::string_view rights;
  std::string_view contact;
  std::string_view ask_the_shop;
  std::string_view check;
  std::string_view check_text;
  std::string_view evidence;
  std::string_view yes;
  std::string_view no;
  std::string_view here;   // the shop, in the picture
  std::string_view times;  // after a number
  std::array<std::string_view, 12> months;
};

const page_words& words_of(language speech) noexcept;

/// "29 November 2026"
std::string day_of(const date& day, const page_words& words);
/// What an entry of the ledger tells the customer; a recipient's name follows where one is named.
std::string_view told(ledger_event event, language speech) noexcept;
/// What somebody said.
std::string_view told(directive_kind kind, language speech) noexcept;
/// Empty where nothing was said of it.
std::string_view told(employment works_here, language speech) noexcept;
std::string_view told(actor_role role, language speech) noexcept;
/// A field that shares its data category with another one; empty: the category names it.
std::string_view told(field_id field, language speech) noexcept;

/// A code of the shop's, such as wedding_anniversary; without a word for it as it stands, with
/// spaces.
std::string told_code(std::string_view code, language speech);
/// What a part of a value is called that says too little alone, such as a number; else empty.
std::string_view told_member(std::string_view name, language speech) noexcept;
/// What a field is called.
std::string name_of(const field_definition& field, language speech);

}  // namespace clientbook::rights

#endif
