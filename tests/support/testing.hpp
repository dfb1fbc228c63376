// doctest, taught to print results by code, never by value.
#ifndef CLIENTBOOK_TESTS_TESTING_HPP
#define CLIENTBOOK_TESTS_TESTING_HPP

#include <doctest/doctest.h>
#include <clientbook/base/result.hpp>

namespace doctest {

template <class T>
struct StringMaker<clientbook::result<T>> {
  static String convert(const clientbook::result<T>& value) {
    if (value.has_value()) return "a value";
    const clientbook::error failure = value.error();
    return String("error ") + toString(static_cast<unsigned>(failure.code)) + " at " +
           toString(static_cast<unsigned long>(failure.at)) + ": " + failure.text.c_str();
  }
};

template <>
struct StringMaker<clientbook::errc> {
  static String convert(clientbook::errc code) {
    return String("errc ") + toString(static_cast<unsigned>(code));
  }
};

}  // namespace doctest

#endif
