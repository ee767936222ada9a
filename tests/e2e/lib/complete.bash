# SPDX-License-Identifier: Apache-2.0
# Driven by completion.bats: complete.bash SCRIPT LINE WORD...
# The words are those that readline cuts LINE into, at : and = too.
# Prints what would be offered.
. "$1"
COMP_LINE=$2
COMP_POINT=${#2}
COMP_TYPE=${COMP_TYPE:-9}
shift 2
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
compopt() { :; }
_dhow
printf '%s\n' "${COMPREPLY[@]}"
