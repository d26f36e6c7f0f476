#!/bin/sh
# Every C file is as clang-format (.clang-format) leaves it; generated tables aside.
set -u
tree=${top_srcdir:-.}
command -v clang-format >/dev/null 2>&1 || { echo "clang-format is not installed"; exit 77; }
cd "$tree" || exit 1
find fhir mappings daemon bench tests -name '*.[ch]' ! -name '*_table.[ch]' -type f | sort | xargs clang-format --dry-run -Werror
