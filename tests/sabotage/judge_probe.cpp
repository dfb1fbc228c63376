#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <csignal>

TEST_CASE("probe, that passes") { CHECK(true); }
TEST_CASE("probe, that fails") { CHECK(false); }
TEST_CASE("probe, that crashes") { std::raise(SIGSEGV); }
