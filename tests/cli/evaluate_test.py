"""`clientbook evaluate`: answers, refusals with their code and place, and the published schema."""
import copy
import json
import re
import unittest

from program import SOURCE, ProgramTest

PAGE = (SOURCE / "docs" / "evaluate.md").read_text(encoding="utf-8")
SCHEMA = json.loads((SOURCE / "docs" / "evaluate.schema.json").read_text(encoding="utf-8"))
EXAMPLE = json.loads(re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)[1])


class Evaluate(ProgramTest):
    def answer(self, case):
        done = self.call("evaluate", "-", stdin=json.dumps(case))
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def wrong(self, code, where, change, text=None):
        case = copy.deepcopy(EXAMPLE)
        if change:
            change(case)
        said = self.refused(code, "evaluate", "-", stdin=text or json.dumps(case))
        if where:
            self.assertIn(f"the document at {where}:", said)

    def test_the_example_of_the_page(self):
        first, second = self.answer(EXAMPLE)["decisions"]
        self.assertEqual(first["fields"]["emails"]["code"], "GRANTED_BY")
        self.assertEqual(first["fields"]["emails"]["directive"]["notice"]["title"], "newsletter")
        self.assertEqual(second["fields"]["addresses"]["code"], "BASIS")
        self.assertEqual(second["obligations"]["required"], ["ledger", "purpose_tag"])

    def test_a_permit_with_obligations_needs_who_discharges_them(self):
        case = copy.deepcopy(EXAMPLE)
        case["requests"][1]["discharges"] = []
        field = self.answer(case)["decisions"][1]["fields"]["addresses"]
        self.assertEqual((field["decision"], field["stage"], field["code"]),
                         ("deny", 8, "OBLIGATION_UNSUPPORTED"))
        case["requests"][1]["discharges"] = ["book"]
        field = self.answer(case)["decisions"][1]["fields"]["addresses"]
        self.assertEqual((field["decision"], field["code"]), ("permit", "BASIS"))
        del case["requests"][1]["discharges"]
        field = self.answer(case)["decisions"][1]["fields"]["addresses"]
        self.assertEqual((field["decision"], field["code"]), ("permit", "BASIS"))

    def test_the_age_that_counts_is_that_of_where_one_lives(self):
        for residence, decision in (("AT", "permit"), ("DE", "deny"), (None, "deny"),
                                    ("XX", "deny")):
            case = copy.deepcopy(EXAMPLE)
            case["subject"] = {"age": 14}
            case["directives"][0]["channel"] = "web"
            if residence:
                case["subject"]["residence"] = residence
            field = self.answer(case)["decisions"][0]["fields"]["emails"]
            self.assertEqual(field["decision"], decision, residence)
        self.wrong(22, "/subject/residence", lambda case: case.update(subject={"residence": "at"}))
        self.wrong(22, "/subject/residence", lambda case: case.update(subject={"residence": "ATX"}))

    def test_a_move_says_where_one_lives_and_works_and_nothing_else(self):
        def decided(*moves, **grant):
            case = copy.deepcopy(EXAMPLE)
            case["subject"] = {"age": 14}
            said = dict(case["directives"][0], channel="web", **grant)
            at = said["at"]
            case["directives"] = [dict({"kind": "move", "at": at}, **move) for move in moves] + [said]
            return self.answer(case)["decisions"][0]["fields"]["emails"]["decision"]

        self.assertEqual(decided(), "deny")
        self.assertEqual(decided({"state": "AT"}), "permit")
        self.assertEqual(decided({"state": "AT", "by": "controller"}), "deny")
        self.assertEqual(decided({"state": "AT"}, {"works_here": True, "by": "controller"}), "deny")
        self.assertEqual(decided({"state": "AT"}, {"works_here": True, "by": "controller"}, strength="explicit",
                                 evidence="card"), "permit")

        def move(**members):
            return lambda case: case["directives"].insert(0, dict({"kind": "move", "at": case["directives"][0]["at"]},
                                                                  **members))

        self.wrong(21, "/directives/0/purposes", move(purposes=["email_marketing"]))
        self.wrong(22, "/directives/0/state", move(state="at"))
        self.wrong(21, "/directives/0/state", lambda case: case["directives"][0].update(state="AT"))

    def test_a_withdrawal_closes_and_says_what_would_open(self):
        case = copy.deepcopy(EXAMPLE)
        case["directives"].append({
            "kind": "withdraw", "purposes": ["all"], "recipients": ["any"], "categories": ["all"],
            "operations": ["all"], "at": "2026-02-01T00:00:00Z"})
        case["language"] = "de"
        field = self.answer(case)["decisions"][0]["fields"]["emails"]
        self.assertEqual((field["decision"], field["stage"], field["code"]),
                         ("deny", 3, "WITHDRAWN"))
        self.assertIn("widerrufen", field["text"])

    def test_sale_to_a_broker_stays_closed_under_a_grant_of_everything(self):
        case = copy.deepcopy(EXAMPLE)
        case["registry"]["parties"].append({"name": "Broker", "class": "data_broker", "country": "US"})
        everything = {"purposes": ["service_provision", "marketing", "personalisation"],
                      "recipients": ["self", "third_party"], "categories": ["all"],
                      "operations": ["all"]}
        case["notices"] = [{"title": "newsletter", "announces": everything}]
        case["directives"] = [{"kind": "grant", "strength": "explicit", "notice": "newsletter",
                               "at": "2026-01-01T00:00:00Z", **everything}]
        case["requests"] = [{"purpose": "sell_data_to_third_parties", "recipient": "Broker",
                             "operation": "sell", "now": "2026-03-01T00:00:00Z"}]
        for field in self.answer(case)["decisions"][0]["fields"].values():
            self.assertEqual(field["decision"], "deny")

    def test_a_profile_of_its_own_decides(self):
        law = json.loads((SOURCE / "profiles" / "gdpr.json").read_text(encoding="utf-8"))
        self.assertEqual(self.answer({**EXAMPLE, "profile": law}), self.answer(EXAMPLE))
        law.update(id=100, name="shop", minimum_strength="explicit")
        answer = self.answer({**EXAMPLE, "profile": law})
        self.assertEqual(answer["profile"]["name"], "shop")
        self.assertEqual(answer["decisions"][0]["fields"]["emails"]["code"], "NO_BASIS")
        law["prohibit"][0]["categories"][1] = "card_trick"
        self.wrong(21, "/profile/prohibit/0/categories/1", lambda case: case.update(profile=law))
        law["prohibit"] = []
        self.wrong(23, "/profile", lambda case: case.update(profile=law))

    def test_what_is_wrong_has_its_code_and_its_place(self):
        def at(path, value):
            def change(case):
                *way, last = path
                for step in way:
                    case = case[step]
                if value is None:
                    del case[last]
                else:
                    case[last] = value
            return change
        grant = EXAMPLE["directives"][0]
        late = {**grant, "at": "2025-01-01T00:00:00Z"}
        for code, where, change in (
                (21, "/directives/0/purposes/0", at(["directives", 0, "purposes", 0], "gossip")),
                (21, "", at(["gossip"], 1)),
                (21, "/requests/0/recipient", at(["requests", 0, "recipient"], "Nobody")),
                (21, "/requests/1/fields/0", at(["requests", 1, "fields", 0], "shoe")),
                (24, "/directives/0/at", at(["directives", 0, "at"], 5)),
                (24, "/requests", at(["requests"], {})),
                (23, "/directives/0/notice", at(["directives", 0, "notice"], None)),
                (23, "/requests/0/now", at(["requests", 0, "now"], None)),
                (42, "/directives/0/notice", at(["directives", 0, "notice"], "none such")),
                (45, "/directives/1", at(["directives"], [grant, late])),
                (45, "/requests/0/now", at(["requests", 0, "now"], "2025-12-31T00:00:00Z")),
                (45, "/as_of", at(["as_of"], "2025-12-31T00:00:00Z")),
                (22, "/subject/age", at(["subject"], {"age": 900})),
                (7, "/fields", at(["fields"], [{"key": f"f{i}", "categories": ["name"]}
                                               for i in range(65)])),
                (5, "/registry/parties/1", at(["registry", "parties"],
                                              EXAMPLE["registry"]["parties"] * 2))):
            with self.subTest(where=where, code=code):
                self.wrong(code, where, change)

    def test_what_is_no_json(self):
        self.wrong(20, "", None, text='{"requests": [],}')
        self.wrong(5, "", None, text='{"requests": [], "requests": []}')

    def test_no_error_quotes_a_value(self):
        case = copy.deepcopy(EXAMPLE)
        case["directives"][0]["purposes"] = ["zebedee@example.com"]
        self.assertNotIn("zebedee", self.refused(21, "evaluate", "-", stdin=json.dumps(case)))

    def test_the_schema_admits_the_example_and_knows_the_members_of_the_reader(self):
        try:
            import jsonschema
        except ImportError:
            self.skipTest("no python3-jsonschema")
        jsonschema.Draft202012Validator.check_schema(SCHEMA)
        jsonschema.validate(EXAMPLE, SCHEMA)
        # Every member that the schema names is accepted or refused for its value, not its name.
        source = (SOURCE / "src" / "exchange" / "json" / "evaluate_json.cpp").read_text(encoding="utf-8")
        lists = [frozenset(re.findall(r'"(\w+)"', names))
                 for names in re.findall(r"only\(\s*\{(.*?)\}\)", source, re.DOTALL)]

        def objects(node):
            if isinstance(node, dict):
                if "properties" in node:
                    yield frozenset(node["properties"])
                for value in node.values():
                    yield from objects(value)
        described = set(objects(SCHEMA))
        for names in lists:
            self.assertIn(names, described)


if __name__ == "__main__":
    unittest.main()
