// The other side of bench_path: fhirpath.js 5.2.0 on the same expressions and data.
// The first line of input is the work as JSON; each further line, NAME ROUNDS, is answered with the
// CPU microseconds of one round and how many were true.
// Expressions and data come from the C side, so that both evaluate the same.
'use strict';
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
const jobs = {};

function round({ job, run }) {
	let truths = 0;
	for (const input of job.inputs)
		for (const f of run)
			truths += f(input, job.env || {})[0] === true ? 1 : 0;
	return truths;
}

function prepare(text) {
	for (const job of JSON.parse(text)) {
		const m = job.typed ? model : undefined;
		jobs[job.name] = { job, run: job.expressions.map((e) => fhirpath.compile(e, m)) };
		for (let i = 0; i < 200; i++) // warm up
			round(jobs[job.name]);
	}
	console.log('ready');
}

function measure(name, rounds) {
	const start = process.cpuUsage();
	let truths = 0;
	for (let i = 0; i < rounds; i++)
		truths = round(jobs[name]);
	const used = process.cpuUsage(start);
	console.log(`${(used.user + used.system) / rounds} ${truths}`);
}

let first = true;
readline.createInterface({ input: process.stdin }).on('line', (line) => {
	if (first)
		prepare(line);
	else
		measure(line.split(' ')[0], Number(line.split(' ')[1]));
	first = false;
});
