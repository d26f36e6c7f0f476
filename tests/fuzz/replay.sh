#!/bin/sh
# Gives every fuzz target each file of its corpus: all in one process, and one by one where that fails.
set -u
good=0 bad=0
for source in "$top_srcdir"/tests/fuzz/fuzz_*.c; do
	name=$(basename "$source" .c)
	program=$top_builddir/tests/fuzz/$name
	corpus=$top_srcdir/tests/fuzz/corpus/${name#fuzz_}
	[ -x "$program" ] || { echo "$name was not built"; bad=$((bad + 1)); continue; }
	if "$program" "$corpus"/*; then
		good=$((good + $(ls "$corpus" | wc -l)))
		continue
	fi
	for input in "$corpus"/*; do
		if "$program" "$input"; then
			good=$((good + 1))
		else
			echo "$name fails on $input"
			bad=$((bad + 1))
		fi
	done
done
echo "$good passed, $bad failed"
[ $bad = 0 ]
