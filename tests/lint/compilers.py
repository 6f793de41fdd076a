# SPDX-License-Identifier: Apache-2.0 OR MIT

"""compilers.py: is the table of compilers and presets in docs/testing.md true?

It has to name each preset that CMakePresets.json and cmake/run have. Its versions are those of one distribution: on
another they are not compared.
"""

import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| `([\w-]+)` \| (\d+\.\d+) \| (.*?) \|", re.MULTILINE)
PRESET_LIST = re.compile(r'^(?:host|foreign|cross)_presets="(.*)"$', re.MULTILINE)


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def mistakes_in_presets(told):
    presets = json.loads(read("CMakePresets.json"))["configurePresets"]
    there = {
        "CMakePresets.json": {preset["name"] for preset in presets if not preset.get("hidden")},
        "cmake/run": set(" ".join(PRESET_LIST.findall(read("cmake/run"))).split()),
    }
    for place, names in there.items():
        for name in sorted(names ^ told):
            yield f"{name}: a preset in docs/testing.md or in {place}, and not in the other"


def mistakes_in_versions(rows, distribution):
    system = pathlib.Path("/etc/os-release")
    if not system.exists() or f'PRETTY_NAME="{distribution}' not in system.read_text(encoding="utf-8"):
        print(f"This is not {distribution}: versions are not compared.")
        return
    for compiler, version, _ in rows:
        said = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=True).stdout
        found = re.search(r"\d+\.\d+(?=\.\w+)", said)[0]
        if found != version:
            yield f"{compiler}: {found}, and not {version} as docs/testing.md says"


def main():
    page = read("docs/testing.md")
    rows = ROW.findall(page)
    distribution = re.search(r"On (Debian) (\d+), the versions are these", page)
    told = {name for _, _, presets in rows for name in re.findall(r"`([a-z0-9-]+)`", presets)}
    found = [*mistakes_in_presets(told),
             *mistakes_in_versions(rows, f"{distribution[1]} GNU/Linux {distribution[2]}")]
    print("\n".join([*found, f"{len(rows)} compilers and {len(told)} presets looked at."]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
