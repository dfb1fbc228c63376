// Memory for trees of Boost.JSON that hold personal data: it is overwritten when it is given back.
#ifndef CLIENTBOOK_INTERNAL_TRANSFER_WIPED_JSON_HPP
#define CLIENTBOOK_INTERNAL_TRANSFER_WIPED_JSON_HPP

#include <clientbook/base/secret.hpp>
#include <clientbook/transfer/record_json.hpp>

#include <boost/json/memory_resource.hpp>
#include <boost/json/serializer.hpp>
#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>

#include <array>
#include <new>

namespace clientbook::transfer {

class wiping_resource final : public boost::json::memory_resource {
  void* do_allocate(std::size_t size, std::size_t align) override {
    return ::operator new(size, std::align_val_t(align));
  }
  void do_deallocate(void* memory, std::size_t size, std::size_t align) override {
    wipe({static_cast<std::byte*>(memory), size});
    ::operator delete(memory, std::align_val_t(align));
  }
  bool do_is_equal(const boost::json::memory_resource& other) const noexcept override {
    return this == &other;
  }
};

inline boost::json::storage_ptr wiped_memory() {
  return boost::json::make_shared_resource<wiping_resource>();
}

inline wiped_text written(const boost::json::value& tree) {
  wiped_text out;
  std::array<char, 1024> part;
  boost::json::serializer from;
  from.reset(&tree);
  while (!from.done()) out.append(from.read(part.data(), part.size()));
  wipe(std::as_writable_bytes(std::span(part)));
  return out;
}

}  // namespace clientbook::transfer

#endif
