#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# usage: all.sh SRCDIR BUILDDIR  - every check of "make lint", each told by name.
# CC and LINT_CPPFLAGS come from the Makefile.
set -u
src=$1
build=$2
here=$src/contrib/lint
export DHOW_SRCDIR="$src" PYTHONDONTWRITEBYTECODE=1
failed=0

check() {
	title=$1
	shift
	if out=$("$@" 2>&1); then
		echo "lint: ok    $title"
		[ -z "$out" ] || echo "$out"
	else
		echo "lint: FAIL  $title"
		echo "$out"
		failed=$((failed + 1))
	fi
}

# A missing tool is a failure with its package, never a silent pass.
tool() {
	command -v "$1" >/dev/null && return 0
	echo "lint: FAIL  $1 is missing (Debian: apt-get install $2)"
	failed=$((failed + 1))
	return 1
}

c_files() {
	find "$src/src" "$src/tests" -name '*.[ch]' | sort
}

headers_alone() {
	find "$src/src" -name '*.h' | sort |
		xargs -P 2 -I '{}' "${CC:-cc}" $LINT_CPPFLAGS -std=gnu11 \
			-fsyntax-only -Wall -Wextra -Wno-unused-parameter \
			-Wno-unused-const-variable -Wno-pragma-once-outside-header \
			-Werror '{}'
}

shell_scripts() {
	{
		find "$src/contrib" "$src/tests" -name '*.sh' -o -name '*.bash'
		ls "$src/.ci/run" 2>/dev/null
	} | xargs shellcheck -x -e SC1090,SC1091 -S warning
}

bats_files() {
	find "$src/tests" -name "*.bats" -exec shellcheck -S error {} +
}

static_check() {
	cppcheck --quiet --std=c11 --language=c --error-exitcode=1 -j 2 \
		--enable=portability --inline-suppr \
		--suppressions-list="$here/cppcheck.txt" \
		-D_GNU_SOURCE -D__x86_64__ -D__linux__ -I "$src/src" "$src/src"
}

format() {
	c_files | xargs clang-format --dry-run -Werror 2>&1 |
		sed -n 's/^\([^:]*\):\([0-9]*\):.*error.*/\1:\2/p' | sort -u |
		awk -F: '{at[$1] = at[$1] " " $2}
			END {for (f in at) print f ":" at[f]; exit NR > 0}'
}

check "rooms and floors" python3 "$here/floors.py"
check "every source is built" python3 "$here/rooms.py"
check "flags" python3 "$here/flags.py"
check "sizes" python3 "$here/sizes.py"
check "pages and messages" python3 "$here/page.py"
check "headers compile alone" headers_alone
check "children call only system calls" \
	python3 "$here/child_symbols.py" "$build"
tool clang-format clang-format && check "format (make fmt)" format
tool shellcheck shellcheck && check "shell scripts" shell_scripts
tool shellcheck shellcheck && check "bats files" bats_files
tool cppcheck cppcheck && check "cppcheck" static_check
if [ -n "${DOCS_CHECK:-}" ]; then
	check "generated documents are up to date" \
		"${MAKE:-make}" -s -C "$build" "$DOCS_CHECK"
fi
if [ "$failed" -gt 0 ]; then
	echo "lint: $failed checks failed"
	exit 1
fi
echo "lint: clean"
