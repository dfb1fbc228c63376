// The Global Privacy Platform's strings, read: header, sections, and the fields of each state.
//
// Layouts are tables, one row a section, because states differ in fields and order and nothing
// else. Strings in the wild are filled up in two ways; what is left over must be zero.
#include <clientbook/exchange/gpp.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>

#include <algorithm>
#include <utility>
#include <vector>

#include <clientbook/internal/exchange/bits.hpp>

namespace clientbook {

using exchange::bit_reader;
using exchange::bit_writer;
using exchange::check_base64url;

namespace {

constexpr unsigned header_type = 3;
constexpr unsigned header_version = 1;

// Whether a text of `size` characters is as long as an encoder makes one that holds `bits`: filled
// up to six bits, or to eight and then to six.
constexpr bool fits(std::size_t size, std::size_t bits) noexcept {
  return size == (bits + 5) / 6 || size == ((bits + 7) / 8 * 8 + 5) / 6;
}

error left_over(const bit_reader& in) noexcept {
  return {errc::invalid_encoding, "something follows the last field", in.at()};
}

// ---- The layouts. A core is the version (six bits), then two bits a field in this order.

constexpr std::uint8_t sensitive_fields = 0x80;  // SensitiveDataProcessing
constexpr std::uint8_t child_fields = 0x81;      // KnownChildSensitiveDataConsents

constexpr std::uint8_t code(us_field field) noexcept { return static_cast<std::uint8_t>(field); }

constexpr std::uint8_t processing = code(us_field::sharing_notice);
constexpr std::uint8_t sale_notice = code(us_field::sale_opt_out_notice);
constexpr std::uint8_t sharing_opt_notice = code(us_field::sharing_opt_out_notice);
constexpr std::uint8_t target_notice = code(us_field::targeted_advertising_opt_out_notice);
constexpr std::uint8_t sensitive_notice = code(us_field::sensitive_data_opt_out_notice);
constexpr std::uint8_t limit_notice = code(us_field::sensitive_data_limit_use_notice);
constexpr std::uint8_t sale = code(us_field::sale_opt_out);
constexpr std::uint8_t sharing = code(us_field::sharing_opt_out);
constexpr std::uint8_t target = code(us_field::targeted_advertising_opt_out);
constexpr std::uint8_t personal = code(us_field::personal_data_consent);
constexpr std::uint8_t covered = code(us_field::mspa_covered_transaction);
constexpr std::uint8_t opt_out_mode = code(us_field::mspa_opt_out_option_mode);
constexpr std::uint8_t provider_mode = code(us_field::mspa_service_provider_mode);
constexpr std::uint8_t mode = code(us_field::mspa_mode);

constexpr std::array national{processing,
                              sale_notice,
                              sharing_opt_notice,
                              target_notice,
                              sensitive_notice,
                              limit_notice,
                              sale,
                              sharing,
                              target,
                              sensitive_fields,
                              child_fields,
                              personal,
                              covered,
                              opt_out_mode,
                              provider_mode};
constexpr std::array california{sale_notice, sharing_opt_notice, limit_notice, sale,
                                sharing,     sensitive_fields,   child_fields, personal,
                                covered,     opt_out_mode,       provider_mode};
// Virginia, Colorado, Connecticut
constexpr std::array plain{processing,   sale_notice,      target_notice, sale,
                           target,       sensitive_fields, child_fields,  covered,
                           opt_out_mode, provider_mode};
// Utah, Iowa
constexpr std::array opting{processing, sale_notice,  target_notice,    sensitive_notice,
                            sale,       target,       sensitive_fields, child_fields,
                            covered,    opt_out_mode, provider_mode};
// Florida, Montana, Oregon, Texas, Delaware, Nebraska, New Hampshire, New Jersey, Tennessee,
// Minnesota
constexpr std::array additional{processing, sale_notice,      target_notice, sale,
                                target,     sensitive_fields, child_fields,  personal,
                                covered,    opt_out_mode,     provider_mode};
constexpr std::array maryland{covered,       mode, processing, sale_notice,
                              target_notice, sale, target,     personal};
// Indiana, Kentucky, Rhode Island
constexpr std::array newest{covered, mode,   processing,   sale_notice, target_notice,
                            sale,    target, child_fields, personal};

// What follows the core, behind a dot.
enum class second : std::uint8_t { none, gpc, sensitive };

// Which data each entry of SensitiveDataProcessing is about, in the order of the section.
constexpr std::uint16_t kind(us_data data) noexcept { return static_cast<std::uint16_t>(data); }
constexpr std::uint16_t race = kind(us_data::racial_or_ethnic_origin);
constexpr std::uint16_t religion = kind(us_data::religious_beliefs);
constexpr std::uint16_t health = kind(us_data::health);
constexpr std::uint16_t sex = kind(us_data::sex_life_or_orientation);
constexpr std::uint16_t citizen = kind(us_data::citizenship_or_immigration);
constexpr std::uint16_t genetic = kind(us_data::genetic);
constexpr std::uint16_t biometric = kind(us_data::biometric);
constexpr std::uint16_t place = kind(us_data::precise_geolocation);
constexpr std::uint16_t ids = kind(us_data::government_id);
constexpr std::uint16_t account = kind(us_data::account_credentials);
constexpr std::uint16_t unions = kind(us_data::union_membership);
constexpr std::uint16_t messages = kind(us_data::message_contents);
constexpr std::uint16_t victim = kind(us_data::crime_victim);
constexpr std::uint16_t origin = kind(us_data::national_origin);
constexpr std::uint16_t gender = kind(us_data::transgender_or_nonbinary);
constexpr std::uint16_t consumer_health = kind(us_data::consumer_health);

constexpr std::array national_data{
    race, religion, health, sex,      citizen,         genetic, biometric, place,
    ids,  account,  unions, messages, consumer_health, victim,  origin,    gender};
constexpr std::array<std::uint16_t, 9> california_data{
    ids,      account, place,     static_cast<std::uint16_t>(race | religion | unions),
    messages, genetic, biometric, health,
    sex};
// Most states; Colorado stops at seven, Delaware adds a ninth, New Jersey a tenth.
constexpr std::array common_data{race,    religion,  health, sex,    citizen,
                                 genetic, biometric, place,  gender, account};
constexpr std::array utah_data{race, religion, sex, citizen, health, genetic, biometric, place};
constexpr std::array oregon_data{race,   religion, health,  sex,       gender, citizen,
                                 origin, victim,   genetic, biometric, place};

constexpr child_purpose any_use = child_purpose::processing;
constexpr std::array<child_purpose, 5> all_processing{any_use, any_use, any_use, any_use, any_use};
constexpr std::array<child_purpose, 5> california_child{child_purpose::sale, child_purpose::sharing,
                                                        any_use, any_use, any_use};
constexpr std::array<child_purpose, 5> teenagers{
    any_use, child_purpose::sale, child_purpose::targeted_advertising, child_purpose::sale,
    child_purpose::targeted_advertising};

// Whom the entries for children are about. The age below which somebody is a child is 13 (COPPA),
// and 16 in California, where one field speaks of all below.
constexpr std::array<age_range, 5> child_13{{{0, 13}}};
constexpr std::array<age_range, 5> below_16{{{0, 16}, {0, 16}}};
constexpr std::array<age_range, 5> national_ages{{{13, 17}, {0, 13}, {16, 18}}};
constexpr std::array<age_range, 5> florida_ages{{{0, 13}, {13, 16}, {16, 18}}};
constexpr std::array<age_range, 5> teenager_ages{{{0, 13}, {13, 16}, {13, 16}, {16, 18}, {16, 18}}};

struct layout {
  gpp_section section;
  std::uint8_t version;
  std::span<const std::uint8_t> core;
  std::span<const std::uint16_t> data;  // Of sensitive_fields, whichever segment holds them.
  std::uint8_t children;
  const std::array<child_purpose, 5>* child_purposes;
  const std::array<age_range, 5>* ages;
  second behind;
  bool sensitive_consent;  // Else opt-outs.
};

constexpr std::span<const std::uint16_t> common(std::size_t count) noexcept {
  return std::span(common_data).first(count);
}

using enum gpp_section;
constexpr layout layouts[] = {
    {usnat, 2, national, national_data, 3, &all_processing, &national_ages, second::gpc, true},
    {usca, 1, california, california_data, 2, &california_child, &below_16, second::gpc, false},
    {usva, 1, plain, common(8), 1, &all_processing, &child_13, second::none, true},
    {usco, 1, plain, common(7), 1, &all_processing, &child_13, second::gpc, true},
    {usut, 1, opting, utah_data, 1, &all_processing, &child_13, second::none, false},
    {usct, 1, plain, common(8), 3, &teenagers, &teenager_ages, second::gpc, true},
    {usfl, 1, additional, common(8), 3, &all_processing, &florida_ages, second::none, true},
    {usmt, 1, additional, common(8), 3, &teenagers, &teenager_ages, second::gpc, true},
    {usor, 1, additional, oregon_data, 3, &teenagers, &teenager_ages, second::gpc, true},
    {ustx, 1, additional, common(8), 1, &all_processing, &child_13, second::gpc, true},
    {usde, 1, additional, common(9), 5, &teenagers, &teenager_ages, second::gpc, true},
    {usia, 1, opting, common(8), 1, &all_processing, &child_13, second::gpc, false},
    {usne, 1, additional, common(8), 1, &all_processing, &child_13, second::gpc, true},
    {usnh, 1, additional, common(8), 3, &teenagers, &teenager_ages, second::gpc, true},
    {usnj, 1, additional, common(10), 5, &teenagers, &teenager_ages, second::gpc, true},
    {ustn, 1, additional, common(8), 1, &all_processing, &child_13, second::gpc, true},
    {usmn, 1, additional, common(8), 1, &all_processing, &child_13, second::gpc, true},
    {usmd, 1, maryland, {}, 0, &all_processing, &child_13, second::gpc, true},
    {usin, 1, newest, common(8), 1, &all_processing, &child_13, second::sensitive, true},
    {usky, 1, newest, common(8), 1, &all_processing, &child_13, second::sensitive, true},
    {usri, 1, newest, common(8), 1, &all_processing, &child_13, second::sensitive, true},
};
// The first version of usnat: twelve kinds of data, two of children.
constexpr layout usnat_1{
    usnat,          1,           national, std::span(national_data).first(12), 2, &all_processing,
    &national_ages, second::gpc, true};

const layout* layout_of(gpp_section section) noexcept {
  if (section < usnat || section > usri) return nullptr;
  return &layouts[static_cast<std::size_t>(section) - static_cast<std::size_t>(usnat)];
}

constexpr std::size_t core_bits(const layout& form) noexcept {
  std::size_t bits = 6;
  for (const std::uint8_t field : form.core) {
    bits += 2 * (field == sensitive_fields ? form.data.size()
                 : field == child_fields   ? std::size_t{form.children}
                                           : 1);
  }
  return bits;
}
static_assert(core_bits(layouts[0]) == 70 && core_bits(usnat_1) == 60);

us_privacy blank(const layout& form) noexcept {
  us_privacy privacy;
  privacy.section = form.section;
  privacy.version = form.version;
  privacy.sensitive_count = static_cast<std::uint8_t>(form.data.size());
  privacy.child_count = form.children;
  return privacy;
}

// Calls visit with each two-bit field of the core, in order.
template <class Privacy, class Visit>
void for_each_field(const layout& form, Privacy& privacy, const Visit& visit) {
  for (const std::uint8_t field : form.core) {
    if (field == sensitive_fields) {
      for (std::size_t i = 0; i < form.data.size(); ++i) visit(privacy.sensitive[i]);
    } else if (field == child_fields) {
      for (std::size_t i = 0; i < form.children; ++i) visit(privacy.child[i]);
    } else {
      visit(privacy.fields[field]);
    }
  }
}

// Reads two-bit fields; the first undefined value is remembered.
struct value_reader {
  bit_reader& in;
  std::size_t undefined = 0;
  bool any_undefined = false;

  void operator()(us_value& value) noexcept {
    const auto bits = static_cast<std::uint8_t>(in.read(2));
    if (bits == 3 && !any_undefined) {
      any_undefined = true;
      undefined = in.at() - 2;
    }
    value = static_cast<us_value>(bits);
  }

  result<void> finish(std::size_t size, std::size_t bits) const noexcept {
    if (in.failed() || 6 * size < bits) {
      return error{errc::truncated, "a section ends before its fields do", 6 * size};
    }
    if (!fits(size, bits) || !in.only_padding(24)) return left_over(in);
    if (any_undefined) {
      return error{errc::invalid_value, "a two-bit field with the undefined value 3", undefined};
    }
    return {};
  }
};

// By length: 10 and 11 characters hold the fields of usnat's version 1, 12 those of version 2,
// whatever the version field says.
result<const layout*> form_of(gpp_section section, std::string_view core,
                              std::uint8_t version) noexcept {
  const layout* form = layout_of(section);
  if (form == nullptr) return error{errc::unsupported, "not a section for the United States"};
  const bool known = section == usnat ? version == 1 || version == 2 : version == form->version;
  if (!known) return error{errc::unsupported, "an unknown version of the section"};
  if (section == usnat && core.size() < (core_bits(*form) + 5) / 6) return &usnat_1;
  return form;
}

result<void> read_second(const layout& form, std::string_view text, us_privacy& privacy) noexcept {
  if (const auto checked = check_base64url(text); !checked) return checked;
  bit_reader in(text);
  value_reader values{in};
  switch (form.behind) {
    case second::none:
      return error{errc::invalid_encoding, "a sub-section that this section does not have"};
    case second::sensitive:
      for (std::size_t i = 0; i < form.data.size(); ++i) values(privacy.sensitive[i]);
      return values.finish(text.size(), 2 * form.data.size());
    case second::gpc:
      break;
  }
  if (text.empty()) return error{errc::truncated, "an empty sub-section"};
  if (in.read(2) != 1) return error{errc::unsupported, "a sub-section of an undefined type"};
  privacy.gpc = in.read(1) != 0;
  return values.finish(text.size(), 3);
}

// Ids in ascending order, as offsets in Fibonacci code, singly or in runs.
result<void> read_ids(bit_reader& in, std::span<gpp_part> parts, std::size_t& count) noexcept {
  const auto items = in.read(12);
  std::uint32_t last = 0;
  for (std::size_t i = 0; i < items; ++i) {
    const bool run = in.read(1) != 0;
    const std::size_t bit = in.at();
    const std::uint32_t offset = in.read_fibonacci();
    const std::uint32_t length = run ? in.read_fibonacci() : 0;
    if (in.failed()) break;
    if (offset == 0 || (run && length == 0) || offset + length > 65535 - last) {
      return error{errc::invalid_value, "a section id out of range", bit};
    }
    if (length >= parts.size() - count) {
      return error{errc::limit_exceeded, "more sections than there are", bit};
    }
    last += offset;
    for (std::uint32_t id = last; id <= last + length; ++id) {
      parts[count++].id = static_cast<std::uint16_t>(id);
    }
    last += length;
  }
  if (in.failed()) return error{errc::truncated, "the header ends before its fields do", in.at()};
  if (!in.only_padding(12)) return left_over(in);
  return {};
}

std::string write_header(std::span<const us_privacy> sections, unsigned unit) {
  bit_writer out;
  out.write(header_type, 6);
  out.write(header_version, 6);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> runs;
  for (const us_privacy& privacy : sections) {
    const auto id = static_cast<std::uint32_t>(privacy.section);
    if (!runs.empty() && runs.back().second + 1 == id) {
      runs.back().second = id;
    } else {
      runs.emplace_back(id, id);
    }
  }
  out.write(runs.size(), 12);
  std::uint32_t last = 0;
  for (const auto& [first, end] : runs) {
    out.write(first != end ? 1 : 0, 1);
    out.write_fibonacci(first - last);
    if (first != end) out.write_fibonacci(end - first);
    last = end;
  }
  return out.finish(unit);
}

bool writable(const us_privacy& privacy) noexcept {
  const auto bad = [](us_value value) { return value > us_value::two; };
  return layout_of(privacy.section) != nullptr &&
         std::none_of(privacy.fields.begin(), privacy.fields.end(), bad) &&
         std::none_of(privacy.sensitive.begin(), privacy.sensitive.end(), bad) &&
         std::none_of(privacy.child.begin(), privacy.child.end(), bad) &&
         (!privacy.gpc || layout_of(privacy.section)->behind == second::gpc);
}

std::string write_section(const us_privacy& privacy, unsigned unit) {
  const layout& form = *layout_of(privacy.section);
  bit_writer core;
  core.write(form.version, 6);
  const auto write = [](bit_writer& out) {
    return [&out](us_value value) { out.write(static_cast<std::uint64_t>(value), 2); };
  };
  for_each_field(form, privacy, write(core));
  std::string text = core.finish(unit);
  bit_writer behind;
  if (form.behind == second::sensitive) {
    for (std::size_t i = 0; i < form.data.size(); ++i) write(behind)(privacy.sensitive[i]);
    text += '.' + behind.finish(unit);
  } else if (privacy.gpc) {
    behind.write(1, 2);
    behind.write(*privacy.gpc ? 1 : 0, 1);
    text += '.' + behind.finish(unit);
  }
  return text;
}

}  // namespace

std::string_view gpp_string::section(gpp_section id) const noexcept {
  for (const gpp_part& part : sections()) {
    if (part.id == static_cast<std::uint16_t>(id)) return part.text;
  }
  return {};
}

result<gpp_string> read_gpp(std::string_view text) noexcept {
  if (text.empty()) return error{errc::truncated, "an empty GPP string"};
  const std::size_t header_end = std::min(text.find('~'), text.size());
  const std::string_view header = text.substr(0, header_end);
  if (const auto checked = check_base64url(header); !checked) return checked.error();
  bit_reader in(header);
  if (in.read(6) != header_type) {
    return error{errc::unsupported, "not a GPP string: its header is of another type"};
  }
  if (in.read(6) != header_version && !in.failed()) {
    return error{errc::unsupported, "a GPP header of an unknown version", 6};
  }
  gpp_string gpp;
  if (const auto ids_read = read_ids(in, gpp.parts_, gpp.count_); !ids_read) {
    return ids_read.error();
  }
  std::size_t at = header_end;
  for (std::size_t i = 0; i < gpp.count_; ++i) {
    if (at == text.size()) {
      return error{errc::invalid_encoding, "the header announces more sections than follow",
                   6 * at};
    }
    const std::size_t end = std::min(text.find('~', at + 1), text.size());
    gpp.parts_[i].text = text.substr(at + 1, end - at - 1);
    at = end;
  }
  if (at != text.size()) {
    return error{errc::invalid_encoding, "more sections follow than the header announces", 6 * at};
  }
  return gpp;
}

result<usp_string> read_usp(std::string_view text) noexcept {
  if (text.size() < 4) return error{errc::truncated, "a USP string has four characters"};
  if (text.size() > 4) {
    return error{errc::invalid_encoding, "a USP string has four characters", 24};
  }
  if (text[0] != '1') return error{errc::unsupported, "a USP string of an unknown version"};
  for (std::size_t i = 1; i < 4; ++i) {
    if (text[i] != 'Y' && text[i] != 'N' && text[i] != '-') {
      return error{errc::invalid_value, "a letter other than Y, N and -", 6 * i};
    }
  }
  return usp_string{text[1], text[2], text[3]};
}

result<us_privacy> make_us_privacy(gpp_section section) noexcept {
  const layout* form = layout_of(section);
  if (form == nullptr) return error{errc::invalid_argument, "not a section for the United States"};
  us_privacy privacy = blank(*form);
  if (form->behind == second::gpc) privacy.gpc = false;
  // The one field that has no "not applicable"; who signed the agreement says so.
  privacy[us_field::mspa_covered_transaction] = us_value::two;
  return privacy;
}

bool has_field(const us_privacy& privacy, us_field field) noexcept {
  const layout* form = layout_of(privacy.section);
  return form != nullptr &&
         std::find(form->core.begin(), form->core.end(), code(field)) != form->core.end();
}

std::uint16_t sensitive_data_of(gpp_section section, std::size_t index) noexcept {
  const layout* form = layout_of(section);
  return form != nullptr && index < form->data.size() ? form->data[index] : std::uint16_t{0};
}

bool sensitive_data_is_consent(gpp_section section) noexcept {
  const layout* form = layout_of(section);
  return form != nullptr && form->sensitive_consent;
}

child_purpose child_purpose_of(gpp_section section, std::size_t index) noexcept {
  const layout* form = layout_of(section);
  return form != nullptr && index < 5 ? (*form->child_purposes)[index] : child_purpose::processing;
}

age_range child_ages_of(gpp_section section, std::size_t index) noexcept {
  const layout* form = layout_of(section);
  return form != nullptr && index < form->children ? (*form->ages)[index] : age_range{0, 0};
}

result<us_privacy> read_us_privacy(gpp_section section, std::string_view text) noexcept {
  if (text.empty()) return error{errc::truncated, "an empty section"};
  const std::size_t dot = std::min(text.find('.'), text.size());
  const std::string_view core = text.substr(0, dot);
  if (const auto checked = check_base64url(core); !checked) return checked.error();
  bit_reader in(core);
  const auto version = static_cast<std::uint8_t>(in.read(6));
  const auto form = form_of(section, core, version);
  if (!form) return form.error();

  us_privacy privacy = blank(**form);
  privacy.version = version;
  value_reader values{in};
  for_each_field(**form, privacy, [&](us_value& value) { values(value); });
  if (const auto done = values.finish(core.size(), core_bits(**form)); !done) return done.error();
  if (dot == text.size()) return privacy;
  if (const auto done = read_second(**form, text.substr(dot + 1), privacy); !done) {
    return error{done.error().code, done.error().text, done.error().at + 6 * (dot + 1)};
  }
  return privacy;
}

result<std::string> write_gpp(std::span<const us_privacy> sections, gpp_padding padding) try {
  for (std::size_t i = 0; i < sections.size(); ++i) {
    if (i > 0 && sections[i].section <= sections[i - 1].section) {
      return error{errc::invalid_argument, "sections must come in ascending order, each once", i};
    }
    if (!writable(sections[i])) {
      return error{errc::invalid_argument, "a value that the section does not have", i};
    }
  }
  const unsigned unit = padding == gpp_padding::eight ? 8 : 6;
  std::string text = write_header(sections, unit);
  for (const us_privacy& privacy : sections) text += '~' + write_section(privacy, unit);
  return text;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
