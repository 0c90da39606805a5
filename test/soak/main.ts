import {parseArgs} from 'node:util';
import {ways} from './ways.js';
import {soak} from './world.js';

const {values} = parseArgs({
	options: {
		minutes: {type: 'string', default: '10'},
		seed: {type: 'string', default: String(Math.floor(Math.random() * 2 ** 31))},
		fibers: {type: 'string', default: '4'},
		/** Safety mechanisms to switch off, to check that the judge notices. */
		without: {type: 'string', default: ''},
		/** `broadcast`, `tracked` or `switching`. Default: each cache in a way of its own. */
		coherence: {type: 'string'},
	},
});
const seed = Number(values.seed);
const minutes = Number(values.minutes);
const fibers = Number(values.fibers);
const way = ways.find((known) => known === values.coherence);
if (
	(values.coherence !== undefined && way === undefined) ||
	!(minutes > 0) ||
	!Number.isInteger(seed) ||
	!Number.isInteger(fibers)
) {
	process.stderr.write(
		'usage: npm run soak -- [--minutes N] [--seed S] [--fibers F] [--without fencing,leases,dirtyKeys] [--coherence broadcast|tracked|switching]\n',
	);
	process.exit(2);
}

process.stdout.write(`seed ${seed}\n`);
const report = await soak({
	seconds: minutes * 60,
	seed,
	fibers,
	switches: Object.fromEntries(
		values.without
			.split(',')
			.filter(Boolean)
			.map((name) => [name, false]),
	),
	...(way === undefined ? {} : {way}),
	onProgress: (line) => void process.stdout.write(`${line}\n`),
});
const {verdicts, ...figures} = report;
process.stdout.write(`${JSON.stringify(figures, undefined, '\t')}\n`);
for (const {what, history} of verdicts) process.stdout.write(`\nWRONG: ${what}\n${history}\n`);
process.exitCode = verdicts.length === 0 ? 0 : 1;
