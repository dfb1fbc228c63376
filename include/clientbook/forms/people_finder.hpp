// Names of people in a text, as a text_finder: what scan() finds, and what stands there as a name.
//
// Names are told by what stands beside them, without a model (docs/text.md). A host that has a
// model plugs it in as a name_finder; what it finds is hidden beside the rest.
//
// Not in firmware. Thread safety: find() is a pure function, if the model's is.
#ifndef CLIENTBOOK_FORMS_PEOPLE_FINDER_HPP
#define CLIENTBOOK_FORMS_PEOPLE_FINDER_HPP

#include <clientbook/scanner/text_redactor.hpp>

namespace clientbook {

/// Takes the names of a text, in any order: bytes [begin, end).
struct name_sink {
  void (*put)(void* to, std::size_t begin, std::size_t end) noexcept = nullptr;
  void* to = nullptr;
};

/// A model of the host's, as a port. `find` returns false if it could not look: the text is then
/// not given out. What is no range of whole code points is an error too.
struct name_finder {
  bool (*find)(void* context, std::string_view text, name_sink to) noexcept = nullptr;
  void* context = nullptr;
};

class people_finder final : public text_finder {
 public:
  people_finder() noexcept = default;
  /// `beside` (may be null, must live longer) is asked in the place of scan().
  explicit people_finder(const name_finder& model, const text_finder* beside = nullptr) noexcept
      : model_(model), beside_(beside) {}

  /// Names only where `options.types` has person_name. Errors: as scan(), invalid_argument (the
  /// model), limit_exceeded (memory).
  result<std::span<text_entity>> find(std::string_view text, const scan_options& options,
                                      std::span<text_entity> out) const noexcept override;

 private:
  name_finder model_{};
  const text_finder* beside_ = nullptr;
};

}  // namespace clientbook

#endif
