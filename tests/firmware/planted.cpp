// What the core must not do, once each; the check has to refuse every symbol named here.
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

struct base {
  virtual void keep();
  virtual void act() = 0;
  virtual ~base() = default;
};
struct derived : base {
  void act() override;
};

void* from_heap(std::size_t size) { return std::malloc(size); }  // refused: malloc
void back_to_heap(void* block) { std::free(block); }             // refused: free
int* from_new() { return new int(1); }                           // refused: _Znwj
void with_delete(int* number) { delete number; }                 // refused: _ZdlPvj
void with_throw() { throw 1; }  // refused: __cxa_throw refused: __cxa_allocate_exception
void with_printf(int n) { std::printf("%d of %d\n", n, n); }  // refused: printf
char at(const std::string& text, std::size_t i) { return text.at(i); }
// refused: _ZSt24__throw_out_of_range_fmtPKcz
void with_catch() noexcept(false) {
  try {
    with_throw();
  } catch (int) {  // refused: __cxa_begin_catch refused: __gxx_personality_v0
    std::abort();
  }
}
void base::keep() {}  // refused: __cxa_pure_virtual
void derived::act() {}
std::string& shared() {
  static std::string text;  // refused: __cxa_guard_acquire refused: atexit
  return text;
}
