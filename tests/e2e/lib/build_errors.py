#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every mistake that a Dockerfile can make, and where it is told.

usage: build_errors.py DHOW CONTEXT

Builds each of them in CONTEXT. What is not refused, is told without its line
and an excerpt that marks it, or is found only after the command of line 2 has
begun, is printed. A case is [text, place] or [text, place, "late"] for what
only the files of a stage tell; a place is a line or "line:column".
"""
import subprocess
import sys

CASES = [
    ("FROM busybox\nRUN true\nRNU x", 3),
    ("FROM busybox\nRUN true\nCOPY --form=a b c", 3),
    ("FROM busybox\nRUN true\nCOPY --chown=1 --chown=2 Dockerfile /c", 3),
    ("FROM busybox\nRUN true\nCOPY --chown Dockerfile /c", 3),
    ("FROM busybox\nRUN true\nCOPY --link=maybe Dockerfile /c", 3),
    ("FROM busybox as\nRUN true", 1),
    ("FROM busybox as a b\nRUN true", 1),
    ("FROM a b\n", 1),
    ("FROM busybox AS 1a\nRUN true", 1),
    ("ARG b\nFROM $b\nRUN true", 2),
    ("ARG p\nFROM --platform=$p busybox\nRUN true", 2),
    ("FROM --platform=a/b/c/d busybox\nRUN true", 1),
    ("FROM busybox\nRUN true\nONBUILD ONBUILD RUN x", 3),
    ("FROM busybox\nRUN true\nONBUILD FROM x", 3),
    ("FROM busybox\nRUN true\nONBUILD MAINTAINER x", 3),
    ("FROM busybox\nRUN true\nCOPY Dockerfile", 3),
    ("FROM busybox\nRUN true\nADD Dockerfile", 3),
    ("FROM busybox\nRUN true\nADD --checksum=sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 Dockerfile /x", 3),
    ("FROM busybox\nRUN true\nADD --checksum=md5:1 http://a/b /x", 3),
    ("FROM busybox\nRUN true\nCOPY http://a/b /x", 3),
    ("FROM busybox\nRUN true\nCOPY https://a/b.git /x", 3),
    ("FROM busybox\nRUN true\nCOPY git@github.com:a/b.git /x", 3),
    ("FROM busybox\nARG s=x\nRUN true\nCOPY --from=$s a /x", 4),
    ("FROM busybox AS one\nRUN true\nCOPY --from=late a /x\nFROM busybox AS late\nFROM one", 3),
    ("FROM busybox AS one\nRUN true\nRUN --mount=from=late,target=/x a\nFROM busybox AS late\nFROM one", 3),
    ("FROM busybox\nRUN true\nRUN <<E\nx", 3),
    ("FROM busybox\nRUN true\nCOPY Dockerfile <<E\nx\nE", 3),
    ("FROM busybox\nRUN true\nENV =x", 3),
    ("FROM busybox\nRUN true\nENV a", 3),
    ("FROM busybox\nRUN true\nENV a=b c", 3),
    ("FROM busybox\nRUN true\nLABEL =x", 3),
    ("FROM busybox\nRUN true\nLABEL a", 3),
    ("FROM busybox\nRUN true\nARG", 3),
    ("FROM busybox\nRUN true\nARG =x", 3),
    ("RUN true\nFROM busybox", 1),
    ("FROM busybox\nRUN true\nUSER", 3),
    ("FROM busybox\nRUN true\nUSER a b", 3),
    ("FROM busybox\nRUN true\nWORKDIR", 3),
    ("FROM busybox\nRUN true\nSTOPSIGNAL", 3),
    ("FROM busybox\nRUN true\nSTOPSIGNAL a b", 3),
    ("FROM busybox\nRUN true\nSTOPSIGNAL SIGNO", 3),
    ("FROM busybox\nRUN true\nVOLUME []", 3),
    ("FROM busybox\nRUN true\nVOLUME", 3),
    ("FROM busybox\nRUN true\nVOLUME [\"\"]", 3),
    ("FROM busybox\nRUN true\nSHELL sh -c", 3),
    ("FROM busybox\nRUN true\nSHELL []", 3),
    ("FROM busybox\nRUN true\nHEALTHCHECK", 3),
    ("FROM busybox\nRUN true\nHEALTHCHECK FOO x", 3),
    ("FROM busybox\nRUN true\nHEALTHCHECK NONE x", 3),
    ("FROM busybox\nRUN true\nHEALTHCHECK CMD", 3),
    ("FROM busybox\nRUN true\nHEALTHCHECK --interval=x CMD a", 3),
    ("FROM busybox\nRUN true\nHEALTHCHECK --interval=1us CMD a", 3),
    ("FROM busybox\nRUN true\nHEALTHCHECK --retries=-1 CMD a", 3),
    ("FROM busybox\nRUN true\nHEALTHCHECK --interval=-1s CMD a", 3),
    ("FROM busybox\nRUN true\nEXPOSE x", 3),
    ("FROM busybox\nRUN true\nEXPOSE 80/icmp", 3),
    ("FROM busybox\nRUN true\nEXPOSE 90-80", 3),
    ("FROM busybox\nRUN true\nEXPOSE 65536", 3),
    ("FROM busybox\nRUN true\nEXPOSE", 3),
    ("FROM busybox\nRUN true\nENV a=${b", 3),
    ("FROM busybox\nRUN true\nENV a=${b:=c}", 3),
    ("FROM busybox\nRUN true\nENV a=${b!}", 3),
    ("FROM busybox\nRUN true\nENV a=\"b", 3),
    ("FROM busybox\nRUN true\nENV a='b", 3),
    ("FROM busybox\nRUN true\nENV a=${b:?must be}", 3),
    ("FROM busybox\nRUN true\nENV a=${b:%x}", 3),
    ("FROM busybox\nRUN true\nCOPY --chmod=999 Dockerfile /x", 3),
    ("FROM busybox\nRUN true\nCOPY --chmod=u+y Dockerfile /x", 3),
    ("FROM busybox\nRUN true\nCOPY --chmod=10000 Dockerfile /x", 3),
    ("FROM busybox\nRUN true\nCOPY --chown=nobodyhere Dockerfile /x", 3, "late"),
    ("FROM busybox\nRUN true\nCOPY --chown=0:nogrouphere Dockerfile /x", 3, "late"),
    ("FROM busybox\nRUN true\nRUN --mount=type=bin,target=/x a", 3),
    ("FROM busybox\nRUN true\nRUN --mount=type=cache,tarpet=/x a", 3),
    ("FROM busybox\nRUN true\nRUN --mount=type=cache,target=/ a", 3),
    ("FROM busybox\nRUN true\nRUN --network=no a", 3),
    ("FROM busybox\nRUN true\nRUN --security=no a", 3),
    ("FROM busybox\nRUN true\nRUN", 3),
    ("FROM busybox\nRUN true\nRUN --device=x/y=z a", 3),
    ("# escape=\\\n# escape=\\\nFROM busybox", 2),
    ("# escape=x\nFROM busybox", 1),
    ("# syntax=foo/bar\nFROM busybox", 1),
    ("FROM busybox\nRUN true\nRUN " + "x" * 66000, 3),
    ("FROM busybox\nRUN true\nCOPY missing /x", 3),
    ("FROM busybox\nRUN true\nADD missing /x", 3),
    ("FROM busybox\nRUN true\nRUN exit 3", 3, "late"),
    ("FROM bussybox\nRUN true", 1),
    ("FROM busybox AS build\nRUN true\nFROM buld", 3),
    ("FROM busybox\nRUN true\nCOPY --from=buld a /x", 3, "late"),
    ("FROM busybox\nRUN true\nMAINTAINER", 3),
    ("FROM busybox\nRUN true\nONBUILD", 3),
    ("FROM busybox\nRUN true\nONBUILD RNU x", 3),
    ("FROM busybox\nRUN true\nCOPY [\"a\", 1] /x", 3),
    ("FROM busybox\nRUN true\nCMD [1]", 3),
    ("FROM", 1),
    ("", 1),
    ("# x", 1),
    ("FROM busybox\nRUN true\nCOPY --exclude=[a Dockerfile /x", 3),
    ("FROM busybox\nRUN true\nRUN --mount=type=secret,id=a,required a", 3),
    ("FROM busybox\nRUN true\nRUN --mount=type=cache,id=${x:?no},target=/y a", 3),
    ("FROM busybox\nRUN true\nADD --unpack=perhaps Dockerfile /x", 3),
    ("FROM busybox\nRUN true\nCOPY --keep-git-dir Dockerfile /x", 3),
    ("FROM busybox\nRUN true\nADD --from=x Dockerfile /x", 3),
    ("FROM busybox\nRUN true\nADD --parents Dockerfile /x", 3),
    ("ARG a=1\nARG b=${c:?why}\nFROM busybox\nRUN true", "2:7"),
    ("FROM Busybox\nRUN true", "1:6"),
    ("FROM $none AS unneeded\nFROM busybox\nRUN true", "1:6"),
    ("FROM busybox AS a\nRUN true\nFROM No AS b\nFROM a", "3:6"),
    ("FROM busybox AS a\nRUN true\nFROM --platform=x/y/z/w x\nFROM a", "3:6"),
    ("FROM busybox:\nRUN true", "1:6"),
    ("FROM busybox@sha256:12\nRUN true", "1:6"),
    ("FROM --platform=a/b/c/d busybox\nRUN true", "1:6"),
    ("FROM busybox AS one\nRUN true\nCOPY --link --from=late a /x\nFROM busybox AS late\nFROM one", "3:13"),
    ("FROM busybox\nRUN true\nCOPY --from=A/B a /x", "3:6"),
    ("FROM busybox\nRUN true\nRUN --mount=from=A/B,target=/x a", "3:5"),
    ("FROM busybox\nRUN true\nRUN --mount=source=missing,target=/x a", "3:5"),
    ("FROM busybox\nRUN true\nRUN --network=none --mount=type=ssh,required a", "3:20"),
    ("FROM busybox\nRUN true\nRUN --network=host a", "3:1"),
    ("FROM busybox\nRUN true\nRUN --security=insecure a", "3:1"),
    ("FROM busybox\nRUN true\nCOPY Dockerfile missing /x/", "3:17"),
    ("FROM busybox\nRUN true\nCOPY [\"missing\", \"/x\"]", "3:1"),
    ("FROM busybox\nRUN true\nCOPY --link --chmod=999 Dockerfile /x", "3:13"),
    ("FROM busybox\nRUN true\nHEALTHCHECK --retries=1 --timeout=1us CMD a", "3:25"),
    ("FROM busybox\nRUN true\nENV a=b \\\n  c=${d:?no}", "4:5"),
    ("FROM busybox\nRUN true\nENV m=9\nCOPY --chmod=$m Dockerfile /x", "4:6"),
    ("FROM busybox\nRUN true\nCOPY <<a <<b /x\na\nb", 3, "late"),
    ("FROM busybox\nRUN true\nCOPY Dockerfile* Dockerfil? /x", 3, "late"),
    ("FROM busybox\nRUN true\nADD Dockerfile Dockerfile /x", 3, "late"),
    ("FROM busybox\nRUN true\nCOPY Dockerfile /bin/busybox/", 3, "late"),
    ("FROM busybox\nUSER nosuchuser\nWORKDIR /new", 3, "late"),
    ("FROM busybox\nRUN true\nRUN <<E\n#!/nosuch\nE", 3, "late"),
]


def why_wrong(text, place, late, done):
    """What is wrong with how a case was told; nothing: nothing."""
    said = done.stdout + done.stderr
    line = str(place).split(":")[0]
    if done.returncode == 0:
        yield "not refused"
        return
    if f"Dockerfile:{place}" not in said:
        yield f"place {place} not told"
    if ":" in str(place) and f"Error: Dockerfile:{place}: " not in said:
        yield f"column of {place} not told"
    if text.strip("# x") and f"{line:>4} | >>> " not in said:
        yield "no excerpt"
    if "RUN true" in said.split("Dockerfile:")[0] and not late:
        yield "told after line 2 began"


def main():
    dhow, context = sys.argv[1:]
    for text, place, *late in CASES:
        with open(context + "/Dockerfile", "w") as f:
            f.write(text + "\n" if text else "")
        done = subprocess.run(
            [dhow, "build", "--no-cache", "--progress", "plain", context],
            capture_output=True, text=True)
        why = ", ".join(why_wrong(text, place, late, done))
        if why:
            print(why, repr(text[:200]), (done.stdout + done.stderr)[-500:],
                  sep="\n")


main()
