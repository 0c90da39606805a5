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
