// Sessions: erasing many, and what goes at the end of its time.
#include <clientbook/transfer/retention_json.hpp>

#include "handles.hpp"
#include "session_text.hpp"
#include "text_out.hpp"

using namespace clientbook;
using namespace clientbook::c_abi;

clientbook_status clientbook_session_erase_many(clientbook_context* context,
                                                clientbook_handle session, const char* what,
                                                size_t what_size, clientbook_bytes* out,
                                                clientbook_error* error) {
  return text_of_session(
      context, session, error, out, given(what), [&](opened_session& in) -> result<std::string> {
        in.where.clear();
        const auto said = erasures_from_json(text(what, what_size), in.where);
        if (!said) return said.error();
        const auto done = in.session.erase(said->customers, said->reason, said->options);
        if (!done) return done.error();
        return erasures_to_json(said->customers, *done, said->options.mentions);
      });
}
