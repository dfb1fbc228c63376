#include <clientbook/adapters/spdlog_sink.hpp>

#include <doctest/doctest.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

using namespace clientbook;

namespace {

// A logger before whose sink stands the redacting one; `said` is what came out.
struct log_file {
  std::ostringstream out;
  std::shared_ptr<spdlog::sinks::ostream_sink_mt> inner =
      std::make_shared<spdlog::sinks::ostream_sink_mt>(out, true);
  spdlog::logger log;

  explicit log_file(const spdlog_sink_options& options = {})
      : log("till", *make_redacting_sink(inner, options)) {
    log.set_pattern("%v");
  }
  std::string said() {
    std::string text = out.str();
    out.str("");
    return text.empty() ? text : text.substr(0, text.size() - 1);  // Without the line end.
  }
};

}  // namespace

TEST_CASE("spdlog sink: what is found in a message does not reach the sink behind it") {
  log_file file;
  file.log.info("wrote to {}, card {}", "zoë@example.com", "4111 1111 1111 1111");
  CHECK(file.said() == "wrote to <EMAIL_ADDRESS>, card <PAYMENT_CARD>");
  file.log.warn("size 42 is sold out");
  CHECK(file.said() == "size 42 is sold out");
  file.log.info("");
  CHECK(file.said().empty());
}

TEST_CASE("spdlog sink: a message that is not UTF-8 is hidden whole, and the next one is not") {
  log_file file;
  file.log.info("zoe@example.com \xff");
  CHECK(file.said() == "<MESSAGE NOT SHOWN: not UTF-8>");
  file.log.info(std::string(20'000, 'x') + " zoe@example.com \xc3");
  const std::string said = file.said();
  CHECK(said.find("zoe@") == said.npos);
  file.log.info("zoe@example.com");
  CHECK(file.said() == "<EMAIL_ADDRESS>");
}

TEST_CASE("spdlog sink: a finder's finds do not come out, nor what it could not look at") {
  class tickets final : public text_finder {
   public:
    result<std::span<text_entity>> find(std::string_view text, const scan_options& options,
                                        std::span<text_entity> out) const noexcept override {
      const std::size_t at = text.find("T-1");
      if (at == text.npos) return scan(text, options, out);
      out[0] = {.begin = at, .end = at + 3, .type = entity_type::tenant_pattern};
      return out.first(1);
    }
  } finder;
  log_file file({.redaction = {.finder = &finder}, .message_bytes = 64});
  file.log.info("ticket T-1");
  CHECK(file.said() == "ticket <TENANT_PATTERN>");
  file.log.info("zoe@example.com");
  CHECK(file.said() == "<EMAIL_ADDRESS>");
  file.log.info("\xff");
  CHECK(file.said() == "<MESSAGE NOT SHOWN>");
  file.log.info(std::string(65, 'x'));
  CHECK(file.said() == "<MESSAGE NOT SHOWN>");
  file.log.info("ticket");
  CHECK(file.said() == "ticket");
}

TEST_CASE("spdlog sink: a long message is cut between characters, and nothing shows for it") {
  for (const std::size_t bytes : {64U, 65U, 66U, 67U, 1000U}) {
    CAPTURE(bytes);
    log_file file({.redaction = {}, .message_bytes = bytes});
    std::string text;
    while (text.size() < 5'000'000) text += "€ zoë@example.com ";
    file.log.info(text);
    const std::string said = file.said();
    CHECK(said.size() <= bytes);
    CHECK(said.size() + 20 >= bytes);
    CHECK(said.ends_with("..."));
    CHECK(said.find("example") == said.npos);
    std::vector<text_entity> room(8);
    CHECK(scan(said, {}, room).has_value());  // It is UTF-8.
  }
}

TEST_CASE("spdlog sink: options, pattern and level are those of both sinks") {
  log_file file({.redaction = {.mark = text_mark::blocks}});
  file.log.info("zoe@example.com");
  CHECK(file.said() == "████");
  file.log.set_pattern("[%n] %v");
  file.log.info("zoe@example.com");
  CHECK(file.said() == "[till] ████");
  file.inner->set_level(spdlog::level::err);
  file.log.info("zoe@example.com");
  CHECK(file.said().empty());
}

TEST_CASE("spdlog sink: threads do not mix their messages") {
  log_file file;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&file] {
      for (int k = 0; k < 200; ++k) file.log.info("wrote to zoe{}@example.com", k);
    });
  }
  for (std::thread& one : threads) one.join();
  std::istringstream lines(file.said());
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    CHECK(line == "wrote to <EMAIL_ADDRESS>");
  }
  CHECK(count == 800);
}

TEST_CASE("spdlog sink: refused without a sink, without room, with options that are wrong") {
  std::ostringstream out;
  const auto inner = std::make_shared<spdlog::sinks::ostream_sink_mt>(out);
  CHECK(make_redacting_sink(nullptr).error().code == errc::invalid_argument);
  CHECK(make_redacting_sink(inner, {.redaction = {}, .message_bytes = 63}).error().code ==
        errc::invalid_argument);
  const std::string_view regions[] = {"Italy"};
  spdlog_sink_options options;
  options.redaction.scan.regions = regions;
  CHECK(make_redacting_sink(inner, options).error().code == errc::invalid_argument);
}
