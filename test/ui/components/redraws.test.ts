import {expect, test} from 'vitest';
import {type Story, snapshotAt} from '../../support/fake-engine.js';
import {openApp} from '../../support/open-app.js';

const story: Story = {
	outage: {from: 20},
	wrongReads: 2,
	drill: {
		name: 'late',
		summary: 'answers come late',
		state: 'passed',
		elapsedMs: 1000,
		totalMs: 1000,
		steps: [{atMs: 0, forMs: 500, label: 'latency 100ms', kind: 'fault', state: 'done'}],
		expectations: [{name: 'wrongReads == 0', state: 'passed', actual: 0}],
		report: undefined,
	},
};

/** Keys that lead to a part of the screen, and what it shows. */
const parts = [
	['the overview', '1', 'Wrong reads'],
	['the list of keys', '2', 'this database has no keys'],
	['the pool', '3', 'Lanes'],
	['the server', '4', 'redis_version'],
	['the faults', '5', 'x heals all'],
	['the log', '6', 'following'],
	['the outage menu', 'o', 'lift blackhole'],
	['the palette', ':', 'Tab completes'],
] as const;

test.each([
	...parts.map((part) => [...part, {columns: 120, rows: 40}] as const),
	['the figures of a small terminal', '1', 'calls/s', {columns: 60, rows: 16}] as const,
])('%s draws nothing when a snapshot brings nothing new', async (_, keys, wanted, size) => {
	const {engine, app, type} = openApp({story, size});
	await type(keys, wanted);
	const before = app.frames();
	// Nothing on the screen is shown with parts of a second, except on the pool view, where `at` is left as it is.
	const next = structuredClone(snapshotAt(30, story));
	engine.push(keys === '3' ? next : {...next, at: next.at + 250});
	await new Promise((resolve) => setImmediate(resolve));
	expect(app.frames() - before).toBe(0);
	engine.play(31, story, 31);
	await expect.poll(() => app.frames()).toBeGreaterThan(before);
});
