"""Every answer gets out whole, or the program says that it did not."""
import os
import pathlib
import resource
import signal
import subprocess
import unittest

import program

WHO = "clientbook:C-1001"
RECORD = ("--controller", "S", "--address", "X", "--contact", "a@example.com", "--withdrawal", "https://example.com/w",
          "--notice-url", "https://example.com/n", "--directive", "1")


class AnswerTest(program.ProgramTest):
    def setUp(self):
        super().setUp()
        self.make_shop()

    def run_into(self, *arguments, **how):
        environment = dict(os.environ, CLIENTBOOK_KEY=str(self.key))
        return subprocess.run([program.PROGRAM, *map(str, arguments)], env=environment, stderr=subprocess.PIPE,
                              check=False, **how)

    def answers(self):
        yield ("stats", self.book)
        yield ("roles",)
        yield ("ledger", self.book, WHO)
        yield ("notice", "show", self.book, "house-rules-2025")
        yield ("profile", "export", "gdpr")
        yield ("recovery", "status", self.book)
        yield ("show", self.book, WHO, "-p", "customer_order_management")
        for form in ("27560", "receipt", "kantara"):
            yield ("consent", "export", self.book, WHO, "--format", form, *RECORD)
        yield ("consent", "export", self.book, WHO, "--format", "gpp")

    def test_a_full_disk_and_a_closed_descriptor(self):
        if not pathlib.Path("/dev/full").exists():
            self.skipTest("no /dev/full")
        for call in self.answers():
            for json in ((), ("--json",)):
                with self.subTest(call=call, json=json):
                    self.assertEqual(self.call(*json, *call).returncode, 0)
                    with open("/dev/full", "wb") as full:
                        self.assertEqual(self.run_into(*json, *call, stdout=full).returncode, 80)
                    closed = self.run_into(*json, *call, preexec_fn=lambda: os.close(1))
                    self.assertEqual(closed.returncode, 80)

    def test_what_is_kept_before_it_is_written_is_whole(self):
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

        for call in (("profile", "export", "gdpr"), ("roles",), ("--help",), ("consent", "--help")):
            with self.subTest(call=call):
                whole = self.run_into(*call, stdout=subprocess.PIPE)
                self.assertEqual(whole.returncode, 0)
                cut = self.run_into(*call, stdout=subprocess.PIPE, preexec_fn=limit)
                if len(whole.stdout) <= 4096:
                    self.assertEqual((cut.returncode, cut.stdout), (0, whole.stdout))
                else:
                    self.assertEqual((cut.returncode, cut.stdout), (80, b""))


if __name__ == "__main__":
    unittest.main()
