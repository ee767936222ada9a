#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every mistake that a Dockerfile can make, and where it is told.

usage: build_errors.py DHOW CONTEXT

Builds each of them in CONTEXT. What is not refused, is told without its line,
or is found only after the command of line 2 has begun, is printed. A case is
[text, line] or [text, line, "late"] for what only the files of a stage tell.
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
]


def main():
    dhow, context = sys.argv[1:]
    for text, line, *late in CASES:
        with open(context + "/Dockerfile", "w") as f:
            f.write(text + "\n" if text else "")
        done = subprocess.run(
            [dhow, "build", "--no-cache", "--progress", "plain", context],
            capture_output=True, text=True)
        said = done.stdout + done.stderr
        why = []
        if done.returncode == 0:
            why.append("not refused")
        elif f"Dockerfile:{line}" not in said:
            why.append(f"line {line} not told")
        if "RUN true" in said.split("Dockerfile:")[0] and not late:
            why.append("told after line 2 began")
        if why:
            print(", ".join(why), repr(text[:200]), said[-500:], sep="\n")


main()
