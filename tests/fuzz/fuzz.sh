#!/bin/sh
# Runs every fuzz target under libFuzzer for FUZZ_SECONDS (60) each, from its corpus; what breaks it is
# left in the build folder under tests/fuzz/found/. Needs configure --enable-fuzzers with clang.
set -u
bad=0
for source in "$top_srcdir"/tests/fuzz/fuzz_*.c; do
	name=$(basename "$source" .c)
	program=$top_builddir/tests/fuzz/$name
	found=$top_builddir/tests/fuzz/found/$name
	grown=$top_builddir/tests/fuzz/grown/$name
	mkdir -p "$found" "$grown"
	"$program" -help=1 2>&1 | grep -q max_total_time ||
		{ echo "$program was not built with libFuzzer: configure CC=clang --enable-fuzzers"; exit 1; }
	if "$program" -max_total_time="${FUZZ_SECONDS:-60}" -rss_limit_mb=4096 -timeout=20 -print_final_stats=1 \
		-artifact_prefix="$found/" "$grown" "$top_srcdir/tests/fuzz/corpus/${name#fuzz_}" 2>"$found.log"; then
		verdict=ok
	else
		verdict="FAILED, see $found.log"
		bad=1
	fi
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$found.log")
	echo "$name: ${runs:-0} inputs in ${FUZZ_SECONDS:-60} s, $verdict"
done
exit $bad
