"""Lists of hashes from outside and what recipients still have, by the program."""
import base64
import datetime
import hashlib
import os
import subprocess
import time
import unittest

from program import PROGRAM, ProgramTest

WHO = "clientbook:C-1001"
OTHER = "clientbook:C-1002"


def hashed(text):
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


class HashLists(ProgramTest):
    def setUp(self):
        super().setUp()
        self.make_shop()
        self.ok("recipient", "add", self.book, "Parcels Ltd", "--class", "parcel_service", "--country", "DE",
                "--contract", "P-1")
        shown = self.ok("show", self.book, WHO, "-p", "customer_order_management")
        self.email = shown["fields"]["emails"]["value"][0]["address"]
        self.list = self.write("20260312_4821_Email.csv", [self.email.upper(), "nobody@example.com"])
        self.out = self.folder / "answers"

    def write(self, name, addresses):
        rows = "".join(f"AAAAAAAAAAA{number},{hashed(one.strip().lower())}\r\n" for number, one in enumerate(addresses))
        file = self.folder / name
        file.write_bytes(("ID,Hash\r\n" + rows).encode("ascii"))
        return file

    def write_many(self, name, addresses):
        rows = "".join(f"BBBBBBBB{number:04},{hashed(one)}\r\n" for number, one in enumerate(addresses))
        file = self.folder / name
        file.write_bytes(("ID,Hash\r\n" + rows).encode("ascii"))
        return file

    def answer(self):
        return (self.out / self.list.name).read_bytes().decode("ascii")

    def test_a_list_from_the_first_look_to_the_statuses(self):
        looked = self.ok("request", "match", self.book, self.list)
        self.assertEqual((looked["rows"], looked["customers"], looked["statuses"]["deleted"]), (2, 1, 1))
        self.assertIn("nothing was done", self.call("request", "match", self.book, self.list).stdout)
        self.ok("show", self.book, WHO, "-p", "customer_order_management")
        self.assertIsNone(self.ok("stats", self.book)["list_answered_at"])
        done = self.ok("request", "match", self.book, self.list, "--do", "erase", "--out", self.out)
        self.assertEqual((done["erased"], done["statuses"]["deleted"], done["statuses"]["not_found"]), (1, 1, 1))
        self.assertEqual(self.answer(), "Id,Status\r\nAAAAAAAAAAA0,3\r\nAAAAAAAAAAA1,5\r\n")
        self.assertNotEqual(self.call("show", self.book, WHO, "-p", "customer_order_management").returncode, 0)
        self.assertIsNotNone(self.ok("stats", self.book)["list_answered_at"])
        self.assertEqual(self.ok("request", "list", self.book, "--all")["requests"][0]["state"], "closed")
        self.refused(5, "request", "match", self.book, self.list, "--do", "erase", "--out", self.out)

    def test_statuses_that_were_lost_are_told_when_it_is_run_again(self):
        # Whatever ends a run that has begun to erase: what it had begun lies beside the answers.
        begun = self.folder / "answers.begun1"
        begun.write_text("AAAAAAAAAAA1\n", encoding="ascii")
        self.ok("request", "match", self.book, self.list, "--do", "erase", "--out", self.out)
        self.assertEqual(self.answer(), "Id,Status\r\nAAAAAAAAAAA0,3\r\nAAAAAAAAAAA1,3\r\n")
        self.assertEqual([], list(self.folder.glob("answers.begun*")))
        # Of another list nothing is forgotten with the answers of this one.
        begun.write_text("ZZZZZZZZZZZZ\n", encoding="ascii")
        second = self.folder / "answers"
        second.rename(self.folder / "sent")
        said = self.refused(2, "request", "match", self.book, self.list, "--do", "erase", "--out", self.out)
        self.assertIn("another list", said)
        self.assertTrue(begun.exists())
        (self.folder / "other.begun1").write_text("nonsense\n", encoding="ascii")
        self.refused(20, "request", "match", self.book, self.list, "--do", "opt-out", "--out", self.folder / "other")

    def test_a_kill_in_the_middle_loses_no_status(self):
        rows = []
        for number in range(60):
            if number < 20:
                self.ok("add", self.book, "--given", "Kim", "--email", f"kim{number}@example.com", "--id",
                        f"k:{number}")
            rows.append(f"kim{number}@example.com")
        file = self.write_many("20260312_4822_Email.csv", rows)
        call = [PROGRAM, "request", "match", str(self.book), str(file), "--do", "erase", "--out", str(self.out)]
        running = subprocess.Popen(call, env=dict(os.environ, CLIENTBOOK_KEY=str(self.key)),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(1000):
            if running.poll() is not None or list(self.folder.glob("answers.begun*")):
                break
            time.sleep(0.005)
        time.sleep(0.02)
        running.kill()
        running.wait()
        if not self.out.exists():
            self.ok("request", "match", self.book, file, "--do", "erase", "--out", self.out)
        answers = (self.out / file.name).read_text().split("\n")[1:-1]
        self.assertEqual([one.strip()[-1] for one in answers], ["3"] * 20 + ["5"] * 40)

    def test_a_name_and_a_kind_that_contradict(self):
        removed = self.folder / "20260312_4821_Removed_Email.csv"
        removed.write_bytes(self.list.read_bytes())
        self.refused(6, "request", "match", self.book, removed, "--kind", "email")
        self.refused(1, "request", "match", self.book, self.list, "--kind", "phone")
        (self.folder / "two").mkdir()
        again = self.folder / "two" / self.list.name
        again.write_bytes(self.list.read_bytes())
        self.refused(1, "request", "match", self.book, self.list, again)

    def test_recipients_first(self):
        self.ok("disclose", self.book, WHO, "-p", "delivery_of_goods", "--to", "Parcels Ltd")
        said = self.refused(53, "request", "match", self.book, self.list, "--do", "erase", "--out", self.out)
        self.assertIn("Parcels Ltd", said)
        self.assertFalse(self.out.exists())
        self.ok("show", self.book, WHO, "-p", "customer_order_management")
        self.ok("request", "match", self.book, self.list, "--do", "erase", "--out", self.out, "--recipients-told")
        self.assertEqual(self.answer(), "Id,Status\r\nAAAAAAAAAAA0,3\r\nAAAAAAAAAAA1,5\r\n")

    def test_a_copy_first(self):
        number = self.ok("request", "open", self.book, WHO, "--kind", "access", "--received", "2026-01-02",
                         "--identity", "seen")["number"]
        looked = self.ok("request", "match", self.book, self.list)
        self.assertEqual(looked["unanswered"], [number])
        said = self.refused(2, "request", "match", self.book, self.list, "--do", "erase", "--out", self.out)
        self.assertIn("access", said)
        self.assertFalse(self.out.exists())
        self.ok("show", self.book, WHO, "-p", "customer_order_management")
        self.ok("request", "do", self.book, number, "--out", self.folder / "copy")
        self.ok("request", "match", self.book, self.list, "--do", "erase", "--out", self.out)
        self.assertEqual(self.answer(), "Id,Status\r\nAAAAAAAAAAA0,3\r\nAAAAAAAAAAA1,5\r\n")

    def test_to_opt_out(self):
        done = self.ok("request", "match", self.book, self.list, "--do", "opt-out", "--out", self.out)
        self.assertEqual((done["erased"], done["opted_out"], done["statuses"]["exempted"]), (0, 1, 1))
        self.ok("show", self.book, WHO, "-p", "customer_order_management")

    def test_what_is_refused(self):
        broken = self.folder / "20260312_4821_Phone.csv"
        broken.write_text("ID,Hash\r\nAAAAAAAAAAA0," + hashed("x") + "\r\n" + self.email + ",\r\n")
        said = self.refused(20, "request", "match", self.book, broken)
        self.assertIn("line 3", said)
        self.assertNotIn(self.email, said)
        self.refused(6, "request", "match", self.book, self.folder / "20260312_4821_MAID.csv")
        self.refused(4, "request", "match", self.book, self.folder / "gone_4821_Email.csv")
        other = self.folder / "list.csv"
        other.write_bytes(self.list.read_bytes())
        self.refused(21, "request", "match", self.book, other)
        self.ok("request", "match", self.book, other, "--kind", "email")
        self.refused(1, "request", "match", self.book, self.list, "--do", "erase")
        self.refused(1, "request", "match", self.book, self.list, "--out", self.out)
        self.refused(44, "request", "match", self.book, self.list, "--role", "manager")

    def test_the_onward_chain(self):
        self.ok("disclose", self.book, WHO, "-p", "delivery_of_goods", "--to", "Parcels Ltd")
        today = datetime.datetime.now(datetime.timezone.utc).date()
        self.ok("request", "onward", self.book, WHO, "--from", "Parcels Ltd", "--to", "Bikes & Co", "--contact",
                "privacy@bikes.example", "--field", "addresses", "--on", today)
        last = self.ok("ledger", self.book, WHO)["entries"][-1]
        self.assertEqual((last["event"], last["recipient"], last["passed_on_by"], last["contact"], last["on"]),
                         ("onward", "Bikes & Co", "Parcels Ltd", "privacy@bikes.example", str(today)))
        self.assertIn("by Parcels Ltd on", self.call("ledger", self.book, WHO).stdout)
        number = self.ok("request", "open", self.book, WHO, "--kind", "erasure", "--received", today, "--identity",
                         "passport")["number"]
        told = self.ok("request", "recipients", self.book, number)["recipients"]
        self.assertCountEqual([one["recipient"] for one in told], ["Parcels Ltd", "Bikes & Co"])
        self.refused(4, "request", "onward", self.book, OTHER, "--from", "Parcels Ltd", "--to", "Bikes & Co")
        self.assertEqual(self.ok("request", "expired", self.book)["expired"], [])
        self.refused(4, "request", "expired", self.book, "--told", WHO, "Parcels Ltd")


if __name__ == "__main__":
    unittest.main()
