import {render} from 'ink-testing-library';
import {describe, expect, onTestFinished, test} from 'vitest';
import {Controller} from '../../../source/ui/controller.js';
import {ScreenReaderApp} from '../../../source/ui/screen-reader/screen-reader-app.js';
import {initialState} from '../../../source/ui/state/ui-state.js';
import {Store} from '../../../source/ui/store/store.js';
import {FakeEngine, snapshotAt} from '../../support/fake-engine.js';
import {openApp} from '../../support/open-app.js';
import {asciiOnly, unicodeSample} from '../../support/unicode-sample.js';

/** A snapshot with the sample in all that comes from outside. */
function wildSnapshot() {
	const snapshot = snapshotAt(31, {outage: {from: 20}});
	const {at, faults, cache} = snapshot;
	return {
		...snapshot,
		faults: faults.map((fault) => ({...fault, label: unicodeSample})),
		cache: {...cache, mode: {...cache.mode, reason: unicodeSample}},
		events: [{id: 99, at, level: 'warn', topic: 'pool', text: unicodeSample, count: 3, lastAt: at + 4000}] as const,
	};
}

describe('with ASCII glyphs', () => {
	test('no other character is on a view or in a dialog, whatever the engine has sent', async () => {
		const {engine, app, type} = openApp({story: {outage: {from: 20}}});
		engine.push(wildSnapshot());
		await type(':glyphs ascii\r', '+- Hit ratio');
		for (const keys of [
			'1',
			'i',
			'\u001B',
			'6',
			'\r',
			'\u001B',
			'o',
			'\u001B',
			'?',
			'\u001B',
			':µ→',
			'\u001B',
			'5',
			'4',
		]) {
			app.type(keys);
			await new Promise((resolve) => setImmediate(resolve));
			expect(app.screen(), keys).toMatch(asciiOnly);
		}
	});

	test('no other character is read aloud', () => {
		const engine = new FakeEngine();
		const store = new Store(engine);
		engine.push(wildSnapshot());
		const controller = new Controller(engine, store, initialState('default', 'ascii'));
		const app = render(<ScreenReaderApp store={store} controller={controller} />);
		onTestFinished(() => {
			app.unmount();
			store.close();
		});
		expect(app.lastFrame()).toContain('Simulated outage: 12 us');
		expect(app.lastFrame()).toMatch(asciiOnly);
	});
});
