// A signing key in a file of its owner's: of a profile's author, of a recipient who acknowledges.
#ifndef CLIENTBOOK_CLI_SIGNING_KEY_HPP
#define CLIENTBOOK_CLI_SIGNING_KEY_HPP

#include <clientbook/crypto/crypto.hpp>

#include <string>

namespace clientbook::cli {

/// A new one, in a new file that its owner alone can read: the seed as 64 hexadecimal digits and a
/// line feed.
crypto::signing_key make_signing_key(const std::string& path);
/// `about` is said where it cannot be read.
crypto::signing_key read_signing_key(const std::string& path, const char* about);
/// Writes a file that must not be there yet.
void write_new(const std::string& path, byte_view content, unsigned mode, const char* about);

}  // namespace clientbook::cli

#endif
