#!/bin/sh
# The layer rule of the README, made a test: which folder may include and call what. Checked on the
# sources (#include), and on the pure libraries as built (undefined symbols, writable globals),
# which also catches a function declared by hand. Then the script proves on planted violations that
# it can fail.
set -u
export LC_ALL=C
tree=${top_srcdir:-.} build=${top_builddir:-.}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# The only system headers of the pure layers: the C library without clock, files, signals, locale; and
# the compiler's names for vector instructions.
pure_headers='assert|ctype|errno|float|inttypes|limits|math|stdalign|stdarg|stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string|emmintrin'

# What the pure layers may call in the C library. snprintf is fine, printf is not.
pure_calls='memchr|memcmp|memcpy|memmem|memmove|memrchr|memset
strchr|strchrnul|strcmp|strcspn|strlen|strncmp|strnlen|strpbrk|strrchr|strspn|strstr|strcasecmp|strncasecmp
strtol|strtoll|strtoul|strtoull|snprintf|vsnprintf|malloc|calloc|realloc|free|abort|qsort|bsearch
ceil|exp|fabs|floor|fmod|log|log10|log2|modf|pow|rint|round|sqrt|trunc|frexp|ldexp'

# file | headers that only these files may include
libraries='fhir/xml.c|libxml/
fhir/regex.c|pcre2
mappings/digest.c daemon/tls.c daemon/seal.c daemon/token.c|openssl/
daemon/loop.c daemon/listen.c daemon/listen_conn.c|event2/
daemon/http.c|curl/
daemon/store|sqlite3
daemon/conf_read.c|ini\.h
daemon/|jansson'

includes() { # tree folder: "file:line:header" with its <> or ""
	grep -nE '^[[:space:]]*#[[:space:]]*include' "$1/$2"/*.[ch] /dev/null |
		sed -E 's,^([^:]+:[0-9]+):[^<"]*([<"][^>"]*[>"]).*,\1 \2,'
}

quoted() { # tree folder allowed-folders
	includes "$1" "$2" | grep ' "' | grep -vE " \"(config\.h\"|($3)/)" |
		sed 's/$/: not for this layer/'
}

system() { # tree folder: anything but the C library and the libraries listed by file
	includes "$1" "$2" | grep ' <' | grep -vE " <($pure_headers)\.h>" |
		grep -vE ' <(libxml/|pcre2|openssl/|event2/|curl/|sqlite3|ini\.h|jansson)' |
		sed 's/$/: not for a pure layer/'
}

private() { # tree: a library header outside its files
	echo "$libraries" | while IFS='|' read -r files header; do
		for folder in fhir mappings daemon; do
			includes "$1" $folder | grep " <$header" | while read -r place rest; do
				for file in $files; do
					case $place in "$1/$file"*) continue 2 ;; esac
				done
				echo "$place $rest: only in $files"
			done
		done
	done
}

ends() { # tree: whatever ends the process outside app.c and cli*.c
	grep -nE '(^|[^[:alnum:]_])(_?exit|_Exit|err|errx|quick_exit)\(' "$1"/daemon/*.c /dev/null |
		grep -vE '/daemon/(app|cli[a-z_]*)\.c:' | sed 's/$/: only app.c and cli*.c may end the process/'
}

threads() { # tree: a thread, or the time of a sleeping one, outside loop.c
	grep -nE '(^|[^[:alnum:]_])(pthread_create|thrd_create|fork|vfork|sleep|usleep|nanosleep)\(' \
		"$1"/daemon/*.[ch] /dev/null | grep -vE '/daemon/loop\.c:' |
		sed 's/$/: threads and delays are made by loop.c only/'
}

symbols() { # build: undefined symbols of the pure libraries that are neither theirs nor allowed
	for lib in fhir/libfhir.a mappings/libmappings.a; do
		nm "$1/$lib" 2>/dev/null | awk -v lib=$lib '
			/:$/ { member = $1; sub(/:$/, "", member); sub(/^.*_a-/, "", member) }
			NF >= 2 { print lib, member, $(NF - 1), $NF }'
	done | awk -v calls="$(echo "$pure_calls" | tr '\n' '|')" '
		function allowed(member, s) {
			sub(/^__isoc[0-9]+_/, "", s)
			if (s ~ /^__.*_chk$/) { sub(/^__/, "", s); sub(/_chk$/, "", s) }
			if (s ~ ("^(" calls "__assert_fail|__errno_location|__stack_fail)$")) return 1
			if (s ~ /^__stack_chk_fail|^stack_fail$|^_GLOBAL_OFFSET_TABLE_$/) return 1
			if (s ~ /^__(u?div|u?mod|mul|mulo|udivmod)ti[34]$/) return 1
			if (s ~ /^__(asan|ubsan|sanitizer|sancov|start___sanc|stop___sanc|odr_asan)/) return 1
			if (s ~ /^(fputs|fwrite|stderr)$/) return member == "base.o" # before abort()
			if (s ~ /^pcre2_/) return member == "regex.o"
			if (s ~ /^EVP_/) return member == "digest.o"
			if (s ~ /^(xml|html)[A-Z_]/) return member == "xml.o"
			return 0
		}
		$3 == "U" { wanted[$4] = wanted[$4] " " $1 "(" $2 ")"; by[$4, ++n[$4]] = $2; next }
		$3 ~ /^[A-Zu]$/ { defined[$4] = 1 }
		END {
			for (s in wanted) {
				if (s in defined) continue
				for (i = 1; i <= n[s]; i++)
					if (!allowed(by[s, i], s)) { print s ": called by" wanted[s]; break }
			}
		}'
}

globals() { # build: objects in writable sections (tables of pointers sit in .data.rel.ro)
	for lib in fhir/libfhir.a mappings/libmappings.a; do
		objdump -t "$1/$lib" 2>/dev/null | awk -v lib=$lib '
			/file format/ { member = $1; sub(/:$/, "", member) }
			/ O / && / (\.data|\.bss|\.tdata|\.tbss|\*COM\*)/ && !/\.data\.rel\.ro/ &&
				!/__odr_asan|__asan|__sancov/ { print lib "(" member "): writable global " $NF }'
	done
}

sources() { # tree: every violation in what is included and called by name
	quoted "$1" fhir 'fhir'
	quoted "$1" mappings 'fhir|mappings'
	quoted "$1" daemon 'fhir|mappings|daemon'
	system "$1" fhir
	system "$1" mappings
	private "$1"
	ends "$1"
	threads "$1"
}

objects() { # build: every violation in the pure libraries
	for lib in fhir/libfhir.a mappings/libmappings.a; do
		[ -s "$1/$lib" ] || echo "$lib: not built"
	done
	symbols "$1"
	globals "$1"
}

good=0 bad=0

expect() { # title, pattern that the output must have ("" for no output), output
	if [ -z "$2" ] && [ -z "$3" ]; then
		good=$((good + 1))
	elif [ -n "$2" ] && echo "$3" | grep -qE "$2"; then
		good=$((good + 1))
	else
		bad=$((bad + 1))
		printf '%s: expected %s, got:\n%s\n' "$1" "${2:-nothing}" "$3"
	fi
}

plant() { # file, lines to add to a copy of the sources, pattern of the complaint
	rm -rf "$work/tree"
	for folder in fhir mappings daemon; do
		mkdir -p "$work/tree/$folder"
		cp "$tree/$folder"/*.[ch] "$work/tree/$folder"
	done
	printf '%s\n' "$2" >>"$work/tree/$1"
	expect "planted in $1: $2" "$3" "$(sources "$work/tree")"
}

compile() { # folder, C text, pattern: add an object to a copy of the library
	rm -rf "$work/build"
	mkdir -p "$work/build/fhir" "$work/build/mappings"
	cp "$build/fhir/libfhir.a" "$work/build/fhir"
	cp "$build/mappings/libmappings.a" "$work/build/mappings"
	echo "$2" >"$work/planted.c"
	# shellcheck disable=SC2086
	${CC:-cc} -O0 -fPIE -c -o "$work/planted.o" "$work/planted.c" &&
		${AR:-ar} q "$work/build/$1/lib$1.a" "$work/planted.o"
	expect "planted in lib$1.a: $2" "$3" "$(objects "$work/build" | grep planted)"
}

expect "the sources" "" "$(sources "$tree")"
expect "the libraries" "" "$(objects "$build")"
plant fhir/base.c '#include "mappings/digest.h"' 'fhir/base\.c:.*"mappings/digest\.h": not for this layer'
plant mappings/digest.c '#include "daemon/cli.h"' 'mappings/digest\.c:.*not for this layer'
plant daemon/cli.c '#include "tests/x.h"' 'daemon/cli\.c:.*not for this layer'
plant fhir/base.h '#  include <time.h>' 'fhir/base\.h:.*<time\.h>: not for a pure layer'
plant mappings/digest.c '#include <unistd.h>' 'mappings/digest\.c:.*not for a pure layer'
plant fhir/base.c '#include <jansson.h>' 'fhir/base\.c:.*<jansson\.h>: only in'
plant daemon/cli.c '#include <openssl/evp.h>' 'daemon/cli\.c:.*<openssl/evp\.h>: only in'
plant daemon/cli.c '#include <sqlite3.h>' 'daemon/cli\.c:.*: only in daemon/store'
plant daemon/file.c 'void f(void) { exit(1); }' 'daemon/file\.c:.*may end the process'
plant daemon/cli.c '#include <event2/event.h>' 'daemon/cli\.c:.*<event2/event\.h>: only in'
plant daemon/listen_guard.c '#include <event2/http.h>' 'daemon/listen_guard\.c:.*<event2/http\.h>: only in'
plant daemon/listen.c '#include <openssl/ssl.h>' 'daemon/listen\.c:.*<openssl/ssl\.h>: only in'
plant daemon/loop.c '#include <curl/curl.h>' 'daemon/loop\.c:.*<curl/curl\.h>: only in'
plant daemon/file.c 'void f(void) { pthread_create(0, 0, 0, 0); }' 'daemon/file\.c:.*made by loop\.c only'
compile fhir 'long time(long *); long f(void); long f(void) { return time(0); }' '^time: called by fhir/libfhir\.a\(planted\.o\)'
compile mappings 'char *getenv(const char *); char *f(void) { return getenv("X"); }' '^getenv: called by mappings'
compile fhir 'int printf(const char *, ...); void f(void) { printf("%d", 1); }' '^printf: called by'
compile fhir 'int fputs(const char *, void *); void f(void) { fputs("words", 0); }' '^(fputs|fwrite): called by.*planted'
compile fhir 'int planted_counter; int f(void) { return planted_counter++; }' 'writable global planted_counter'
compile mappings 'int f(void) { static int hidden = 3; return hidden++; }' 'writable global hidden'
compile fhir 'static const char *const words[] = { "a", "b" }; const char *f(int i) { return words[i]; }' ''

echo "$good passed, $bad failed"
[ $bad = 0 ]
