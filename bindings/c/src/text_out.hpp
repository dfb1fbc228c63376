// Texts that a session makes, on their way out.
#ifndef CLIENTBOOK_BINDINGS_C_TEXT_OUT_HPP
#define CLIENTBOOK_BINDINGS_C_TEXT_OUT_HPP

#include <string>

#include "handles.hpp"

namespace clientbook::c_abi {

template <class Text>
result<void> hand_out_text(const result<Text>& made, clientbook_bytes* out) {
  if (!made) return made.error();
  hand_out(out, *made);
  return {};
}

// A call of a session that gives one text.
template <class Make>
clientbook_status text_of_session(clientbook_context* context, clientbook_handle session,
                                  clientbook_error* error, clientbook_bytes* out, bool pointers,
                                  Make&& make) noexcept {
  return with_session(context, session, error, pointers && out != nullptr,
                      [&](opened_session& in) -> result<void> {
                        const auto made = make(in);
                        // What was left out because it could not be read is no answer.
                        if (made && in.session.was_stopped()) return stopped_by_host;
                        return hand_out_text(made, out);
                      });
}

}  // namespace clientbook::c_abi

#endif
