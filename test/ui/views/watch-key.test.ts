import {expect, test} from 'vitest';
import type {KeyUse} from '../../../source/inspect/values/key-use.js';
import {emptyLine, lineOf} from '../../../source/ui/input/line-editor.js';
import type {Context, Effect, Step} from '../../../source/ui/state/command.js';
import {noFilter} from '../../../source/ui/state/filter.js';
import type {OpenKey} from '../../../source/ui/state/keys/keys-state.js';
import {allViewports} from '../../../source/ui/state/scroll.js';
import {initialState, type UiState} from '../../../source/ui/state/ui-state.js';
import {update} from '../../../source/ui/update.js';

const context = (now: number): Context => ({
	commands: [],
	snapshot: undefined,
	log: [],
	modes: [],
	isTooSmall: false,
	panels: [],
	viewports: allViewports({rows: 5, lines: 20}),
	now,
});

const row = {key: 'thing', type: 'string', ttlMs: undefined, bytes: 72} as const;

const open: OpenKey = {
	key: 'thing',
	lines: ['one', 'two'],
	details: {...row, preview: {unit: 'bytes', cursor: undefined}} as never,
	readAt: 0,
	peekedAt: 0,
	top: 1,
	level: undefined,
	filter: noFilter,
	elements: {id: 1, cursor: undefined, scanned: 0, isLoading: false, wanted: 0},
};

const start = initialState('default', 'unicode');

const showing = (changed: Partial<OpenKey> = {}): UiState => ({
	...start,
	view: 'keys',
	keys: {...start.keys, open: {...open, ...changed}},
});

const tick = (state: UiState, now: number): Step => update(state, {type: 'tick'}, context(now));

/** The names of the commands that effects send. */
const callsOf = (effects: readonly Effect[]) =>
	effects.flatMap((effect) => (effect.type === 'run' ? effect.call.name : []));

/** Looks at the key at a time, and takes what the engine says of it. */
function looked(state: UiState, now: number, use: Partial<KeyUse> | undefined): Step {
	const asked = tick(state, now);
	const [effect] = asked.effects;
	if (effect?.type !== 'run') throw new Error('the key is looked at');
	const data = use && {...row, idleMs: now, ...use};
	const answer = {call: effect.call, reply: {ok: true, lines: [], data}} as never;
	return update(asked.state, {type: 'reply', answer, take: effect.take}, context(now));
}

test('an open value is looked at every three seconds, and nothing is read while no client uses it', () => {
	expect(callsOf(tick(showing(), 2900).effects)).toEqual([]);
	const asked = tick(showing(), 3000);
	expect(callsOf(asked.effects)).toEqual(['peek']);
	expect(callsOf(tick(asked.state, 5900).effects)).toEqual([]);
	expect(callsOf(looked(showing(), 6000, {}).effects)).toEqual([]);
});

test.each([
	['a client has used it', 6000, {idleMs: 2000}],
	['it has another size', 6000, {bytes: 90}],
	['it has another type', 6000, {type: 'hash'}],
	['it is gone', 6000, undefined],
	['ten seconds have passed, in which a change may have been missed', 10_000, {}],
])('the value is read again when %s', (_, now, use) => {
	expect(callsOf(looked(showing(), now, use).effects)).toEqual(['inspect']);
});

test('the place in the value stays when it is read again', () => {
	const [effect] = looked(showing(), 6000, {idleMs: 0}).effects;
	if (effect?.type !== 'run') throw new Error('it is read');
	const answer = {call: effect.call, reply: {ok: true, lines: ['facts', 'three', 'four'], data: open.details}} as never;
	const {state} = update(showing(), {type: 'reply', answer, take: effect.take}, context(6100));
	expect(state.keys.open).toMatchObject({lines: ['three', 'four'], top: 1, readAt: 6100});
});

test('a large value that is in use is read again only every ten seconds', () => {
	const large = showing({details: {...open.details, bytes: 1e6} as never});
	expect(callsOf(looked(large, 6000, {bytes: 1e6, idleMs: 0}).effects)).toEqual([]);
	expect(callsOf(looked(large, 10_000, {bytes: 1e6, idleMs: 0}).effects)).toEqual(['inspect']);
});

test('a changed TTL is shown without reading the value', () => {
	const {state, effects} = looked(showing(), 6000, {ttlMs: 50_000});
	expect(effects).toEqual([]);
	expect(state.keys.open?.details?.ttlMs).toBe(50_000);
});

test('nothing is done while the screen is paused, another view or a dialog is open, or something is searched', () => {
	const typing = {...noFilter, line: lineOf('x'), isTyping: true};
	const others: readonly UiState[] = [
		{...showing(), isPaused: true},
		{...showing(), view: 'log'},
		{...showing(), dialog: {kind: 'help', line: emptyLine, top: 0}},
		showing({filter: typing}),
		showing({lines: undefined}),
		showing({elements: {...open.elements, isLoading: true}}),
	];
	for (const state of others) expect(tick(state, 60_000)).toEqual({state, effects: []});
	// Further pages of a collection stay.
	const readOn = showing({elements: {...open.elements, wanted: 200}});
	expect(callsOf(looked(readOn, 60_000, {idleMs: 0}).effects)).toEqual([]);
});
