// room: scanner
// expect: clientbook/redaction/redaction.hpp
#include <clientbook/scanner/scan.hpp>
#if BAD
#include <clientbook/redaction/redaction.hpp>
#endif

void nothing(const clientbook::scan_options&) {}
