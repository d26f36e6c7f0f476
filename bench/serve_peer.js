// Print the Observations of node-engines/corpus.js, one a line, for the servers of servers.js.
'use strict';
const path = require('path');

const { makeCorpus } = require(path.join(process.env.CORDWATCH_PEERS || '', 'node-engines', 'corpus.js'));
for (const { text } of makeCorpus().events)
	console.log(text);
