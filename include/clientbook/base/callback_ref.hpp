// Callback: whom a call tells something, or asks, while it runs. A function and its context, which
// any language can fill in; a callable of C++ converts to it.
//
//   session.for_each(purpose, fields, [&](const view& one) { ...; return true; });
//
// Does not own: what it refers to lives until the call that takes it returns. Nothing keeps one.
//
// Thread safety: values.
#ifndef CLIENTBOOK_BASE_CALLBACK_REF_HPP
#define CLIENTBOOK_BASE_CALLBACK_REF_HPP

#include <memory>
#include <type_traits>
#include <utility>

namespace clientbook {

template <class Signature>
class callback_ref;

template <class Result, class... Arguments>
class callback_ref<Result(Arguments...)> {
 public:
  using function_type = Result (*)(void* context, Arguments...);

  /// Nobody. Not to be called.
  constexpr callback_ref() noexcept = default;
  constexpr callback_ref(function_type function, void* context) noexcept
      : function_(function), context_(context) {}
  template <class Callable>
  requires(!std::is_same_v<std::remove_cvref_t<Callable>, callback_ref> &&
           std::is_object_v<std::remove_reference_t<Callable>> &&
           std::is_invocable_r_v<
               Result, Callable&,
               Arguments...>) constexpr callback_ref(Callable&&
                                                         callable) noexcept  // NOLINT(*-explicit-*)
      : function_([](void* context, Arguments... arguments) -> Result {
          auto& callee = *static_cast<std::remove_reference_t<Callable>*>(context);
          if constexpr (std::is_void_v<Result>) {
            callee(std::forward<Arguments>(arguments)...);
          } else {
            return callee(std::forward<Arguments>(arguments)...);
          }
        }),
        context_(const_cast<void*>(static_cast<const void*>(std::addressof(callable)))) {}

  constexpr explicit operator bool() const noexcept { return function_ != nullptr; }
  constexpr Result operator()(Arguments... arguments) const {
    return function_(context_, std::forward<Arguments>(arguments)...);
  }

 private:
  function_type function_ = nullptr;
  void* context_ = nullptr;
};

}  // namespace clientbook

#endif
