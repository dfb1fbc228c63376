"""What is to be done for a customer, when shop and customer were in touch, and words that sort them."""
import json
import unittest

from program import SOURCE, ProgramTest

CARE = "client_care"


class Work(ProgramTest):
    def setUp(self):
        super().setUp()
        self.make_book("--profile", "gdpr")
        for given, system in (("Ann", "loyalty:L-1"), ("Bo", "loyalty:L-2")):
            self.ok("add", self.book, "--given", given, "--id", system, "--agrees", CARE, "--notice",
                    "house-rules-2025", "--evidence", "card 7")

    def listed(self, *conditions):
        told = self.ok("list", self.book, "-p", CARE, "--fields", "external_ids", *conditions)
        self.assertEqual(told["count"], len(told["customers"]))
        return [one["fields"]["external_ids"]["value"][0]["value"] for one in told["customers"]]

    def test_a_task_is_written_down_listed_done_and_taken_up_again(self):
        told = self.ok("task", "add", self.book, "loyalty:L-1", "Call about the hem", "--due", "2020-03-01", "--lead", "2",
                       "--kind", "call", "--assigned", "7")
        self.assertEqual(told["task"]["text"], "Call about the hem")
        self.ok("task", "add", self.book, "loyalty:L-1", "--record", "-", stdin=json.dumps({"text": "Belt"}))
        tasks = self.ok("task", "list", self.book, "loyalty:L-1")["tasks"]
        self.assertEqual(tasks, [{"text": "Call about the hem", "due": "2020-03-01", "lead_days": 2, "kind": "call",
                                  "assigned": 7}, {"text": "Belt"}])
        self.assertEqual(self.listed("--tasks-due", "0"), ["L-1"])
        self.assertEqual(self.listed("--assigned", "7"), ["L-1"])
        self.assertEqual(self.listed("--assigned", "8"), [])
        self.ok("task", "done", self.book, "loyalty:L-1", "1")
        self.assertEqual(self.ok("task", "list", self.book, "loyalty:L-1")["tasks"][0]["state"], "done")
        self.assertEqual(self.listed("--tasks-due", "0"), [])
        self.assertIn("already", self.call("task", "done", self.book, "loyalty:L-1", "1").stderr)
        self.ok("task", "reopen", self.book, "loyalty:L-1", "1")
        self.assertEqual(self.listed("--tasks-due", "0"), ["L-1"])
        self.ok("task", "drop", self.book, "loyalty:L-1", "1")
        self.assertEqual(self.listed("--tasks-due", "0"), [])
        for wrong in ("0", "3"):
            self.assertIn("task list", self.call("task", "done", self.book, "loyalty:L-1", wrong).stderr)

    def test_what_is_due_first_comes_first(self):
        self.ok("task", "add", self.book, "loyalty:L-1", "Later", "--due", "2020-03-02")
        self.ok("task", "add", self.book, "loyalty:L-2", "Sooner", "--due", "2020-03-01")
        self.assertEqual(self.listed("--tasks-due", "0"), ["L-2", "L-1"])
        first = self.ok("list", self.book, "-p", CARE, "--tasks-due", "0")["customers"][0]
        self.assertEqual((first["task"], first["task_due"]), ("Sooner", "2020-03-01"))
        self.assertIn("Sooner", self.call("list", self.book, "-p", CARE, "--tasks-due", "0").stdout)

    def test_notes_have_a_kind_a_visibility_and_a_pin(self):
        one = "loyalty:L-1"
        vera, ben = (("--actor", str(number), "--role", "associate") for number in (12, 13))
        note = ("note", self.book, one)
        self.assertEqual(self.ok(*note, "Narrow at the shoulder", "--kind", "fit", *vera)["note"], 1)
        self.assertEqual(self.ok(*note, "Ask for me", "--visibility", "own", *vera)["note"], 2)
        self.assertEqual(self.ok(*note, "Never call before ten", "--kind", "warning", "--pinned", *ben)["note"], 2)
        self.refused(2, *note, "x", "--visibility", "store", *vera)  # Nobody belongs to a store.
        self.refused(22, *note, "x", "--visibility", "team", *vera)
        self.refused(22, *note, "x", "--kind", "Two words", *vera)
        self.refused(22, *note, "x", "--visibility", "own", "--pinned", *vera)
        seen = self.ok("notes", "list", self.book, one, *ben)["notes"]
        self.assertEqual([(each["note"], each["text"], each.get("pinned")) for each in seen],
                         [(1, "Narrow at the shoulder", None), (2, "Never call before ten", True)])
        self.assertEqual([each["note"] for each in self.ok("notes", "list", self.book, one, *vera)["notes"]], [1, 2, 3])
        self.assertIn("! ", self.call("notes", "list", self.book, one, *ben).stdout)
        show = ("show", self.book, one, "-p", CARE, *ben)
        self.assertEqual([each["text"] for each in self.ok(*show)["pinned_notes"]["value"]], ["Never call before ten"])
        shown = self.call(*show).stdout
        self.assertLess(shown.index("Never call before ten"), shown.index("name"))
        self.assertNotIn("Ask for me", shown)
        find = ("find", self.book, "ann", "-p", CARE, *ben)
        self.assertEqual(self.ok(*find)["hits"][0]["pinned_notes"]["value"][0]["kind"], "warning")
        self.assertIn("! ", self.call(*find).stdout)
        self.refused(4, "notes", "pin", self.book, one, "1", "--seen", "Ask", *ben)
        self.assertEqual(self.ok("notes", "pin", self.book, one, "1", "--seen", "Narrow", *ben)["pinned"], True)
        self.refused(5, "notes", "pin", self.book, one, "1", *ben)
        self.ok("notes", "unpin", self.book, one, "1", *ben)
        self.refused(4, "notes", "unpin", self.book, one, "1", *ben)
        self.refused(4, "notes", "pin", self.book, one, "3", *ben)
        self.refused(22, "notes", "pin", self.book, one, "2", *vera)
        # Under care alone, as the notes.
        self.assertNotIn("pinned_notes", self.ok("show", self.book, one, "-p", "customer_order_management", *ben))

    def test_notes_come_in_with_what_they_have_and_once(self):
        (self.folder / "people.csv").write_text("id,given\nL-1,Ann\n", encoding="utf-8")
        (self.folder / "notes.csv").write_text(
            "id,at,text,kind,who,pin\nL-1,2026-01-02,Bell,warning,all,true\nL-1,2026-01-03,Ask for me,,own,\n", encoding="utf-8")
        notes = {"id": "external_id", "at": "notes[].at", "text": "notes[].text", "kind": "notes[].kind",
                 "who": "notes[].visibility", "pin": "notes[].pinned"}
        (self.folder / "map.json").write_text(json.dumps({
            "format": "clientbook column map 1", "system": "loyalty",
            "customers": {"file": "people.csv", "columns": {"id": "external_id", "given": "name.given"}},
            "details": [{"file": "notes.csv", "columns": notes}]}), encoding="utf-8")
        run = ("import", self.book, "--map", self.folder / "map.json", "--from", self.folder, "--update")
        self.assertEqual(self.ok(*run)["imported_notes"], 2)
        seen = self.ok("notes", "list", self.book, "loyalty:L-1")["notes"]
        self.assertEqual([(one["text"], one.get("kind"), one.get("visibility"), one.get("pinned")) for one in seen],
                         [("Bell", "warning", None, True), ("Ask for me", None, "own", None)])
        # The same file again adds nothing: whoever brought it in sees it.
        self.assertEqual(self.ok(*run)["imported_notes"], 0)
        ben = ("--actor", "13", "--role", "associate")
        self.assertEqual([one["text"] for one in self.ok("notes", "list", self.book, "loyalty:L-1", *ben)["notes"]], ["Bell"])

    def test_contacts_are_a_log(self):
        self.ok("contact", "add", self.book, "loyalty:L-1", "The hem is done", "--channel", "phone", "--direction", "out",
                "--outcome", "reached", "--author", "Lee")
        self.ok("contact", "add", self.book, "loyalty:L-2", "--channel", "letter", "--at", "2020-01-01T10:00:00Z")
        log = self.ok("contact", "list", self.book, "loyalty:L-1")["contacts"]
        self.assertEqual([one["outcome"] for one in log], ["reached"])
        self.assertIn("at", log[0])
        self.assertEqual(self.listed("--no-contact-days", "30"), ["L-2"])
        told = self.ok("list", self.book, "-p", CARE, "--no-contact-days", "30")["customers"][0]
        self.assertEqual(told["last_contact"], "2020-01-01")
        said = self.call("contact", "add", self.book, "loyalty:L-1", "--channel", "phone", "--direction", "both")
        self.assertNotEqual(said.returncode, 0)
        self.assertIn("in or out", said.stderr)

    def test_a_log_that_is_full_goes_on_and_says_what_went(self):
        log = [{"at": f"2020-01-{1 + i // 24:02d}T{i % 24:02d}:00:00Z", "channel": "phone"} for i in range(256)]
        self.ok("edit", self.book, "loyalty:L-1", "--record", "-", stdin=json.dumps({"contacts": log}))
        told = self.ok("contact", "add", self.book, "loyalty:L-1", "--channel", "chat")
        self.assertEqual(told["made_room"], 1)
        kept = self.ok("contact", "list", self.book, "loyalty:L-1")["contacts"]
        self.assertEqual((len(kept), kept[0]["at"], kept[-1]["channel"]), (256, "2020-01-01T01:00:00Z", "chat"))
        said = self.call("contact", "add", self.book, "loyalty:L-1", "--channel", "visit")
        self.assertIn("went", said.stdout)

    def test_a_log_written_newest_first_keeps_its_newest(self):
        log = [{"at": f"2020-01-{1 + i // 24:02d}T{i % 24:02d}:00:00Z", "channel": "phone"} for i in reversed(range(256))]
        self.ok("edit", self.book, "loyalty:L-1", "--record", "-", stdin=json.dumps({"contacts": log}))
        self.assertEqual(self.ok("contact", "add", self.book, "loyalty:L-1", "--channel", "chat")["made_room"], 1)
        kept = [one["at"] for one in self.ok("contact", "list", self.book, "loyalty:L-1")["contacts"]]
        self.assertIn(log[0]["at"], kept)
        self.assertNotIn(log[-1]["at"], kept)

    def test_a_number_of_a_task_that_has_become_another_ones_does_nothing(self):
        tasks = [{"text": f"No. {i}", "state": "done" if i == 0 else "open"} for i in range(256)]
        self.ok("edit", self.book, "loyalty:L-1", "--record", "-", stdin=json.dumps({"tasks": tasks}))
        told = self.ok("task", "add", self.book, "loyalty:L-1", "Ámbar hem")
        self.assertTrue(told["numbers_changed"])
        self.ok("task", "done", self.book, "loyalty:L-1", 256, "--seen", "ambar")
        self.assertIn("other numbers", self.call("task", "add", self.book, "loyalty:L-1", "Belt").stdout)
        before = self.ok("task", "list", self.book, "loyalty:L-1")["tasks"]
        for verb in ("done", "drop", "reopen"):
            self.refused(4, "task", verb, self.book, "loyalty:L-1", 11, "--seen", "No. 10")
        self.assertEqual(self.ok("task", "list", self.book, "loyalty:L-1")["tasks"], before)
        self.ok("task", "done", self.book, "loyalty:L-1", 10, "--seen", "no. 10")
        self.assertEqual(self.call("task", "done", self.book, "loyalty:L-1", 12, "--seen", "").returncode, 1)

    def test_numbers_are_decimal(self):
        for i in range(10):
            self.ok("task", "add", self.book, "loyalty:L-1", f"No. {i + 1}")
        self.assertEqual(self.ok("task", "done", self.book, "loyalty:L-1", "010")["task"]["text"], "No. 10")
        self.assertEqual(self.ok("task", "add", self.book, "loyalty:L-1", "x", "--due", "2027-01-01", "--lead", "010", "--assigned", "0017")["task"],
                         {"text": "x", "due": "2027-01-01", "lead_days": 10, "assigned": 17})
        self.assertEqual(self.ok("task", "list", self.book, "loyalty:L-1", "--actor", "010")["tasks"][9]["state"], "done")
        self.assertIn(10, [one["actor"] for one in self.ok("looks", self.book, "loyalty:L-1")["looks"]])
        for wrong in ("0x1", "0b1", "0o1", "1'0", "1_0", "+1", "1e0", "", " 1", "-"):
            self.assertEqual(self.call("task", "drop", self.book, "loyalty:L-1", wrong).returncode, 1, wrong)
            self.assertEqual(self.call("task", "add", self.book, "loyalty:L-1", "y", "--lead", wrong).returncode, 1, wrong)
            self.assertEqual(self.call("list", self.book, "-p", CARE, "--no-contact-days", wrong).returncode, 1, wrong)
            self.assertEqual(self.call("task", "list", self.book, "loyalty:L-1", "--actor", wrong).returncode, 1, wrong)
            self.assertEqual(self.call("shell", self.book, "--idle", wrong, stdin="").returncode, 1, wrong)

    def test_an_empty_condition_lists_nobody(self):
        for name in ("likes", "size", "size-kind", "bought", "bought-category", "brand", "tag", "tier", "since"):
            for more in ((), ("--no-purchase-days", "1")):
                done = self.call("list", self.book, "-p", CARE, f"--{name}", "", *more)
                self.assertEqual((done.returncode, done.stdout), (1, ""), name)
        self.refused(1, "list", self.book, "-p", CARE, "--tag", "-", "--no-purchase-days", "1")
        self.assertEqual(self.call("days", self.book, "-p", CARE, "--kind", "").returncode, 1)

    def test_only_the_purpose_that_opens_it_is_looked_under(self):
        self.ok("task", "add", self.book, "loyalty:L-1", "Hem")
        self.ok("task", "list", self.book, "loyalty:L-1")
        self.ok("task", "done", self.book, "loyalty:L-1", "1")
        looks = self.ok("looks", self.book, "loyalty:L-1")["looks"]
        self.assertEqual({one["purpose"] for one in looks if "tasks" in one["fields"]}, {CARE})

    def test_tags_and_a_tier_sort_customers(self):
        self.ok("tag", "add", self.book, "loyalty:L-1", "bridal", "press list")
        self.ok("edit", self.book, "loyalty:L-2", "--tag", "bridal", "--tier", "Gold")
        self.assertEqual(self.listed("--tag", "bridal"), ["L-1", "L-2"])
        self.assertEqual(self.listed("--tier", "gold"), ["L-2"])
        self.ok("tag", "remove", self.book, "loyalty:L-1", "bridal")
        self.assertEqual(self.ok("tag", "list", self.book, "loyalty:L-1")["tags"], ["press list"])
        self.assertNotEqual(self.call("tag", "remove", self.book, "loyalty:L-1", "bridal").returncode, 0)
        self.assertEqual(self.listed("--tag", "bridal"), ["L-2"])

    def test_sizes_wishes_receipts_and_how_to_reach_somebody(self):
        self.ok("edit", self.book, "loyalty:L-1", "--size", "kind=shoe;value=39;brand=Avenida;measured=2026-03-11",
                "--wish", "what=Silk scarf;colour=red;for_whom=her mother;until=2026-12-24",
                "--reach", "channel=phone;quiet_from=21:00;quiet_until=08:00", "--salutation", "Dear Ms Lee")
        self.ok("purchase", self.book, "loyalty:L-2", "--line", "description=Ball gown;brand=Norte;category=dress;season=2026",
                "-p", "customer_order_management")
        seen = self.ok("show", self.book, "loyalty:L-1", "-p", CARE)["fields"]
        self.assertEqual(seen["wishes"]["value"][0]["for_whom"], "her mother")
        self.assertEqual(seen["reach"]["value"]["quiet_until"], "08:00")
        self.assertEqual(seen["name"]["value"]["salutation"], "Dear Ms Lee")
        self.assertEqual(self.listed("--size", "39", "--brand", "avenida"), ["L-1"])
        self.assertEqual(self.listed("--size", "39", "--brand", "norte"), [])
        self.assertEqual(self.listed("--bought-category", "dress"), ["L-2"])
        self.assertEqual(self.listed("--brand", "norte"), ["L-2"])

    def test_figures_are_computed_from_what_is_shown(self):
        for day, price, quantity in (("2026-05-04", "49.00", "2"), ("2026-06-04", "49.00", "-1")):
            self.ok("purchase", self.book, "loyalty:L-1", "--day", day, "--channel", "store", "--currency", "EUR", "--line",
                    f"description=Scarf;price={price};quantity={quantity}", "-p", "customer_order_management")
        told = self.ok("show", self.book, "loyalty:L-1", "-p", "customer_order_management", "--figures")["figures"]
        self.assertEqual((told["purchases"], told["last_visit"], told["returned_pieces"]), (2, "2026-06-04", 1))
        self.assertEqual(told["spend"], [{"currency": "EUR", "spent": 4900, "returned": 4900}])
        said = self.call("show", self.book, "loyalty:L-1", "-p", "customer_order_management", "--figures").stdout
        self.assertIn("49.00 EUR, returned 49.00", said)
        self.assertNotEqual(self.call("show", self.book, "loyalty:L-1", "-p", "email_marketing", "--figures").returncode, 0)

    def test_nothing_is_kept_or_listed_without_a_yes(self):
        self.ok("add", self.book, "--given", "Cy", "--id", "loyalty:L-3")
        for command in (("task", "add", self.book, "loyalty:L-3", "Hem"),
                        ("contact", "add", self.book, "loyalty:L-3", "--channel", "phone"),
                        ("tag", "add", self.book, "loyalty:L-3", "bridal")):
            done = self.call(*command)
            self.assertNotEqual(done.returncode, 0, command)
            self.assertIn("consent explain", done.stderr)
        self.ok("task", "add", self.book, "loyalty:L-1", "Hem", "--due", "2020-03-01")
        self.ok("consent", "withdraw", self.book, "loyalty:L-1", "-p", CARE)
        self.assertEqual(self.listed("--tasks-due", "0"), [])
        self.assertNotEqual(self.call("task", "list", self.book, "loyalty:L-1").returncode, 0)

    def test_numbers_that_notes_may_not_hold_are_refused(self):
        for text in ("Charge 4111 1111 1111 1111", "Her SSN is 536-22-1234"):
            for command in (("task", "add", "loyalty:L-1", text), ("task", "add", "loyalty:L-1", "Hem", "--kind", text),
                            ("contact", "add", "loyalty:L-1", "--author", text), ("tag", "add", "loyalty:L-1", text),
                            ("contact", "add", "loyalty:L-1", "--channel", text), ("edit", "loyalty:L-1", "--tier", text),
                            ("edit", "loyalty:L-1", "--wish", f"what=Scarf;for_whom={text}")):
                who = command.index("loyalty:L-1")
                done = self.call(*command[:who], self.book, *command[who:])
                self.assertNotEqual(done.returncode, 0, command)
                self.assertNotIn(text[-9:], done.stdout + done.stderr)
        self.assertEqual(self.ok("task", "list", self.book, "loyalty:L-1")["tasks"], [])

    def test_an_erased_customers_tasks_are_gone(self):
        self.ok("task", "add", self.book, "loyalty:L-1", "Hem", "--due", "2020-03-01")
        self.ok("erase", self.book, "loyalty:L-1", "--reason", "subject_request")
        self.assertEqual(self.listed("--tasks-due", "0"), [])
        self.assertNotEqual(self.call("task", "list", self.book, "loyalty:L-1").returncode, 0)

    def test_what_leaves_comes_back(self):
        self.ok("tag", "add", self.book, "loyalty:L-1", "bridal", "press list")
        self.ok("edit", self.book, "loyalty:L-1", "--tier", "gold", "--size", "kind=shoe;value=39;brand=Avenida",
                "--wish", "what=Scarf;day=2026-11-30", "--reach", "channel=phone", "--pronouns", "she/her")
        self.ok("task", "add", self.book, "loyalty:L-1", "Hem", "--due", "2026-12-01", "--assigned", "7")
        self.ok("contact", "add", self.book, "loyalty:L-1", "The hem", "--channel", "phone")
        self.ok("recipient", "add", self.book, "agency", "--class", "selected_partner", "--country", "DE", "--no-onward")
        text = SOURCE / "examples" / "import" / "notice.txt"
        self.ok("notice", "add", self.book, "agency", "--file", text, "--purpose", CARE, "--to", "self,agency", "--category", "all")
        self.ok("consent", "grant", self.book, "loyalty:L-1", "-p", CARE, "--to", "self,agency", "--notice", "agency",
                "--evidence", "card 8")
        tables, lines = self.folder / "tables", self.folder / "all.jsonl"
        self.ok("export", self.book, "-p", CARE, "--to", "agency", "-o", tables)
        self.ok("export", self.book, "-p", CARE, "--to", "agency", "--as", "jsonl", "-o", lines)
        columns = json.loads((tables / "map.json").read_text(encoding="utf-8"))["customers"]["columns"]
        for column in ("tags[1]", "tier", "sizes[0].brand", "wishes[0].day", "reach.channel", "name.pronouns",
                       "tasks[0].assigned", "contacts[0].at"):
            self.assertEqual(columns[column], column)
        self.assertIn("press list", (tables / "customers.csv").read_text(encoding="utf-8"))
        for from_ in (("--map", tables / "map.json"), (lines,)):
            told = self.ok("import", self.book, *from_, "-p", CARE, "--update")
            self.assertEqual((told["imported_customers"], told["changed_customers"]), (0, 0))

    def test_a_book_that_has_all_fields_says_so(self):
        self.assertEqual(self.ok("upgrade", self.book, "--fields")["fields"], [])
        self.assertIn("Nothing to add", self.call("upgrade", self.book, "--fields").stdout)


if __name__ == "__main__":
    unittest.main()
