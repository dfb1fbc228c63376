// What a redactor read is in no memory that it gave back: every block is looked at as it is freed.
#include <clientbook/forms/form_redactor.hpp>

#include <malloc.h>

#include <cstdlib>
#include <new>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

using namespace clientbook;

namespace {

// Short ones lie within objects, long ones on the heap.
constexpr std::string_view traces[] = {"4929-0000-7777", "kowalczyk", "zzq.7431"};
bool watching = false;
int seen = 0;

void look_at(void* memory) noexcept {
  if (!watching || memory == nullptr) return;
  const std::string_view all(static_cast<const char*>(memory), malloc_usable_size(memory));
  for (const std::string_view one : traces) {
    if (all.find(one) != all.npos) ++seen;
  }
}

}  // namespace

void* operator new(std::size_t size) {
  // Nothing of a former owner counts against this one.
  if (void* const memory = std::calloc(1, size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  look_at(memory);
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }

TEST_CASE("forms: what was read is wiped when its memory is given back") {
  const std::string_view regions[] = {"US"};
  const std::string encoded = "Y2FyZCA0OTI5LTAwMDAtNzc3NyBhbmQgenpxLjc0MzFAZXhhbXBsZS5jb20=";
  const std::string texts[] = {
      "id,name\n1,kowalczyk\n",
      "id,name,note\n1,Kowalczyk kowalczyk,\"4929-0000-7777 and \"\"zzq.7431\"\"\"\n",
      "{\"name\":\"kowalczyk\",\"note\":\"card 4929-0000-7777-1 zzq.7431@example.com\"}",
      "<p>Mrs. Kowalczyk kowalczyk <b title=\"zzq.7431\">4929-0000-7777</b><!-- kowalczyk --></p>",
      "From: kowalczyk <zzq.7431@example.com>\nSubject: 4929-0000-7777\n"
      "Content-Transfer-Encoding: base64\n\n" +
          encoded + "\n",
      "From: a\nTo: kowalczyk\nContent-Transfer-Encoding: quoted-printable\n\n"
      "4929-0000-7777 zzq.7431=\n@example.com\n",
      "> kowalczyk, 4929-0000-7777\nuser=\"zzq.7431\" name=kowalczyk\n\nDear Kowalczyk,\n"};
  for (const std::string& text : texts) {
    CAPTURE(text);
    form_options how;
    how.text.scan.regions = regions;
    seen = 0;
    watching = true;
    {
      form_redactor redactor(how);
      std::string_view rest = text;
      while (!rest.empty()) {  // In pieces: what waits is held back.
        const std::string_view piece = rest.substr(0, 7);
        CHECK(redactor.write(piece, {}));
        rest.remove_prefix(piece.size());
      }
      CHECK(redactor.finish({}));
    }
    watching = false;
    CHECK(seen == 0);
  }
}
