import {expect, test} from 'vitest';
import {Controller} from '../../../source/ui/controller.js';
import type {KeystrokeName} from '../../../source/ui/input/keystroke.js';
import {dialogLines, viewportOf} from '../../../source/ui/screen-reader/dialog-lines.js';
import {viewLines} from '../../../source/ui/screen-reader/view-lines.js';
import {viewNames} from '../../../source/ui/state/names.js';
import {initialState} from '../../../source/ui/state/ui-state.js';
import {Store} from '../../../source/ui/store/store.js';
import {passed, probe, wire} from '../../report/drill-fixtures.js';
import {FakeEngine, type Story} from '../../support/fake-engine.js';

function start(story: Story = {outage: {from: 20}}) {
	const engine = new FakeEngine();
	const store = new Store(engine);
	engine.play(30, story);
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

test('an application behind the tap is read with its state, its findings and the last outage, in every view', () => {
	const {press, view} = start({application: {isUnhealthy: true}, outage: {from: 20, to: 25}});
	const overview = view().join('\n');
	expect(overview).toContain('Tap on 127.0.0.1:6380, server redis://cache.example:6379/0.');
	expect(overview).toContain('A slow load can put an old value back: 3 times');
	expect(overview).toContain('Findings: 1 serious, 2 warnings, 1 info.');
	expect(overview).toMatch(/Last outage: blackhole, answered again after 412 ms, .* 34 commands lost/);
	for (const [index] of viewNames.entries()) {
		press(String(index + 1) as KeystrokeName);
		for (const line of view()) expect(line).toMatch(/^[^─│╭┃█▁]+\.$/);
	}
	press('j');
	expect(view().join('\n')).toMatch(/Finding 2 of 4, warning: [\s\S]*What to do: Let one caller load/);
});

test('a drill on an application is read with what failed and its figures', () => {
	const {press, view} = start({
		drill: {
			name: 'restart',
			summary: 'for a test',
			state: 'failed',
			elapsedMs: 10_040,
			totalMs: 10_000,
			steps: [],
			expectations: [{name: 'probe.availability == 1', state: 'failed', actual: 0.97}],
			report: {...passed, application: '127.0.0.1:6380', probes: [probe], wire},
		},
	});
	press('5');
	const text = view().join('\n');
	expect(text).toContain('Drill restart failed, 10 s of 10 s. 1 expectation failed.');
	expect(text).toContain('Failed: probe.availability == 1, is 0.97.');
	expect(text).toContain('probe 100 %, then 90 %, then 100 % available');
	expect(text).toContain('4 connections broke, 1 never came back.');
	for (const line of view()) expect(line).toMatch(/^[^─│╭┃█▁→]+\.$/);
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
