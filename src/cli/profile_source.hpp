// Law profiles as the program meets them: built-in ones by name, others as files; and changes in
// words.
#ifndef CLIENTBOOK_CLI_PROFILE_SOURCE_HPP
#define CLIENTBOOK_CLI_PROFILE_SOURCE_HPP

#include <clientbook/consent/profile_difference.hpp>
#include <clientbook/consent/profile_file.hpp>
#include <clientbook/consent/registry.hpp>
#include <clientbook/model/schema.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace clientbook::cli {

struct profile_source {
  std::vector<std::byte> file;  ///< Signed, where it was; else empty.
  std::vector<std::byte> canonical;
  profile_room room;
  law_profile law;
  std::optional<crypto::verifying_key>
      signer;  ///< The signature is good; who trusts it is another matter.
};

/// The built-in profiles, one sentence each, for who has to choose one.
std::string choice_of_profiles();
/// The built-in profile that was chosen; ends the command with the list if none was.
const law_profile& chosen_profile(const std::string& name);

/// A built-in profile by its name, else the file of that name: JSON, or signed.
std::unique_ptr<profile_source> load_profile(const std::string& name_or_file);
/// A signed profile that was read already. Its form, and that it is signed by the key it names.
std::unique_ptr<profile_source> read_signed_profile(byte_view file);

/// name, id, version, title, unverified, digest, signed_by
boost::json::object summary_of(const profile_source& from);
void print_summary(const profile_source& from);

boost::json::array changes_of(std::span<const profile_change> all,
                              const recipient_registry& registry, const schema& fields);
/// A line for what opens (+) and for what closes (-).
void print_changes(const boost::json::array& changes);

}  // namespace clientbook::cli

#endif
