import {expect, test} from 'vitest';
import type {EngineSnapshot} from '../../../source/engine/protocol.js';
import {collisionsIn} from './collisions-in.js';
import {drawScene} from './draw.js';
import type {Scene} from './scenes.js';

const sizes = [
	[60, 16],
	[72, 20],
	[80, 24],
	[100, 30],
	[120, 40],
	[160, 50],
	[200, 60],
] as const;

/** Figures as large as they get: they need the most room. */
const large = (snapshot: EngineSnapshot): EngineSnapshot => {
	const {cache, workload} = snapshot;
	return {
		...snapshot,
		cache: {
			...cache,
			journal: {...cache.journal, size: 10_000, max: 10_000, overflowed: 12},
			memory: {...cache.memory, entries: 9_999_999, maxEntries: 10_000_000, bytes: 1023.9 * 1024 ** 2},
		},
		workload: {...workload, calls: 123_456_789, wrongReads: 123_456, failedCalls: 99_999, hungCalls: 99_999},
	};
};

const busy = {seconds: 70, story: {outage: {from: 40, to: 55}}} as const;

const troubled = {seconds: 70, story: {target: 'external', workload: false, server: {trouble: 40}}} as const;

const states: readonly Scene[] = [
	{name: 'overview, the first second', seconds: 0, shows: /./},
	{name: 'overview, no workload', ...busy, story: {workload: false}, shows: /./},
	{name: 'overview, large figures', ...busy, change: large, shows: /./},
	{name: 'overview of a server in trouble', ...troubled, shows: /./},
	{name: 'overview, large figures in an outage', seconds: 70, story: {outage: {from: 50}}, change: large, shows: /./},
];

test.each(states)('no label runs together with its value at any size: $name', async (scene) => {
	const found = new Set<string>();
	for (const [columns, rows] of sizes)
		for (const collision of collisionsIn(await drawScene(scene, {size: {columns, rows}})))
			found.add(`${columns}x${rows}: ${collision}`);
	expect([...found]).toEqual([]);
});
