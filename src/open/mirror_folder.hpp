// A mirror's folder, opened.
#ifndef CLIENTBOOK_OPEN_MIRROR_FOLDER_HPP
#define CLIENTBOOK_OPEN_MIRROR_FOLDER_HPP

#include <clientbook/vault/mirror_place.hpp>

#include <cstdint>
#include <string_view>

namespace clientbook {

/// every_page: for a mirror that somebody has carried here.
enum class page_check : std::uint8_t { quick, every_page };

result<mirror_place> open_mirror_folder(std::string_view path, page_check depth) noexcept;

}  // namespace clientbook

#endif
