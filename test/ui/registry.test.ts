import {describe, expect, test} from 'vitest';
import {commandSpecs} from '../../source/engine/command-specs.js';
import {faultCatalogue} from '../../source/faults/catalogue.js';
import {helpLines} from '../../source/ui/help-lines.js';
import type {Keystroke} from '../../source/ui/input/keystroke.js';
import {bindings} from '../../source/ui/keymap.js';
import type {Context} from '../../source/ui/state/message.js';
import {parseLine, writeRefusal} from '../../source/ui/state/palette-model.js';
import {initialState, type UiState, viewNames} from '../../source/ui/state/ui-state.js';
import {update} from '../../source/ui/state/update.js';
import {snapshotAt} from '../support/fake-engine.js';

const context = (readOnly = false): Context => ({
	commands: commandSpecs,
	catalogue: faultCatalogue,
	snapshot: snapshotAt(30, {readOnly}),
	log: [],
	modes: [],
	size: {columns: 120, rows: 40},
	now: 0,
});

const event = {id: 1, at: 0, level: 'info', topic: 'mode', text: 'something', count: 1, lastAt: 0} as const;

const names: Readonly<Record<string, string>> = {
	Enter: 'enter',
	Esc: 'esc',
	Tab: 'tab',
	Space: ' ',
	'Ctrl-Z': 'ctrl+z',
	'Ctrl-L': 'ctrl+l',
	'↑↓': 'down',
	'1-6': '3',
};

/** The keys of a binding as a program hears them. */
function keysOf(keys: string): Keystroke[] {
	return keys.split(' ').flatMap((word) => {
		const name = names[word] ?? word;
		return name.length === 1 || names[word] ? [{name, text: name.length === 1 ? name : undefined}] : [];
	});
}

const withKeys = (state: UiState): UiState => ({
	...state,
	keys: {
		...state.keys,
		rows: [
			{key: 'a', type: 'string', ttlMs: 1, bytes: 1},
			{key: 'b', type: 'string', ttlMs: 1, bytes: 1},
		],
		cursor: '7',
		load: {kind: 'loaded', at: 0},
	},
});

describe('the registry of commands', () => {
	test('decides for every command whether the palette refuses it when the session is read-only', () => {
		for (const spec of commandSpecs) {
			const args = spec.args.filter((argument) => !argument.optional).map((argument) => argument.choices?.[0] ?? 'x');
			const line = {before: [spec.name, ...args].join(' '), after: ''};
			expect(parseLine(line, context()).ok, spec.name).toBe(true);
			expect(parseLine(line, context(true)).ok, spec.name).toBe(!spec.writes);
			expect(writeRefusal(spec.name, context(true)) !== undefined, spec.name).toBe(spec.writes);
		}
	});

	test('is in the help, each command with its usage and all keys', () => {
		const text = helpLines(commandSpecs, '', 100).map((line) => (line.kind === 'entry' ? line.name : line.text));
		for (const spec of commandSpecs)
			expect(
				text.some((name) => name.startsWith(`:${spec.name}`)),
				spec.name,
			).toBe(true);
		for (const {keys} of bindings) expect(text).toContain(keys);
	});

	test('names only keys that are bound, so that footer and help cannot promise others', () => {
		const bound = new Set(bindings.flatMap(({keys}) => keysOf(keys).map(({name}) => name)));
		for (const key of commandSpecs.flatMap((spec) => spec.keys ?? []).filter((key) => key !== 'ctrl+c'))
			expect(bound, key).toContain(key);
	});
});

describe('every key of the footer', () => {
	for (const view of viewNames)
		test(`does something in ${view}`, () => {
			const here = bindings.filter(
				({where, footer}) => footer !== undefined && (where === 'everywhere' || where === view),
			);
			for (const {keys, label} of here)
				for (const key of keysOf(keys)) {
					const start = initialState('default', 'unicode');
					const state = withKeys({...start, view, log: {...start.log, selected: 1}});
					const next = update(state, {type: 'key', key}, {...context(), log: [event]});
					const isActive = next.state !== state || next.effects.length > 0;
					expect(isActive, `${key.name} (${label})`).toBe(true);
				}
		});
});
