// What opening, making and restoring a book have in common.
#ifndef CLIENTBOOK_BOOK_OPEN_BOOK_HPP
#define CLIENTBOOK_BOOK_OPEN_BOOK_HPP

#include <clientbook/book/book.hpp>
#include <clientbook/internal/vault/book_core.hpp>

#include <chrono>
#include <memory>
#include <utility>

namespace clientbook {

inline constexpr std::size_t default_cache_nodes = 2048;

inline timestamp system_clock_now(void*) {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return timestamp{std::chrono::duration_cast<std::chrono::seconds>(since).count()};
}

inline clock_source given_or_system(const clock_source& clock) noexcept {
  return clock.now == nullptr ? clock_source{.now = system_clock_now} : clock;
}

inline std::shared_ptr<book_shared> share(std::shared_ptr<backend> store,
                                          std::shared_ptr<root_cell> cell,
                                          const book_options& options) {
  auto out = std::make_shared<book_shared>();
  out->store = std::move(store);
  out->cell = std::move(cell);
  out->key_cache_nodes =
      options.key_cache_nodes == 0 ? default_cache_nodes : options.key_cache_nodes;
  return out;
}

}  // namespace clientbook

#endif
