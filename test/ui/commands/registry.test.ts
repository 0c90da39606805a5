import {describe, expect, test} from 'vitest';
import {commandNames} from '../../../source/engine/specs/command-specs.js';
import {helpSections} from '../../../source/ui/commands/help-sections.js';
import {type Binding, bindings, hintsOf, keymapOf, shownKeystrokes} from '../../../source/ui/commands/keymap.js';
import {commands} from '../../../source/ui/commands/registry.js';
import {emptyLine, lineOf} from '../../../source/ui/input/line-editor.js';
import type {Context, Shortcut} from '../../../source/ui/state/command.js';
import {noFilter} from '../../../source/ui/state/filter.js';
import {writeRefusal} from '../../../source/ui/state/gate.js';
import type {OpenKey} from '../../../source/ui/state/keys/keys-state.js';
import {openPalette} from '../../../source/ui/state/palette/palette.js';
import {parseLine} from '../../../source/ui/state/palette/run-line.js';
import {type Scope, scopesOf} from '../../../source/ui/state/scopes.js';
import {allViewports} from '../../../source/ui/state/scroll.js';
import {type Dialog, initialState, type UiState} from '../../../source/ui/state/ui-state.js';
import {panelsAt} from '../../../source/ui/state/views/plans/overview-plan.js';
import {update} from '../../../source/ui/update.js';
import {eventsAt, type Story, snapshotAt} from '../../support/fake-engine.js';

const context = (readOnly = false, story: Story = {}): Context => ({
	commands,
	snapshot: snapshotAt(30, {...story, readOnly}),
	log: [...eventsAt(0), ...eventsAt(1), ...eventsAt(20, {outage: {from: 20}})],
	modes: [],
	isTooSmall: false,
	panels: panelsAt('cache', {columns: 200, rows: 60}),
	viewports: allViewports({rows: 5, lines: 20}),
	now: 0,
});

const start = initialState('default', 'unicode');
const rows = ['a', 'b', 'c'].map((key) => ({key, type: 'string', ttlMs: 1, bytes: 1}));
const group = {name: 'user:', prefix: 'user:', pattern: 'user:*', keys: 3};
const root = {prefix: '', groups: [group], rows, unlisted: 0, keys: 6, cursor: '7'};

const filter = {line: lineOf('user'), isTyping: false};

const keys: UiState = {
	...start,
	view: 'keys',
	keys: {...start.keys, rows, selected: 1, cursor: '7', load: {kind: 'loaded', at: 0}, filter, pattern: '*user*'},
};
const tree: UiState = {
	...keys,
	keys: {
		...keys.keys,
		shape: 'tree',
		tree: {...start.keys.tree, nodes: new Map([['', {page: root, load: {kind: 'loaded', at: 0}}]]) as never},
	},
};
const opened = openPalette(start, 'ge');
const recalling: UiState = {
	...opened,
	dialog: {...opened.dialog, recalled: 1} as Dialog,
	history: ['get a', 'get b', 'get c'],
};
const faults: UiState = {...start, view: 'faults', faults: {...start.faults, selectedFault: 5}};
const log: UiState = {...start, view: 'log', log: {...start.log, selected: 3}};
const withDialog = (dialog: Dialog): UiState => ({...start, dialog});

const client = {cells: ['user-api', '10.0.0.7', '3'], level: 'plain', kill: 'user-api'} as const;
const clients = {
	kind: 'loaded',
	at: 0,
	triedAt: 0,
	isReading: false,
	failure: undefined,
	report: {columns: [], rows: [client, client, client], notes: []},
} as const;

const server: UiState = {
	...start,
	view: 'server',
	server: {...start.server, selected: 1, filter, tab: 'clients', load: clients},
};

/** A state in which each scope has the keys, with something selected that has neighbors. */
const open: OpenKey = {
	key: 'b',
	lines: ['{', '  "a": [', '    1', '  ]', '}'],
	details: {preview: {syntax: 'json', unit: 'bytes', parts: []}} as never,
	readAt: 0,
	peekedAt: 0,
	top: 2,
	level: 1,
	filter: noFilter,
	elements: {id: 1, cursor: '7', scanned: 0, isLoading: false, wanted: 0},
};

const states: Readonly<Record<Scope, UiState>> = {
	always: start,
	'too-small': start,
	everywhere: start,
	overview: start,
	keys,
	'key-list': keys,
	'key-tree': tree,
	'key-value': {...keys, keys: {...keys.keys, open}},
	pool: {...start, view: 'pool', pool: {selected: 1}},
	server,
	'server-report': server,
	'server-clients': server,
	'server-memory': {...server, server: {...server.server, tab: 'memory'}},
	'server-hot-keys': {...server, server: {...server.server, tab: 'hotkeys'}},
	faults,
	'fault-list': faults,
	'drill-list': {...faults, faults: {...faults.faults, pane: 'drills', drills: [{name: 'late'}] as never}},
	'fault-settings': {...faults, faults: {...faults.faults, editing: {index: 0, line: lineOf('100ms')}}},
	'fault-choice': {...faults, faults: {...faults.faults, editing: {index: 2, line: lineOf('both')}}},
	log,
	findings: {...start, view: 'findings', findings: {selected: 'stampede'}},
	filter: {...log, log: {...log.log, filter: {line: emptyLine, isTyping: true}}},
	palette: recalling,
	redis: {
		...withDialog({kind: 'redis', line: lineOf('get a'), recalled: 1, draft: emptyLine, top: 2, error: undefined}),
		history: ['redis get a', 'redis get b', 'redis get c'],
	},
	help: withDialog({kind: 'help', line: emptyLine, top: 2}),
	'outage-menu': withDialog({kind: 'outage-menu', selected: 2, lasting: 0, node: ''}),
	connections: withDialog({
		kind: 'connections',
		items: ['shop', 'dev', 'private'].map((name) => ({
			name,
			url: '',
			color: undefined,
			readOnly: false,
			isCurrent: false,
		})),
		selected: 1,
	}),
	explain: withDialog({kind: 'explain', subject: {panel: 'latency'}, top: 2}),
	text: withDialog({kind: 'text', title: 'info', lines: ['a'], top: 2}),
	edit: withDialog({kind: 'edit', key: 'a', line: lineOf('x'), about: '', target: {via: 'redis', before: 'x'}}),
	confirm: withDialog({
		kind: 'confirm',
		title: 'clear',
		call: {name: 'clear', args: []},
		word: 'clear',
		about: [],
		line: lineOf('clear'),
	}),
	prompt: openPalette(start, 'get a'),
};

const scopes = Object.keys(states) as Scope[];

describe('the registry of commands', () => {
	test('has one entry for each name, and one for each command of the engine', () => {
		const names = commands.map(({name}) => name);
		expect(new Set(names).size).toBe(names.length);
		for (const name of commandNames) expect(names).toContain(name);
	});

	test('lists the commands of the engine, then those of the screen: completions that match equally well keep this order', () => {
		const typed = commands.filter(({group: isTyped}) => isTyped).map(({name}) => name);
		expect(typed).toEqual([...commandNames, 'view', 'window', 'theme', 'glyphs', 'delimiter', 'pause', 'help', 'quit']);
	});

	test('decides for each command whether a read-only session refuses it', () => {
		for (const command of commands) {
			expect(writeRefusal(command, context()), command.name).toBeUndefined();
			expect(writeRefusal(command, context(true)) !== undefined, command.name).toBe(command.writes);
			if (command.group === undefined) continue;
			const args = command.args.filter(({optional}) => !optional).map(({choices}) => choices?.[0] ?? 'x');
			const line = lineOf([command.name, ...args].join(' '));
			expect(parseLine(line, context()).ok, command.name).toBe(true);
			expect(parseLine(line, context(true)).ok, command.name).toBe(!command.writes);
		}
	});

	test('is in the help with the usage and all keys of each command', () => {
		const names = helpSections([]).flatMap(({entries}) => entries.map(({name}) => name));
		for (const {name, group: isTyped} of commands)
			if (isTyped)
				expect(
					names.some((entry) => entry.startsWith(`:${name}`)),
					name,
				).toBe(true);
		for (const {shortcut} of bindings) expect(names).toContain(shownKeystrokes(shortcut));
	});

	test('refuses a keystroke that two commands have in one scope', () => {
		const [binding] = bindings;
		if (!binding) throw new Error('there are no bindings');
		const other: Binding = {...binding, command: {...binding.command, name: 'other'}};
		expect(() => keymapOf([binding, other])).toThrow('outage-menu and other both have "o" in scope everywhere');
		expect(() => keymapOf([binding, {...other, scope: 'pool'}])).not.toThrow();
	});

	test('names only keystrokes that exist', () => {
		// @ts-expect-error A misspelled name does not compile.
		const misspelled: Shortcut = {in: 'pool', keystrokes: ['pagdown'], label: ''};
		expect(misspelled.keystrokes).toHaveLength(1);
	});

	test('gives each keystroke one meaning in a scope', () => {
		const taken = bindings.flatMap(({scope, shortcut}) => shortcut.keystrokes.map((key) => `${scope} ${key}`));
		expect(taken.filter((key, index) => taken.indexOf(key) !== index)).toEqual([]);
	});

	test('writes nothing in a read-only session, whatever the key and the view', () => {
		for (const scope of scopes)
			for (const {shortcut, command} of bindings.filter((binding) => binding.scope === scope && binding.command.writes))
				for (const name of shortcut.keystrokes) {
					const step = update(states[scope], {type: 'keystroke', keystroke: {name, text: undefined}}, context(true));
					expect(step.effects, `${name} (${command.name})`).toEqual([]);
				}
	});
});

describe('every key of the scope', () => {
	test.each(scopes)('%s starts its command', (scope) => {
		const state = states[scope];
		const isTooSmall = scope === 'too-small';
		expect(scopesOf(state, isTooSmall)).toContain(scope);
		for (const {command, shortcut} of bindings.filter((binding) => binding.scope === scope))
			for (const name of shortcut.keystrokes) {
				const story: Story = shortcut.sources?.includes('application') ? {application: {isUnhealthy: true}} : {};
				const facts = {...context(false, story), isTooSmall};
				const next = update(state, {type: 'keystroke', keystroke: {name, text: undefined}}, facts);
				const isActive = next.state !== state || next.effects.length > 0;
				expect(isActive, `${name} (${command.name})`).toBe(true);
			}
	});
});

test('the keys of a filter change nothing in a view without one', () => {
	const esc = {by: 'keystroke', keystroke: {name: 'esc', text: undefined}, scope: 'filter'} as const;
	for (const {command} of bindings.filter(({scope}) => scope === 'filter'))
		for (const view of ['overview', 'pool', 'faults'] as const) {
			if (command.name === 'quit') continue;
			const state: UiState = {...log, view, log: {...log.log, filter}};
			expect(command.run(state, context(), esc), command.name).toEqual({state, effects: []});
		}
});

test('a key that no command has does nothing', () => {
	for (const scope of scopes) {
		const step = update(states[scope], {type: 'keystroke', keystroke: {name: undefined, text: undefined}}, context());
		expect(step, scope).toEqual({state: states[scope], effects: []});
	}
});

test('the footer shows the key that a command has where a nearer scope has taken its first', () => {
	const keysOf = (state: UiState) => hintsOf(scopesOf(state, false), 'cache').map(({keystrokes}) => keystrokes);
	expect(keysOf(start)).toContain('Tab');
	expect(keysOf({...start, view: 'faults'}).filter((shown) => shown === 'Tab')).toHaveLength(1);
	expect(keysOf(states.palette)).not.toContain('q');
});

test('the footer of the outage menu names no key that only does something on several servers', () => {
	const labels = hintsOf(scopesOf(states['outage-menu'], false), 'application').map(({label}) => label);
	expect(labels).toContain('duration');
	expect(labels).not.toContain('node');
});

test('the footer of the keys names what t leads to', () => {
	const labelOf = (state: UiState) =>
		hintsOf(scopesOf(state, false), 'cache').find(({keystrokes: shown}) => shown === 't')?.label;
	expect([keys, tree].map(labelOf)).toEqual(['tree', 'list']);
});

test('the help promises of no key in dialogs that it quits', () => {
	const [{entries} = {entries: []}] = helpSections(['ctrl-c']).filter(({title}) => title.startsWith('In dialogs'));
	expect(entries.map(({text}) => text)).toEqual(['Quit, while a filter is typed; a dialog is closed by it']);
});
