#include "text_window.hpp"

#ifdef CLIENTBOOK_FIRMWARE
#define CLIENTBOOK_LOOK
#include "text_window.inc"
#endif
