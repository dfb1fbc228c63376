// room: model
// expect: conversion from .*personal_text|no viable conversion
#include <clientbook/model/record.hpp>

#include <string>

std::string log_line(const clientbook::note& written) {
#if BAD
  const std::string_view text = written.text;
#else
  const std::string_view text = written.text.reveal();
#endif
  return std::string(text);
}
