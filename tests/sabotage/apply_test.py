"""Tries apply.py and no_switches.py on small projects: what they make, and that every mistake of
a table is told with the table, the line and the sabotage."""

import contextlib
import io
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest
import zlib

import apply

HERE = pathlib.Path(__file__).resolve().parent

SOURCE = """#include "limit.hpp"

int admit(int asked, int rest) {
  if (asked > limit &&
      rest == 0) {
    return 0;
  }
  if (rest == 1) return 1;
  int interest = 1;
  return asked + interest + two() + two();
}
"""
HEADER = """#ifndef SHOP_LIMIT_HPP
#define SHOP_LIMIT_HPP
constexpr int limit = 7;
inline int two() { return 2; }
#endif
"""
ROW = """# The door.
[door_open]
file: src/shop/door.cpp
test: shop
case: shop: the door, closed at night
replace: if (asked > limit && rest == 0) {
with: if (false) {
"""
NUMBER = f"{zlib.crc32(b'door_open'):#x}"


class Project(unittest.TestCase):
    """A folder with one room, one test and a table."""

    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.root = pathlib.Path(place.name).resolve()
        self.put("src/shop/door.cpp", SOURCE)
        self.put("src/shop/limit.hpp", HEADER)
        self.put("src/shop/plain.hpp", "#pragma once\nint plain();\n")
        self.put("src/shop/data.csv", "a,b\n")
        self.put("src/attic/old.cpp", "int old() { return 0; }\n")
        self.to = self.root / "build"

    def put(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run_apply(self, what, **tables):
        """What the command prints, and with which mistakes it ends."""
        for name, text in tables.items():
            self.put(f"tests/{name}.sabotage", text)
        arguments = [what, "--root", self.root, "--to", self.to, "--rooms", "shop"]
        arguments += ["--tests", "shop", "--tables"]
        arguments += [self.root / f"tests/{name}.sabotage" for name in tables]
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            try:
                apply.main([str(each) for each in arguments])
            except SystemExit as end:
                return out.getvalue(), end.code
        return out.getvalue(), ""

    def copy(self, of="shared", file="src/shop/door.cpp"):
        return (self.to / of / file).read_text(encoding="utf-8")


class Copies(Project):
    def write(self, table):
        self.assertEqual(self.run_apply("write", shop=table), ("", ""))

    def changed(self):
        """The body that stands where the row is chosen."""
        return self.copy().split(f"== {NUMBER}u)")[1].split(" else")[0]

    def test_the_body_of_a_function_stands_once_more(self):
        self.write(ROW)
        body = SOURCE[SOURCE.index("{") :]
        line = f'\n#line 3 "{self.root}/src/shop/door.cpp'
        self.assertEqual(
            self.copy(),
            "extern unsigned clientbook_sabotage_chosen;\n"
            f'#line 1 "{self.root}/src/shop/door.cpp"\n'
            '#include "limit.hpp"\n\nint admit(int asked, int rest) {'
            f' if (clientbook_sabotage_chosen == {NUMBER}u){line} [door_open]"\n'
            + body[:-1].replace("if (asked > limit &&\n      rest == 0) {", "if (false) {\n")
            + f' else{line}"\n{body[:-1]}}}\n',
        )

    def test_nothing_instead_and_several_places(self):
        row = ROW.replace("with: if (false) {", "with: {") + "replace: if (rest == 1) return 1;\nwith:\n"
        self.write(row)
        self.assertNotIn("if", self.changed())
        self.assertIn("if (rest == 1)", self.copy().split(" else")[1])

    def test_rows_of_one_function_and_text_have_a_body_each(self):
        other = ROW.replace("door_open", "door_shut").replace("if (false)", "if (true)")
        self.write(ROW + other)
        bodies = self.copy().split(" else")
        self.assertEqual(len(bodies), 3)
        self.assertIn("if (false)", bodies[0])
        self.assertIn("if (true)", bodies[1])
        self.assertIn("rest == 0", bodies[2])
        self.assertNotIn("rest == 0", bodies[0] + bodies[1])

    def test_another_row_changes_no_number(self):
        self.write(ROW)
        before = self.copy().split(" else")[0]
        self.write(ROW + ROW.replace("door_open", "a_door"))
        self.assertIn(before, self.copy())

    def test_what_is_no_body_has_a_copy_of_its_own(self):
        self.put("src/shop/door.cpp", SOURCE + "constexpr int half(int a) { return a / 2; }\nint rest = 1;\n")
        self.write(
            ROW
            + "[more]\nfile: src/shop/door.cpp\ntest: shop\ncase: a\nreplace: int rest = 1;\nwith: int rest = 9;\n"
            + "[made]\nfile: src/shop/door.cpp\ntest: shop\ncase: b\nreplace: a / 2\nwith: a / 3\n"
            + ROW.replace("door_open", "said") + "alone: it is said\n"
            + ROW.replace("door_open", "head").replace("if (asked", "int admit(int asked, int rest) {\n  if (asked")
            .replace("with: if (false)", "with: int admit(int asked, int) { int rest = 2; if (asked")
            + ROW.replace("door_open", "quoted").replace("if (asked", "int rest) {\n  if (asked")
            .replace("with: ", "with: int rest) { ")
        )
        self.assertEqual(sorted(each.name for each in (self.to / "alone").iterdir()),
                         ["head", "made", "more", "said"])
        lines = self.copy("alone/said").splitlines()
        self.assertEqual(lines[0], f'#line 1 "{self.root}/src/shop/door.cpp"')
        self.assertEqual(lines[4], "  if (false) {")
        honest = SOURCE.splitlines()
        self.assertEqual(lines.index("    return 0;") - 1, honest.index("    return 0;"))
        self.assertEqual(self.copy().count("if (clientbook_sabotage_chosen"), 2)
        out = self.run_apply("alone", shop=(self.root / "tests/shop.sabotage").read_text())[0]
        self.assertEqual(
            [line.split(": ", 1)[1] for line in out.splitlines()],
            [
                "more: it changes what is in no body of a function",
                "made: it changes a function that makes constants",
                "said: it is said",
                "head: it changes what is in no body of a function",
            ],
        )

    def test_a_row_of_several_places_is_alone_with_all_or_none(self):
        self.put("src/shop/wall.cpp", "int height = 1;\nint wall() { return height; }\n")
        more = "file: src/shop/wall.cpp\nreplace: return height;\nwith: return 0;\n"
        self.write(ROW + more)
        for file in ("src/shop/door.cpp", "src/shop/wall.cpp"):
            self.assertIn(NUMBER, self.copy(file=file))
        self.write(ROW.replace("door_open", "both") + more + "replace: height = 1\nwith: height = 2\n")
        self.assertIn("return 0;", self.copy("alone/both", "src/shop/wall.cpp"))
        self.assertIn("if (false)", self.copy("alone/both"))

    def test_the_cases_of_a_test_are_listed_once(self):
        self.write(ROW + ROW.replace("door_open", "again") + ROW.replace("door_open", "b").replace("closed", "open"))
        self.assertEqual((self.to / "cases/shop").read_text(),
                         "shop: the door, closed at night\nshop: the door, open at night\n")

    def test_a_text_of_several_lines(self):
        row = ROW.replace(
            "replace: if (asked > limit && rest == 0) {",
            "replace:\n  if (asked>limit\n      && rest==0)\n\n    {",
        )
        self.write(row)
        self.assertIn("if (false) {\n", self.changed())

    def test_a_name_is_not_found_in_a_longer_one(self):
        row = ROW.replace("if (asked > limit && rest == 0) {", "rest == 1")
        self.write(row)
        self.assertIn("int interest = 1;", self.changed())
        row = ROW.replace("if (asked > limit && rest == 0) {", "est = 1;")
        self.assertIn("found 0 times", self.run_apply("check", shop=row)[1])

    def test_what_does_not_change_is_not_written(self):
        self.write(ROW)
        path = self.to / "shared/src/shop/door.cpp"
        before = path.stat().st_mtime_ns
        time.sleep(0.02)
        self.write("# Another remark.\n" + ROW)
        self.assertEqual(path.stat().st_mtime_ns, before)
        self.put("src/shop/door.cpp", SOURCE + "\nint more;\n")
        self.write(ROW)
        self.assertGreater(path.stat().st_mtime_ns, before)
        self.assertIn("int more;", self.copy())

    def test_cmake_gets_the_row(self):
        out = self.run_apply("cmake", shop=ROW)[0]
        self.assertEqual(
            " ".join(out.split()),
            "clientbook_sabotaged_copy(src/shop/door.cpp ROOM shop)"
            " clientbook_sabotaged_test(shop COPIES src/shop/door.cpp)"
            " clientbook_sabotage(door_open TEST shop CASE [==[shop: the door, closed at night]==])",
        )
        out = self.run_apply("cmake", shop=ROW + "alone: so\n")[0]
        self.assertEqual(
            " ".join(out.split()),
            "clientbook_sabotage_alone(door_open TEST shop"
            " CASE [==[shop: the door, closed at night]==]"
            " ROOMS shop COPIES src/shop/door.cpp)",
        )

    def test_a_header_is_sabotaged_for_those_that_are_compiled_with_it(self):
        row = ROW.replace("door.cpp", "limit.hpp").replace("if (asked > limit && rest == 0) {", "7")
        row = row.replace("if (false) {", "70") + "compiles: src/shop/door.cpp\n"
        out = self.run_apply("cmake", shop=row)[0]
        self.assertIn("HEADERS src/shop/limit.hpp", out)
        self.assertIn("ORIGINALS src/shop/door.cpp", out)
        self.write(row)
        self.assertIn("int limit = 70;", self.copy("alone/door_open", "src/shop/limit.hpp"))


# A function of every form, and what main() prints of it; each "1;" is made a "2;".
FORMS = """extern "C" int printf(const char*, ...);
namespace { int plain(int a) { return a + 1'0 - 10 + 1; } }
template <class T> struct shape {
  explicit shape(T a) : a_{a}, b_{} { b_ += 1; }
  int operator()() const noexcept { return a_ + b_ - a_ - 1 + 1; }
  T a_, b_;
};
struct thrown {};
int tried() try { throw thrown{}; return 5; } catch (thrown) { return 1; }
auto told(int a = int{3}) -> int { auto f = [](int b) { return [b] { return b; }() + 1; }; return f(a); }
int held() { static int so_far = 0; const char* s = R"(})"; if (*s == '}') so_far += 1; return so_far; }
#if defined(__cplusplus)
int asked(int a) {
  switch (a) { case 'a': return 1; default: break; }
  return 0;
}
#endif
int before = plain(0);
int main() {
  printf("%d %d", before, plain(0));
  printf(" %d %d %d", shape<int>(7)(), shape<int>(7).b_, tried());
  printf(" %d %d", told(), held());
  printf("%d %d", held(), asked('a'));
}
"""
CHANGES = {
    "plain": ("10 + 1;", "2 2 1 1 1 4 12 1"),
    "members": ("b_ += 1;", "1 1 2 2 1 4 12 1"),
    "operator": ("- 1 + 1;", "1 1 2 1 1 4 12 1"),
    "tried": ("(thrown) { return 1;", "1 1 1 1 2 4 12 1"),
    "lambda": ("}() + 1;", "1 1 1 1 1 5 12 1"),
    "once": ("so_far += 1;", "1 1 1 1 1 4 24 1"),
    "asked": ("'a': return 1;", "1 1 1 1 1 4 12 2"),
}


class Programs(Project):
    """One program with all rows does what the source does with that row alone."""

    def run_row(self, program, name):
        environment = {**os.environ, "CLIENTBOOK_SABOTAGE": name}
        return subprocess.run([program], env=environment, capture_output=True, text=True, check=True).stdout

    def test_each_row_is_chosen_alone(self):
        self.put("src/shop/door.cpp", FORMS)
        rows = ""
        for name, (text, _) in CHANGES.items():
            changed = text.replace("1;", "2;")
            rows += f"[{name}]\nfile: src/shop/door.cpp\ntest: shop\ncase: a\nreplace: {text}\nwith: {changed}\n"
        self.assertEqual(self.run_apply("write", shop=rows), ("", ""))
        self.assertFalse((self.to / "alone").exists())
        program = self.root / "program"
        compiler = os.environ.get("CXX", "c++")
        sources = [self.to / "shared/src/shop/door.cpp", HERE / "chosen.cpp"]
        subprocess.run([compiler, "-std=c++20", "-w", *sources, "-o", program], check=True)
        for none in ("", "nobody"):
            self.assertEqual(self.run_row(program, none), "1 1 1 1 1 4 12 1")
        for name, (_, told) in CHANGES.items():
            self.assertEqual(self.run_row(program, name), told, name)

    def test_diagnostics_name_the_line_of_the_original_and_the_row(self):
        self.put("src/shop/door.cpp", SOURCE + "\nint wrong() {\n  return nothing;\n}\n")
        self.run_apply("write", shop=ROW.replace("if (false) {", "if (nobody) {"))
        done = subprocess.run(
            [os.environ.get("CXX", "c++"), "-fsyntax-only", "-iquote", self.root / "src/shop",
             self.to / "shared/src/shop/door.cpp"],
            capture_output=True, text=True, check=False)
        self.assertIn(f"{self.root}/src/shop/door.cpp [door_open]:4:", done.stderr)
        self.assertIn(f"{self.root}/src/shop/door.cpp:14:", done.stderr)


class BadTables(Project):
    def expect(self, table, *told):
        """Every mistake is told, and by each of the three commands."""
        for what in ("check", "cmake", "write"):
            out, mistakes = self.run_apply(what, shop=table)
            self.assertEqual(mistakes.splitlines(), [f"tests/shop.sabotage:{e}" for e in told])
            self.assertEqual(out, "")
            self.assertFalse(self.to.exists())

    def test_a_mistake_ends_the_program_with_1(self):
        self.put("tests/shop.sabotage", "[door_open]\n")
        done = subprocess.run(
            [sys.executable, HERE / "apply.py", "check", "--root", self.root]
            + ["--tables", self.root / "tests/shop.sabotage"],
            capture_output=True,
            check=False,
        )
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"tests/shop.sabotage:1: door_open: ", done.stderr)

    def test_text_not_found(self):
        self.expect(
            ROW.replace("rest == 0", "rest == 2"),
            "6: door_open: the text to replace is found 0 times in src/shop/door.cpp, "
            "it must be once",
        )

    def test_text_found_twice(self):
        self.expect(
            ROW.replace("if (asked > limit && rest == 0) {", "two()"),
            "6: door_open: the text to replace is found 2 times in src/shop/door.cpp, "
            "it must be once",
        )

    def test_unknown_file_room_and_kind(self):
        self.expect(
            ROW.replace("door.cpp", "window.cpp"),
            "3: door_open: there is no file src/shop/window.cpp",
        )
        self.expect(
            ROW.replace("src/shop/door.cpp", "src/attic/old.cpp").replace(
                "if (asked > limit && rest == 0) {", "return 0;"
            ),
            "3: door_open: there is no room attic for src/attic/old.cpp",
        )
        self.expect(
            ROW.replace("door.cpp", "data.csv").replace(
                "if (asked > limit && rest == 0) {", "a,b"
            ),
            "3: door_open: neither a .cpp nor a .hpp file: src/shop/data.csv",
        )

    def test_missing_members(self):
        for member in ("test", "case"):
            lines = [each for each in ROW.splitlines() if not each.startswith(member)]
            self.expect("\n".join(lines), f'2: door_open: "{member}" is missing')
        lines = ROW.splitlines()
        self.expect(
            "\n".join(lines[:2] + lines[3:]),
            '5: door_open: "file" is missing before "replace"',
            '2: door_open: "file" is missing',
        )
        self.expect("\n".join(lines[:5]), '2: door_open: "replace" is missing')
        self.expect("\n".join(lines[:6]), '6: door_open: "with" is missing after "replace"')
        self.expect(
            "\n".join(lines[:5] + lines[6:]),
            '6: door_open: "with" follows no "replace"',
            '2: door_open: "replace" is missing',
        )
        self.expect(ROW.replace("if (asked > limit && rest == 0) {", ""),
                    '6: door_open: "replace" names no text')

    def test_unknown_test(self):
        self.expect(
            ROW.replace("test: shop", "test: shopp"),
            "4: door_open: there is no test shopp (clientbook_test_shopp)",
        )

    def test_unknown_and_repeated_members(self):
        self.expect(ROW + "tests: shop\n", '8: door_open: there is no member "tests"')
        self.expect(ROW + "test: shop\n", '8: door_open: "test" is there twice')

    def test_lines_that_are_no_row(self):
        self.expect("[Door]\n" + ROW, '1: (no row): neither "[name]" nor "member: value": [Door]')
        self.expect("  text\n" + ROW, "1: (no row): a line that is set in belongs to no member")
        self.expect("test: shop\n" + ROW, "1: (no row): a member before the first [name]")

    def test_a_name_twice(self):
        self.expect(ROW + ROW, "9: door_open: the name is taken: tests/shop.sabotage:2")

    def test_two_names_with_one_number(self):
        same = zlib.crc32(b"plumless")  # As "buckeroo": the best known pair.
        self.assertEqual(same, zlib.crc32(b"buckeroo"))
        self.expect(
            ROW.replace("door_open", "plumless") + ROW.replace("door_open", "buckeroo"),
            "9: buckeroo: the name has the number of plumless: choose another",
        )

    def test_alone_says_why(self):
        self.expect(ROW + "alone:\n", '8: door_open: "alone" does not say why')

    def test_a_replacement_that_changes_nothing_or_overlaps(self):
        self.expect(
            ROW.replace("if (false) {", "if (asked>limit && rest==0) {"),
            "6: door_open: the replacement changes nothing",
        )
        self.expect(
            ROW + "replace: asked > limit\nwith: true\n",
            "8: door_open: the texts to replace overlap",
        )

    def test_headers(self):
        row = ROW.replace("door.cpp", "limit.hpp").replace("if (asked > limit && rest == 0) {", "7")
        self.expect(
            row, '2: door_open: "compiles" is missing: who is compiled with src/shop/limit.hpp?'
        )
        self.expect(
            row + "compiles: src/shop/none.cpp src/shop/plain.hpp\n",
            "8: door_open: only a .cpp file can be compiled: src/shop/plain.hpp",
            "8: door_open: there is no file src/shop/none.cpp",
            "8: door_open: src/shop/plain.hpp has no guard that ends in _HPP",
        )
        self.expect(
            ROW.replace("door.cpp", "plain.hpp").replace(
                "if (asked > limit && rest == 0) {", "int plain();"
            )
            + "compiles: src/shop/door.cpp\n",
            "3: door_open: src/shop/plain.hpp has no guard that ends in _HPP",
        )

    def test_all_mistakes_are_told_at_once(self):
        row = ROW.replace("rest == 0", "rest == 2").replace("test: shop", "test: inn")
        self.expect(
            row,
            "4: door_open: there is no test inn (clientbook_test_inn)",
            "6: door_open: the text to replace is found 0 times in src/shop/door.cpp, "
            "it must be once",
        )


class Switches(Project):
    def run_check(self):
        return subprocess.run(
            [sys.executable, HERE / "no_switches.py", self.root / "src"],
            capture_output=True,
            text=True,
            check=False,
        )

    def test_a_switch_in_a_source_or_header_is_found(self):
        self.assertEqual(self.run_check().returncode, 0)
        for file in ("door.cpp", "limit.hpp"):
            self.put(f"src/shop/{file}", "\n#ifdef CLIENTBOOK_SABOTAGE_DOOR_OPEN\n#endif\n")
            done = self.run_check()
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"src/shop/{file}:2: #ifdef CLIENTBOOK_SABOTAGE_DOOR_OPEN", done.stdout)
            self.put(f"src/shop/{file}", "\n")

    def test_a_question_that_only_a_test_asks_is_found(self):
        for line in ("#ifdef SHOP_EVERY_DOOR", "# if defined(__SSE2__) && SHOP_LIMIT > 3",
                     "#if 0\n#elif SHOP_OPEN"):
            self.put("src/shop/door.cpp", f"{line}\n#endif\n")
            self.assertEqual(self.run_check().returncode, 1, line)
        for line in ("#ifndef CLIENTBOOK_SHOP_DOOR_HPP", "#if defined(__SSE2__)",
                     "#ifdef __cplusplus", "// #ifdef SHOP_DOOR"):
            self.put("src/shop/door.cpp", f"{line}\n#endif\n")
            self.assertEqual(self.run_check().returncode, 0, line)

    def test_a_folder_that_is_not_there_is_no_success(self):
        done = subprocess.run(
            [sys.executable, HERE / "no_switches.py", self.root / "none"],
            capture_output=True,
            check=False,
        )
        self.assertEqual(done.returncode, 1)


if __name__ == "__main__":
    unittest.main()
