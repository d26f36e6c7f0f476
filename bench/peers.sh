#!/bin/sh
# Print the folder of Node packages that the peers of the benchmarks need (NODE_PATH): what is
# installed beside the peers, or else in DIR/peers, where it is installed once.  Without node, npm
# or a registry: print nothing; the benchmarks then say that they were skipped.
#   peers.sh SRCDIR DIR
peers=${CORDWATCH_PEERS:-$1/../shared/peers}/node-engines
dir=$2/peers
if test -d "$peers/node_modules/cql-execution" && test -d "$peers/node_modules/fhirpath" &&
	test -d "$peers/node_modules/@asymmetrik/node-fhir-server-core"; then
	echo "$peers/node_modules"
	exit 0
fi
test -f "$peers/package.json" && command -v node >/dev/null && command -v npm >/dev/null || exit 0
if ! test -f "$dir/installed" || ! test -d "$dir/node_modules/@asymmetrik"; then
	echo "# installing the peers into $dir" >&2
	mkdir -p "$dir" && node -e '
		const all = require(require("path").resolve(process.argv[1])).dependencies;
		const dependencies = {};
		for (const name of ["@asymmetrik/node-fhir-server-core", "cql-exec-fhir", "cql-execution", "fhirpath"])
			dependencies[name] = all[name];
		console.log(JSON.stringify({ private: true, dependencies }));
	' "$peers/package.json" >"$dir/package.json" &&
		(cd "$dir" && npm install --ignore-scripts --no-audit --no-fund >npm.log 2>&1) &&
		touch "$dir/installed" || exit 0
fi
cd "$dir/node_modules" && pwd
