import {expect, test} from 'vitest';
import {eventsAt, FakeEngine, type Story, snapshotAt} from '../../support/fake-engine.js';
import {openApp} from '../../support/open-app.js';

const story: Story = {outage: {from: 30, to: 45}};

/** A story after an outage in which the journal was larger, and more keys were reconciled. */
function playSecondOutage(engine: FakeEngine): void {
	for (let second = 0; second <= 60; second++) {
		const snapshot = snapshotAt(second, story, eventsAt(second, story));
		const journal = {...snapshot.cache.journal, max: 5000, reconciled: 7000 + snapshot.cache.journal.reconciled};
		engine.push({...snapshot, cache: {...snapshot.cache, journal}});
	}
}

test('the journal of an outage is one figure on the whole screen', async () => {
	const engine = new FakeEngine();
	const {app, type} = openApp({engine, seconds: 'none', size: {columns: 200, rows: 60}});
	playSecondOutage(engine);
	await type('1', 'journal peak');
	const figures = [...app.screen().matchAll(/peak (\d[\d,]*\d|\d)/g)].map(([, figure]) => figure);
	expect(figures.length).toBeGreaterThanOrEqual(3);
	expect(new Set(figures)).toEqual(new Set(['532']));
	expect(app.screen()).not.toMatch(/reconciled [\d,]+/);
});

test.each([
	[1006, '1,006 / 10.0k keys'],
	[9999, '9,999 / 10.0k keys'],
	[10_000, '10.0k / 10.0k keys'],
])('a journal of %d keys has room for its figures on the smallest screen with borders', async (size, words) => {
	const engine = new FakeEngine();
	const {app, type} = openApp({engine, seconds: 'none', size: {columns: 120, rows: 40}});
	const snapshot = snapshotAt(40, story, eventsAt(40, story));
	const journal = {...snapshot.cache.journal, size, limit: 10_000};
	engine.push({...snapshot, cache: {...snapshot.cache, journal}});
	await type('1', 'Journal and memory');
	expect(app.screen()).toContain(words);
});
