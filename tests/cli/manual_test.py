"""`completion` and `manual`: held against --help of every command, and tried in the shells."""
import re
import shutil
import subprocess
import unittest

from program import PROGRAM, ProgramTest


def help_of(path):
    """What --help lists: ({command: about}, {option or positional: rest of its line})."""
    text = subprocess.run([PROGRAM, *path, "--help"], capture_output=True, text=True,
                          check=True).stdout
    # An option's description may begin on the next line.
    text = re.sub(r"\n {20,}", " ", text)
    commands, options, part = {}, {}, None
    for line in text.splitlines():
        if re.fullmatch(r"[A-Z][a-z]+:", line):
            part = line[:-1]
        elif not line.startswith("  "):
            part = None
        elif part == "Subcommands":
            name, about = line.split(None, 1)
            commands[name] = about
        elif part in ("Options", "Positionals"):
            name, *rest = line.split(None, 1)
            options[name] = "".join(rest)
    return commands, options


def tree():
    """Yields (path, commands, options) of the program and of each command, from --help."""
    waiting = [()]
    while waiting:
        path = waiting.pop(0)
        commands, options = help_of(path)
        yield path, commands, options
        waiting += [(*path, name) for name in commands]


def named(options):
    """The names of options, apart: -k,--key is two."""
    return {name for both in options for name in both.split(",") if name.startswith("-")}


class Completion(ProgramTest):
    @classmethod
    def setUpClass(cls):
        cls.tree = list(tree())

    def words(self, shell, lines):
        """What each of these lines is completed to, the last word being begun."""
        script = subprocess.run([PROGRAM, "completion", shell], capture_output=True, text=True,
                                check=True).stdout
        file = self.folder / f"completion.{shell}"
        if shell == "bash":
            script += "".join(
                f"COMP_WORDS=(clientbook {quoted(line)}); COMP_CWORD={len(line)}; _clientbook\n"
                'printf "%s\\n" "${COMPREPLY[@]}" --end--\n' for line in lines)
        else:
            # Outside of an edited line zsh's own helpers have nothing to write to: these print.
            script = ("compdef() { }\n_files() { print -l *(N) }\n"
                      "_describe() { local -a all; all=(${(P)@[-1]}); print -l -- ${all%%:*} }\n"
                      + script + "".join(
                          f"words=(clientbook {quoted(line)}); CURRENT={len(line) + 1}\n"
                          "_clientbook; print -- --end--\n" for line in lines))
        file.write_text(script, encoding="utf-8")
        # -u, -e: a variable that is not there, a command that fails.
        done = subprocess.run([shell, "-u", str(file)], capture_output=True, text=True, check=False,
                              cwd=self.folder)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        answers = done.stdout.split("--end--\n")[:-1]
        self.assertEqual(len(answers), len(lines))
        return [set(filter(None, answer.split("\n"))) for answer in answers]

    def check_all(self, shell):
        everywhere = named(self.tree[0][2]) - {"--version"}
        lines, expected = [], []
        for path, commands, options in self.tree:
            lines.append((*path, "-"))
            expected.append(named(options) | (everywhere if path else {"--version"}))
            if commands:
                lines.append((*path, ""))
                expected.append(set(commands))
        self.assertGreater(len(lines), 50)
        for line, want, got in zip(lines, expected, self.words(shell, lines)):
            self.assertEqual(got, want, line)

    def test_bash_offers_what_help_lists(self):
        self.check_all("bash")

    def test_bash_begun_words_values_and_files(self):
        (self.folder / "map.json").touch()
        lines = [("cons",), ("--js",), ("consent", "gr"), ("import", "shop.book", "--map", "ma"),
                 ("import", "--map", "consent", "--fro"), ("show", "list", "--pur"),
                 ("--json", "consent", "wi"), ("import", "m"), ("nonsense",)]
        got = self.words("bash", lines)
        self.assertEqual(got, [{"consent"}, {"--json"}, {"grant"}, {"map.json"}, {"--from"},
                               {"--purpose"}, {"withdraw"}, {"map.json"}, set()])

    @unittest.skipUnless(shutil.which("zsh"), "no zsh")
    def test_zsh_offers_what_help_lists(self):
        self.check_all("zsh")

    @unittest.skipUnless(shutil.which("zsh"), "no zsh")
    def test_zsh_values_and_files(self):
        (self.folder / "map.json").touch()
        files = {"map.json", "completion.zsh"}
        got = self.words("zsh", [("import", "shop.book", "--map", ""), ("import", ""),
                                 ("import", "--map", "consent", "")])
        self.assertEqual(got, [files, files, files])

    def test_another_shell_is_refused(self):
        self.refused(1, "completion", "fish")


def quoted(words):
    return " ".join("'" + word + "'" for word in words)


class Manual(ProgramTest):
    def test_it_says_what_help_says(self):
        page = self.call("manual").stdout
        text = re.sub(r"\\f[BIR]|\\&", "", page).replace("\\-", "-").replace("\\e", "\\")
        for path, _, options in tree():
            part = text
            if path:
                heading = f'.SS "{" ".join(path)}"\n'
                self.assertEqual(text.count(heading), 1, heading)
                part = text.split(heading)[1].split("\n.SS ")[0].split("\n.SH ")[0]
                about = dict(help_of(path[:-1])[0])[path[-1]]
                self.assertIn(about, part)
            if path and help_of(path)[0]:
                continue  # It gathers others, and its own page says no more.
            for name, rest in options.items():
                term = name.replace(",", ", ")
                lines = re.search(rf"^\.TP\n{re.escape(term)}( .*)?\n(.*)$", part, re.MULTILINE)
                self.assertIsNotNone(lines, (path, name))
                # The description is what stands last in a line of --help.
                about = re.sub(r" \((required|default |else from |several may)[^()]*\)$", "", lines[2])
                self.assertTrue(rest.endswith(about), (path, rest, about))
                self.assertTrue(about or not rest, (path, name))

    @unittest.skipUnless(shutil.which("groff"), "no groff")
    def test_it_is_typeset_without_a_warning(self):
        page = self.call("manual").stdout
        done = subprocess.run(["groff", "-man", "-ww", "-Tutf8", "-rLL=100n", "-P-cbou"], input=page,
                              capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertTrue("clientbook consent grant [options] book" in done.stdout)


if __name__ == "__main__":
    unittest.main()
