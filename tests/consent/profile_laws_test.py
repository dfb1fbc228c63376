"""Every citation of a built-in profile is of that profile's own laws."""

import json
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

CARDS = [r"PCI DSS \d[\d.]*"]
# Articles of one law may follow each other: "GDPR 6(1)(b), 17(3)(b), (e)".
POINT = r"(\d+(\(\w+\))*|\(\w+\)|recital \d+|member states: \d+|to existing customers)"
# Spain's and the Netherlands' acts beside the GDPR; the Digital Services Act.
EUROPE = [rf"(GDPR|ePrivacy|DSA) {POINT}((, | to | and )({POINT}))*", r"LOPDGDD 7", r"UAVG 5"]
SECTION = r"1798\.\d+(\(\w+\))*"
CALIFORNIA = [
    rf"(Civ\. Code )?{SECTION}(( to |, )({SECTION}|(\(\w+\))+))*",
    r"11 CCR 7\d\d\d(\(\w+\))*",
]
FEDERAL = [r"15 USC \d+(\(\w+\))*(: e-mail)?", r"16 CFR \d+(\.\d+)?(\(\w+\))*"]
STATES = [
    r"Va\. Code 59\.1-\d+(\(\w+\))*(, \(\w+\))*",
    r"Conn\. Gen\. Stat\. 42-\d+(\(\w+\))*",
    r"ORS 646A\.\d+",
    r"GPP US national, version 2",
    r"(no )?(sale|targeted advertising).* below \d+: ([Aa]cts of [A-Z].*|[A-Z]\w+, [\w ]+ Act)",
    r"(Virginia|Colorado|Utah|Connecticut|Florida|Montana|Oregon|Texas|Delaware|Iowa|Nebraska"
    r"|New Hampshire|New Jersey|Tennessee|Minnesota|Maryland|Indiana|Kentucky|Rhode Island), .+",
]
OWN = {
    "gdpr": EUROPE + CARDS,
    "us-ca": CALIFORNIA + FEDERAL + CARDS,
    "us": CALIFORNIA + FEDERAL + STATES + CARDS,  # what the acts of the states have in common
    "strict": EUROPE + CALIFORNIA + FEDERAL + STATES + CARDS,  # of no law: the strictest of all
}


def foreign(profile, law):
    """The parts of a citation that are not of this profile's laws."""
    return [part for part in law.split("; ")
            if not any(re.fullmatch(pattern, part) for pattern in OWN[profile])]


def citations(document):
    for table in document.values():
        if isinstance(table, list):
            yield from (row["law"] for row in table if isinstance(row, dict))


class ProfileLaws(unittest.TestCase):
    def test_each_cites_its_own(self):
        seen = 0
        for name in OWN:
            document = json.loads((ROOT / f"profiles/{name}.json").read_text(encoding="utf-8"))
            for law in citations(document):
                with self.subTest(profile=name, law=law):
                    self.assertEqual(foreign(name, law), [])
                seen += 1
        self.assertGreater(seen, 150)

    def test_there_is_no_other_built_in_profile(self):
        self.assertEqual({path.stem for path in (ROOT / "profiles").glob("*.json")}, set(OWN))

    def test_a_law_of_elsewhere_is_told(self):
        for profile, law in (("us-ca", "Va. Code 59.1-577(A)(5)"), ("us-ca", "GDPR 5(1)(c)"),
                             ("gdpr", "11 CCR 7025"), ("gdpr", "GDPR 28(3); 1798.100(d)"),
                             ("us", "GDPR 22(3)"), ("us-ca", "some law"), ("strict", "")):
            self.assertTrue(foreign(profile, law), f"{profile} may cite {law}")


if __name__ == "__main__":
    unittest.main()
