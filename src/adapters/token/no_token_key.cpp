// In the place of token_key.cpp where p11-kit's headers were not there: it knows no tokens.
#include <clientbook/internal/adapters/token_key.hpp>

namespace clientbook {
namespace {

constexpr error built_without{
    errc::unsupported, "this build knows no PKCS#11 tokens: build it with p11-kit's headers"};

}  // namespace

result<secret<32>> ask_token_key(std::string_view /*address*/) noexcept { return built_without; }
result<secret<32>> make_token_key(std::string_view /*address*/) noexcept { return built_without; }

}  // namespace clientbook
