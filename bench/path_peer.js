// The other side of bench_path: fhirpath.js 5.2.0 on the same expressions and data.
// Reads "NAME ROUNDS" lines, answers with the CPU microseconds of one round and what was true.
// Expressions and data come from the C side, so that both evaluate the same.
'use strict';
const fs = require('fs');
const path = require('path');
const readline = require('readline');

function load(name) {
	const peers = process.env.CORDWATCH_PEERS || '';
	for (const where of [name, path.join(peers, 'node-engines/node_modules', name)]) {
		try {
			return require(where);
		} catch (e) { /* look further */ }
	}
	return null;
}

const fhirpath = load('fhirpath');
if (!fhirpath) {
	console.log('absent');
	process.exit(0);
}
const model = load('fhirpath/fhir-context/r4');
const work = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const jobs = {};
for (const job of work) {
	const m = job.typed ? model : undefined;
	jobs[job.name] = {
		job,
		run: job.expressions.map((e) => fhirpath.compile(e, m)),
	};
}

function round({ job, run }) {
	let truths = 0;
	for (const input of job.inputs)
		for (const f of run)
			truths += f(input, job.env || {})[0] === true ? 1 : 0;
	return truths;
}

for (const name in jobs) // warm up
	for (let i = 0; i < 200; i++)
		round(jobs[name]);
console.log('ready');
readline.createInterface({ input: process.stdin }).on('line', (line) => {
	const [name, rounds] = line.split(' ');
	const start = process.cpuUsage();
	let truths = 0;
	for (let i = 0; i < Number(rounds); i++)
		truths = round(jobs[name]);
	const used = process.cpuUsage(start);
	console.log(`${(used.user + used.system) / Number(rounds)} ${truths}`);
});
