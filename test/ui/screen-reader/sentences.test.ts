import {expect, test} from 'vitest';
import {Controller} from '../../../source/ui/controller.js';
import type {KeystrokeName} from '../../../source/ui/input/keystroke.js';
import {dialogLines, viewportOf} from '../../../source/ui/screen-reader/dialog-lines.js';
import {viewLines} from '../../../source/ui/screen-reader/view-lines.js';
import {viewNames} from '../../../source/ui/state/names.js';
import {initialState} from '../../../source/ui/state/ui-state.js';
import {Store} from '../../../source/ui/store/store.js';
import {FakeEngine} from '../../support/fake-engine.js';

function start() {
	const engine = new FakeEngine();
	const store = new Store(engine);
	engine.play(30, {outage: {from: 20}});
	const controller = new Controller(engine, store, initialState('default', 'unicode'));
	const press = (name: KeystrokeName) => {
		controller.setViewport('help', viewportOf(controller.getState()));
		controller.send({type: 'keystroke', keystroke: {name, text: name.length === 1 ? name : undefined}});
		store.close();
	};
	const dialog = () => dialogLines(controller.getState(), controller.context());
	const view = () => viewLines(controller.getState(), store.getState());
	return {press, dialog, view};
}

test('every view is read as sentences without lines and blocks', () => {
	const {press, view} = start();
	for (const [index] of viewNames.entries()) {
		press(String(index + 1) as KeystrokeName);
		expect(view().length).toBeGreaterThan(0);
		for (const line of view()) expect(line).toMatch(/^[^─│╭┃█▁]+\.$/);
	}
});

test('the overview is read with its mode, the outage and the wrong reads', () => {
	const text = start().view().join('\n');
	expect(text).toContain('Mode: fallback.');
	expect(text).toContain('Simulated outage: blackhole.');
	expect(text).toContain('Wrong reads: 0.');
});

test('the help is read ten lines at a time', () => {
	const {press, dialog} = start();
	press('?');
	const [, ...first] = dialog();
	expect(first).toHaveLength(10);
	press('pagedown');
	const [, ...second] = dialog();
	expect(second).toHaveLength(10);
	expect(first.at(-1)).toBe(second[0]);
	press('end');
	expect(dialog()).toHaveLength(11);
});
