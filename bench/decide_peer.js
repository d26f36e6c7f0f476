// The other side of bench_peers: the engines of node-engines/engines.js on the same corpus.
//   decide_peer.js corpus     print it: the codes, then each patient's conditions, then the events
//   decide_peer.js ENGINE     answer each line with one line: "check N" with the answers of the
//                             first N events, two digits each; "N" with the CPU microseconds of one
//                             event, over the next N
// The codes of corpus.js have no check digits, and a package with wrong ones is refused: both sides
// get numbers in their place that have right ones, yet cannot be codes (LOINC numbers far above the
// highest one; SNOMED CT identifiers of a namespace 0000000 that nobody has).
'use strict';
const path = require('path');
const readline = require('readline');

const folder = path.join(process.env.CORDWATCH_PEERS || '', 'node-engines');
let makeCorpus, engines;
try {
	({ makeCorpus } = require(path.join(folder, 'corpus.js')));
	({ engines } = require(path.join(folder, 'engines.js')));
	require('fhirpath');
	require('cql-execution');
	require('cql-exec-fhir');
} catch (e) {
	console.log('absent');
	process.exit(0);
}

function loincLike(i) {
	const digits = String(9000000 + i);
	let sum = 0;
	for (let k = 0; k < digits.length; k++) {
		const d = Number(digits[digits.length - 1 - k]) * (k % 2 === 0 ? 2 : 1);
		sum += Math.floor(d / 10) + (d % 10);
	}
	return `${digits}-${(10 - (sum % 10)) % 10}`;
}

// The dihedral group of ten elements: rotations 0 to 4, reflections 5 to 9.
const product = (a, b) =>
	(a < 5 ? (b < 5 ? (a + b) % 5 : 5 + ((a + b) % 5)) : b < 5 ? 5 + ((a - b) % 5) : (a - b + 5) % 5);
const turn = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

function snomedLike(i) {
	const digits = `${100 + i}000000010`;
	for (let last = 0; last < 10; last++) {
		let check = 0;
		const all = digits + last;
		for (let k = 0; k < all.length; k++) {
			let d = Number(all[all.length - 1 - k]);
			for (let t = k % 8; t > 0; t--)
				d = turn[d];
			check = product(check, d);
		}
		if (check === 0)
			return digits + last;
	}
	throw new Error('no check digit');
}

function corpusWithDigits() {
	const corpus = makeCorpus();
	const loinc = new Map(corpus.redFlagCodes.map((code, i) => [code, loincLike(i)]));
	const snomed = new Map(corpus.cancerCodes.map((code, i) => [code, snomedLike(i)]));
	for (const event of corpus.events) {
		if (event.member) {
			const code = JSON.parse(event.text).code.coding[1].code;
			event.text = event.text.split(code).join(loinc.get(code));
		}
	}
	for (const person of corpus.people) {
		for (const c of person.conditions) {
			const coding = c.code.coding[0];
			coding.code = snomed.get(coding.code) || coding.code;
		}
	}
	corpus.redFlagCodes = [...loinc.values()];
	corpus.cancerCodes = [...snomed.values()];
	return corpus;
}

function print(corpus) {
	const lines = [corpus.redFlagCodes.join(' '), corpus.cancerCodes.join(' ')];
	lines.push(`${corpus.people.length} ${corpus.people[0].conditions.length} ${corpus.events.length}`);
	for (const person of corpus.people)
		lines.push(...person.conditions.map((c) => JSON.stringify(c)));
	for (const event of corpus.events)
		lines.push(String(corpus.people.indexOf(event.patient)), event.text);
	process.stdout.write(lines.join('\n') + '\n');
}

async function serve(corpus, name) {
	const decide = await engines[name].create(corpus);
	const events = corpus.events;
	let at = 0;
	for await (const line of readline.createInterface({ input: process.stdin })) {
		if (line.startsWith('check')) {
			let text = '';
			for (const event of events.slice(0, Number(line.split(' ')[1]))) {
				const [member, cancer] = await decide(event);
				text += (member ? '1' : '0') + (cancer ? '1' : '0');
			}
			console.log(text);
			continue;
		}
		const n = Number(line);
		const start = process.cpuUsage();
		for (let i = 0; i < n; i++) {
			const answer = decide(events[at++ % events.length]);
			if (answer instanceof Promise)
				await answer;
		}
		const used = process.cpuUsage(start);
		console.log(String((used.user + used.system) / n));
	}
}

const corpus = corpusWithDigits();
if (process.argv[2] === 'corpus')
	print(corpus);
else
	serve(corpus, process.argv[2]);
