#!/bin/sh
# Gives every fuzz target each file of its corpus, one process a file, so that a fault is one case.
set -u
good=0 bad=0
for source in "$top_srcdir"/tests/fuzz/fuzz_*.c; do
	[ -e "$source" ] || break
	name=$(basename "$source" .c)
	corpus=$top_srcdir/tests/fuzz/corpus/${name#fuzz_}
	[ -d "$corpus" ] || { echo "$name has no corpus"; bad=$((bad + 1)); continue; }
	for input in "$corpus"/*; do
		if "$top_builddir/tests/fuzz/$name" "$input"; then
			good=$((good + 1))
		else
			echo "$name fails on $input"
			bad=$((bad + 1))
		fi
	done
done
echo "$good passed, $bad failed"
[ $bad = 0 ]
