import {cpus} from 'node:os';

/** Benchmarks by name, for `npm run benchmark -- NAME …`; without a name, the first four. Each prints Markdown. */
const suites: Readonly<Record<string, () => Promise<{readonly run: () => Promise<void>}>>> = {
	memory: () => import('./memory.js'),
	get: () => import('./get.js'),
	set: () => import('./set.js'),
	outage: () => import('./outage.js'),
	heal: () => import('./heal.js'),
	screen: () => import('./screen.js'),
	scan: () => import('./scan.js'),
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => suites[name] === undefined);
if (unknown.length > 0) {
	process.stderr.write(`there is no benchmark ${unknown.join(', ')}: choose from ${Object.keys(suites).join(', ')}\n`);
	process.exit(2);
}
process.stdout.write(`Node.js ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}\n`);
for (const name of asked.length > 0 ? asked : ['memory', 'get', 'set', 'outage']) {
	const suite = await suites[name]?.();
	await suite?.run();
}
