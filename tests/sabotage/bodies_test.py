"""Tries bodies.py on every form in which a brace opens the body of a function, or does not.

In the sources below « and » stand around a body that may be one of several, ‹ and › around one that may
not; they are taken out before bodies.py reads."""

import pathlib
import re
import unittest

import bodies

MARKS = re.compile("[«»‹›]")


def marked(text):
    """The text with marks where bodies.py finds bodies."""
    marks = {}
    for body in bodies.bodies_of(text):
        marks[body.begin] = "‹" if body.alone else "«"
        marks[body.end] = "›" if body.alone else "»"
    return "".join(marks.get(i, "") + each for i, each in enumerate(text + "\n"))[:-1]


class Bodies(unittest.TestCase):
    def expect(self, *sources):
        for source in sources:
            self.assertEqual(marked(MARKS.sub("", source)), source)

    def test_functions_in_scopes(self):
        self.expect(
            "int f(int a) «{ return a; }»\nint g() «{}»",
            "namespace shop::inner { void f() «{ if (a) { b(); } }» }",
            "namespace { namespace x { int a; void f() «{}» } }",
            "inline namespace v1 { void f() «{}» }",
            "namespace [[deprecated]] shop { void f() «{}» }",
            'extern "C" { void f() «{}» }\nextern "C" int g() «{}»',
            "int f();\nint f() «{}»;",
        )

    def test_methods_in_classes(self):
        self.expect(
            "class a { public: int f() const «{}» private: void g() noexcept «{}» int b{0}; };",
            "struct a final : public b<int (*)()>, private c { void f() override «{}» int x; } y;",
            "struct alignas(8) a { struct inner { void f() «{}» }; union { int b; float c; }; };",
            "template <class T> struct a<T, (3 > 2)> { void f() && «{}» };",
            "class [[nodiscard]] a { bool operator==(const a&) const «{}» };",
        )

    def test_heads(self):
        self.expect(
            "struct stat f(int a) «{}»\nenum kind g(int a) «{}»\nclass a* h() «{}»",
            "std::map<int, int (*)(int)> f() «{}»",
            "auto f(int a) -> std::vector<decltype(a)> «{}»\nauto a::g() const noexcept(true) -> int «{}»",
            "template <class T> requires (sizeof(T) > 1) void f(T a) «{}»",
            "template <class T> void f(T a) requires std::integral<T> «{}»",
            "void f(options how = {.a = {1, 2}}, int b = {}, int c = g([] { return 1; })) «{}»",
            "[[nodiscard]] __attribute__((noinline)) int f() «{}»",
            "int f(auto a, decltype(b) c) «{}»",
            "int (*f(int a))(int) ",
            "a::~a() «{}»\na::operator bool() const «{}»\nvoid* a::operator new(size_t n) «{}»",
            "int a::operator()(int b) const «{}»\nint a::operator[](int b) «{}»",
            "a& a::operator=(const a& b) «{}»\nbool operator<(a b, a c) «{}»\na operator->() «{}»",
            "bool operator<=(a b, a c) «{}»\na operator>>(a b, int c) «{}»\nint operator\"\"_x(char a) «{}»",
            "void f(char (&a)[3]) «{}»\nint f(int a[]) «{}»",
        )

    def test_constructors(self):
        self.expect(
            "a::a() : b_(1), c_{2}, d_{} «{ e(); }»",
            "a::a(int b) noexcept : base<int>{b}, c_{[] { return 1; }()} «{}»",
            "struct a { explicit(true) a(int b) : b_{b} «{}» int b_ = {}; };",
            "template <class... T> a<T...>::a(T... t) : T(t)... «{}»",
            "a::a() : a(std::vector<int>{1, 2}) «{}»",
        )

    def test_a_function_that_is_one_try(self):
        self.expect(
            "int f() try «{ g(); }» catch (const b& c) «{ return 1; }» catch (...) «{}»",
            "a::a() try : b_{1} «{}» catch (...) «{ throw; }»\nint g() «{}»",
        )

    def test_values_are_no_bodies(self):
        self.expect(
            "const int t[] = {1, 2};\nvoid f() «{}»",
            "int a{3};\nstd::array<int, f(3)> b{1};\nvoid f() «{}»",
            "enum class kind : int { one, two };\nenum { three };\nvoid f() «{}»",
            "const auto made = [](int a) { return a; };\nconst int b = [] { return 1; }();\nvoid f() «{}»",
            "auto f = g(1) ? a{1} : b{2};\nvoid h() «{}»",
            "using a = decltype(b{});\nconcept c = requires(T a) { a.b(); };\nvoid f() «{}»",
        )

    def test_what_cannot_be_one_of_several(self):
        self.expect(
            "constexpr int f() ‹{ return 1; }›\nconsteval int g() ‹{ return 1; }›",
            "struct a { static constexpr int f() noexcept ‹{}› };\ntemplate <class T> constexpr T f() ‹{}›",
            "auto f() ‹{ return 1; }›\nconst auto& g() ‹{}›\ndecltype(auto) h() ‹{}›",
            "void f() ‹{ goto end; end:; }›\nvoid g() «{ /* goto */ }»",
        )

    def test_nested_lambdas_and_classes_are_of_their_function(self):
        self.expect(
            "void f() «{ auto a = [&](int b) { return [b] { return b; }(); }; struct c { void d() {} }; }»",
        )

    def test_comments_and_literals(self):
        self.expect(
            "void f() «{ // } it's }\n}»\nvoid g() «{ /* } \" */ }»",
            "// { \\\n { still a comment\nvoid f() «{}»",
            "void f() «{ a(\"}\\\"}\"); }»\nconst char b = '{';\nvoid g() «{ c('\\''); d('\"'); e(u8'}', L'}'); }»",
            'void f() «{ a(R"({ " } ) " }" )"); }»',
            'void f() «{ a(R"x( )" } )x", u8R"(\\)"); }»\nvoid g() «{}»',
            "int a = 1'000;\nvoid f() «{ b(0xFF'FF, 1'0.5e-3, '}'); }»\nint c = 2'000;",
            "void f() «{ switch (a) { case '1': case 1'0: b(); } }»",
        )

    def test_lines_of_the_preprocessor(self):
        self.expect(
            "#define OPEN {\n#define MORE(a) \\\n  { a\nvoid f() «{}»",
            "#include <a>\n#if defined(A)\nvoid f() «{\n#if B\n  b();\n#else\n  c();\n#endif\n}»\n#endif\n",
            "#error don't\nvoid f() «{ '}'; }»",
            "#ifdef A\nvoid f(int a)\n#else\nvoid f()\n#endif\n«{}»",
        )

    def test_brackets_that_do_not_match(self):
        for source in ("void f() {", "void f() }", "void f( { )}", "#if A\nint f() {\n#else\nint g() {\n#endif\n}"):
            with self.assertRaises(bodies.Unreadable):
                bodies.bodies_of(source)

    def test_a_text_without_literals_keeps_its_places(self):
        for source in ("a // b\nc", 'u8R"x(\n)x" /*\n*/ 1\'000 \'"\'', "#define a \\\n b\nc"):
            bare = bodies.bare(source)
            self.assertEqual(len(bare), len(source))
            self.assertEqual([i for i, e in enumerate(bare) if e == "\n"],
                             [i for i, e in enumerate(source) if e == "\n"])


class ThisHouse(unittest.TestCase):
    """Every source of the library: no statement stands outside of what is found, but in lambdas of
    constants."""

    def test_sources(self):
        root = pathlib.Path(__file__).resolve().parents[2] / "src"
        found = 0
        for path in sorted(root.rglob("*.cpp")):
            text = path.read_text(encoding="utf-8")
            code = bodies.bare(text)
            at = 0
            outside = ""
            for body in bodies.bodies_of(text):
                found += 1
                self.assertEqual(text[body.begin] + text[body.end - 1], "{}", path)
                outside += code[at : body.begin] + ";"
                at = body.end
            outside += code[at:]
            statements = re.findall(r"^ *(?:if|for|while|switch|return)\b.*", outside, re.MULTILINE)
            self.assertTrue(not statements or "[]" in outside, f"{path}: {statements}")
        self.assertGreater(found, 1000)


if __name__ == "__main__":
    unittest.main()
