// The redactor's way for finders: one text, hidden by the finds of another than our own scanner,
// who is not believed that they are in order, apart and between code points.
#include <clientbook/scanner/text_redactor.hpp>

namespace clientbook {

// One text with the finds of a finder.
bool text_redactor::whole(std::string_view text, text_sink sink) noexcept {
  if (!begin_or_go_on()) return false;
  const auto found = options_.finder->find(text, options_.scan, pending_);
  if (!found) {
    const error& why = found.error();
    return why.code == errc::buffer_too_small
               ? fail(errc::limit_exceeded, "too much to hide in one text")
               : fail(why.code, why.text, why.at);
  }
  const auto between = [&](std::size_t begin, std::size_t end) {
    if (begin < end) sink.put(sink.context, text.substr(begin, end - begin));
  };
  const auto inside_code_point = [&](std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
  };
  std::size_t done = 0;
  for (const text_entity& one : *found) {
    if (one.begin < done || one.end <= one.begin || one.end > text.size() ||
        inside_code_point(one.begin) || inside_code_point(one.end)) {
      return fail(errc::invalid_argument, "a finder's finds are not in order and apart");
    }
    between(done, one.begin);
    hide(one, text.substr(one.begin, one.end - one.begin), sink);
    done = one.end;
  }
  between(done, text.size());
  receipt_.bytes_in = text.size();
  return true;
}

}  // namespace clientbook
