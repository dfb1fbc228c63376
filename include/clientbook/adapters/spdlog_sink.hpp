// spdlog sink: the last line of defence of a program's own log. What scan() finds in a message
// does not reach the sink behind it.
//
// Each message is looked at on its own, with what the program put into it; the name of a logger
// and a place in the source come from the program's text and pass as they are. A message that
// is not UTF-8 is replaced whole. Memory is fixed when the sink is made: a longer message is cut.
//
// Thread safety: as spdlog's sinks whose names end in _mt.
// Not in clientbook.hpp: it is built only where spdlog is installed.
#ifndef CLIENTBOOK_ADAPTERS_SPDLOG_SINK_HPP
#define CLIENTBOOK_ADAPTERS_SPDLOG_SINK_HPP

#include <clientbook/scanner/text_redactor.hpp>

#include <cstddef>
#include <memory>

namespace spdlog::sinks {
class sink;
}

namespace clientbook {

struct spdlog_sink_options {
  /// What its `scan` points to must live longer than the sink. With a finder a message that
  /// does not fit is replaced whole.
  text_redaction_options redaction{};
  /// Bytes of a redacted message that are passed on; what follows is dropped and `...` says so.
  /// At least 64.
  std::size_t message_bytes = 16384;
};

/// A sink before `inner`. Patterns and formatters that are set on it are set on `inner`.
///
/// Errors: invalid_argument (no inner sink, too few bytes, options that scan() refuses).
result<std::shared_ptr<spdlog::sinks::sink>> make_redacting_sink(
    std::shared_ptr<spdlog::sinks::sink> inner, const spdlog_sink_options& options = {});

}  // namespace clientbook

#endif
