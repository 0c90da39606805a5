import {cpus} from 'node:os';
import {parseArgs} from 'node:util';
import type {BenchmarkOptions} from './options.js';

/**
 * Benchmarks by name, for `npm run benchmark -- NAME … [--rounds N] [--keys N] [--caches N] [--coherence MODE,…]`; without a name, the
 * first three and `outage`. Each prints Markdown.
 */
const suites: Readonly<Record<string, () => Promise<{readonly run: (options: BenchmarkOptions) => Promise<void>}>>> = {
	memory: () => import('./memory.js'),
	get: () => import('./get.js'),
	set: () => import('./set.js'),
	cluster: () => import('./cluster.js'),
	fleet: () => import('./fleet.js'),
	outage: () => import('./outage.js'),
	heal: () => import('./heal.js'),
	screen: () => import('./screen.js'),
	inspect: () => import('./inspect.js'),
	tap: () => import('./tap.js'),
	metastable: () => import('./metastable.js'),
	import: () => import('./import.js'),
};

const {values, positionals: asked} = parseArgs({
	allowPositionals: true,
	options: {
		rounds: {type: 'string'},
		keys: {type: 'string'},
		caches: {type: 'string'},
		coherence: {type: 'string'},
	},
});
const numberOf = (text: string | undefined) => (text === undefined ? undefined : Number(text));
const options: BenchmarkOptions = {
	rounds: numberOf(values.rounds),
	keys: numberOf(values.keys),
	caches: numberOf(values.caches),
	coherence: values.coherence,
};
const unknown = asked.filter((name) => suites[name] === undefined);
if (unknown.length > 0) {
	process.stderr.write(`there is no benchmark ${unknown.join(', ')}: choose from ${Object.keys(suites).join(', ')}\n`);
	process.exit(2);
}
process.stdout.write(`Node.js ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}\n`);
for (const name of asked.length > 0 ? asked : ['memory', 'get', 'set', 'outage']) {
	const suite = await suites[name]?.();
	await suite?.run(options);
}
