"""An sdist is the package alone: it is built against an installed library, where nothing of the source tree is."""

import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest

SOURCE = pathlib.Path(sys.prefix) / "source/bindings/python"  # where install_package.py has put it


@unittest.skipUnless((SOURCE / "setup.py").exists(), "skipped: the package was installed by somebody else")
class Sdist(unittest.TestCase):
    def test_it_is_built_and_used_where_it_is_alone(self):
        with tempfile.TemporaryDirectory() as place:
            folder = pathlib.Path(place)
            # Beside the copy lies what it is compiled against; what setuptools writes stays in this folder.
            shutil.copytree(SOURCE.parent.parent, folder / "tree", ignore=shutil.ignore_patterns("build", "*.egg-info"))
            without = {key: value for key, value in os.environ.items() if key != "CLIENTBOOK_LIBRARY"}
            subprocess.run([sys.executable, "setup.py", "-q", "sdist", "-d", str(folder / "made")], check=True, env=without,
                           capture_output=True, cwd=folder / "tree/bindings/python")
            shutil.rmtree(folder / "tree")
            packed, = (folder / "made").glob("clientbook-*.tar.gz")
            with tarfile.open(packed) as names:
                held = {name.split("/", 1)[-1] for name in names.getnames()}
            self.assertLessEqual({"include/clientbook.h", "src/arrow.c", "src/fast.h", "clientbook/py.typed", "build_native.py"}, held)
            install = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-build-isolation", "--no-deps",
                       "--target", str(folder / "there"), str(packed)]
            subprocess.run(install, check=True)
            use = "import clientbook; print(clientbook.__file__); clientbook.in_memory('gdpr').session(7).fields"
            done = subprocess.run([sys.executable, "-c", use], check=True, capture_output=True, text=True, cwd=folder,
                                  env={**without, "PYTHONPATH": str(folder / "there")})
            self.assertTrue(done.stdout.startswith(str(folder / "there")), done.stdout)


if __name__ == "__main__":
    unittest.main()
