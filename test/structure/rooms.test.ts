import {expect, it} from 'vitest';
import {entryPoints} from '../../source/bundle/entry-points.js';
import {readSources} from './support/read-sources.js';

const sources = readSources('source');

/** The top folders and files of `source/`, from top to bottom, and the ones that each imports, types included. */
const rooms: Readonly<Record<string, readonly string[]>> = {
	// The program, from the command line down to the engine.
	'cli.ts': ['cli'],
	cli: ['ui', 'report', 'engine', 'drills', 'inspect', 'embedded', 'pool', 'text'],
	testing: ['engine', 'drills', 'tap', 'workload', 'embedded', 'proxy', 'faults', 'pool', 'metrics'],
	ui: ['engine', 'drills', 'tap', 'inspect', 'faults', 'metrics', 'text'],
	report: ['engine', 'drills', 'tap', 'workload', 'faults', 'metrics', 'text'],
	engine: [
		...['drills', 'tap', 'inspect', 'workload', 'embedded'],
		...['proxy', 'faults', 'cache', 'pool', 'metrics', 'text', 'time'],
	],

	// The parts of the program. Two arrows are between neighbors: a drill runs traffic, and reads an application's.
	drills: ['tap', 'workload', 'proxy', 'faults', 'cache', 'pool', 'metrics', 'text'],
	tap: ['proxy', 'pool', 'resp', 'text', 'time'],
	workload: ['cache', 'pool', 'metrics', 'time'],
	inspect: ['pool', 'resp', 'metrics', 'text'],
	embedded: ['faults', 'pool', 'resp'],
	proxy: ['faults', 'resp', 'time'],
	faults: ['pool', 'text'],

	// The library: it knows nothing of the program.
	'index.ts': ['cache', 'pool', 'metrics'],
	'open-telemetry': ['cache', 'pool', 'metrics'],
	adapters: ['cache'],
	cache: ['pool', 'metrics', 'text', 'time'],

	// The base of both.
	pool: ['metrics', 'text', 'time'],
	metrics: ['time'],
	resp: [],
	text: [],
	time: [],

	// The build of the program.
	bundle: [],
};

const isNamedOnce = (code: string, name: string): boolean => code.match(new RegExp(`\\b${name}\\b`, 'g'))?.length === 1;

const roomOf = (path: string): string => path.split('/')[1] ?? '';

const arrows = sources.flatMap(({path, imports}) =>
	imports
		.filter(({file}) => roomOf(file) !== roomOf(path))
		.map(({file}) => ({path, file, from: roomOf(path), to: roomOf(file)})),
);

it('every room imports only the rooms that the table gives it', () => {
	const forbidden = arrows.filter(({from, to}) => !rooms[from]?.includes(to));
	expect(forbidden.map(({path, file}) => `${path} imports ${file}`)).toEqual([]);
});

it('the table has every room, and no arrow that nothing needs', () => {
	const drawn = (from: string): readonly string[] => [
		...new Set(arrows.filter((arrow) => arrow.from === from).map(({to}) => to)),
	];
	const names = [...new Set(sources.map(({path}) => roomOf(path)))];
	const found = Object.fromEntries(names.map((name) => [name, drawn(name).toSorted()]));
	const inTable = Object.fromEntries(Object.entries(rooms).map(([name, below]) => [name, below.toSorted()]));
	expect(inTable).toEqual(found);
});

it('the arrows of the table point downwards', () => {
	const order = Object.keys(rooms);
	const upwards = Object.entries(rooms).flatMap(([from, below]) =>
		below.filter((to) => order.indexOf(to) <= order.indexOf(from)).map((to) => `${from} imports ${to}`),
	);
	expect(upwards).toEqual([]);
});

it('no file imports itself through others, the knot of the built-in server aside', () => {
	const knot = 'source/embedded/built-in/';
	const below = new Map(
		sources.map(({path, imports}) => [
			path,
			imports.map(({file}) => file).filter((file) => !(path.startsWith(knot) && file.startsWith(knot))),
		]),
	);
	const done = new Set<string>();
	const circles: string[] = [];
	const visit = (path: string, trail: readonly string[]): void => {
		const start = trail.indexOf(path);
		if (start >= 0) circles.push([...trail.slice(start), path].join(' -> '));
		if (start >= 0 || done.has(path)) return;
		for (const file of below.get(path) ?? []) visit(file, [...trail, path]);
		done.add(path);
	};
	for (const {path} of sources) visit(path, []);
	expect(circles).toEqual([]);
});

it('no export is there for a test alone', () => {
	const publicFiles = new Set([
		...Object.keys(entryPoints),
		...['source/index.ts', 'source/open-telemetry/instrument.ts'],
		...['source/adapters/keyv-store.ts', 'source/adapters/next/next.ts'],
	]);
	const imported = new Map<string, Set<string>>();
	const whole = new Set<string>();
	for (const {file, names} of [...sources, ...readSources('media/source')].flatMap(({imports}) => imports)) {
		if (names === undefined) whole.add(file);
		else imported.set(file, new Set([...(imported.get(file) ?? []), ...names]));
	}
	const unused = sources
		.filter(({path}) => !publicFiles.has(path) && !whole.has(path))
		.flatMap(({path, code, exportedValues}) =>
			exportedValues
				.filter((name) => !imported.get(path)?.has(name) && isNamedOnce(code, name))
				.map((name) => `${path} exports ${name}`),
		);
	expect(unused).toEqual([]);
});
