// room: base
// expect: cannot convert|could not convert|no viable conversion
#include <clientbook/base/ids.hpp>

clientbook::purpose_id purpose(clientbook::recipient_id recipient) {
#if BAD
  return recipient;
#else
  return clientbook::purpose_id{recipient.value};
#endif
}
