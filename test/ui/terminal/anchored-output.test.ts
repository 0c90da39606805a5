import {stripVTControlCharacters} from 'node:util';
import xterm from '@xterm/headless';
import {describe, expect, onTestFinished, test} from 'vitest';
import type {EngineSnapshot} from '../../../source/engine/protocol.js';
import {graphemes, isOneCellEach, widthOf} from '../../../source/text/cells.js';
import {printable} from '../../../source/text/printable.js';
import {anchorText} from '../../../source/ui/terminal/anchored-output.js';
import {FakeEngine, snapshotAt} from '../../support/fake-engine.js';
import {openApp} from '../../support/open-app.js';
import {replies} from '../gallery/replies.js';

/** Characters that terminals disagree on, or that act on what is around them. */
const samples: Readonly<Record<string, string>> = {
	'joined emoji': '👩🏽‍💻',
	family: '👨‍👩‍👧‍👦',
	flags: '🇩🇪🇫🇷',
	'a regional indicator alone': '🇩',
	'a keycap': '1️⃣',
	'a selector of emoji form': '❤️⚠️',
	'a selector of text form': '⌚︎',
	'combining marks': 'e\u0301\u0323',
	'a tower of marks': `Z${'\u0301'.repeat(9)}`,
	'a leading mark': '\u0301e',
	'a leading modifier': '🏽x',
	'wide characters': '日本語',
	'half-width with a mark': 'ｶﾞ',
	'conjoining jamo': '\u1112\u1161\u11ab',
	conjuncts: 'नमस्ते क्षत्रिय',
	Thai: 'กำลังใจ',
	'right to left': 'שלום مرحبا',
	'a turn of the direction': '\u202Eevil\u202C \u2067x\u2069',
	'ambiguous width': '§±αЖ①★☎',
	'zero width': 'a\u200Bb\u00ADc\u2060d\uFEFFe\u3164f',
	'a joiner in a Latin word': 'us\u200Der',
	'control bytes': 'a\u0000b\u0007c\u001B[31md\u009B2Je\u007Ff\r\n\tg',
	'half a character': 'x\uD83D',
	'new emoji': '🫨🪿',
	'a very wide character': '﷽⸻',
};

const everything = Object.values(samples).join(' ');

type Widths = 'as the emulator has them' | 'one each' | 'two each';

/** A terminal that gives disputed characters these widths, each code point for itself. */
function terminalOf(widths: Widths, columns: number, rows: number) {
	const terminal = new xterm.Terminal({cols: columns, rows, allowProposedApi: true});
	onTestFinished(() => terminal.dispose());
	if (widths === 'as the emulator has them') return terminal;
	const wcwidth = (code: number) => (isOneCellEach(String.fromCodePoint(code)) || widths === 'one each' ? 1 : 2);
	// As xterm.js packs the width of a character that does not join the one before it.
	terminal.unicode.register({version: widths, wcwidth, charProperties: (code: number) => wcwidth(code) << 1});
	terminal.unicode.activeVersion = widths;
	return terminal;
}

const written = (terminal: ReturnType<typeof terminalOf>, text: string) =>
	new Promise<void>((resolve) => terminal.write(text, resolve));

const cell = (terminal: ReturnType<typeof terminalOf>, x: number, y: number) =>
	terminal.buffer.active.getLine(y)?.getCell(x)?.getChars();

const allWidths: readonly Widths[] = ['as the emulator has them', 'one each', 'two each'];

describe.each(allWidths)('on a terminal with widths %s', (widths) => {
	test.each(Object.entries(samples))('%s moves nothing that stands behind it', async (_, sample) => {
		const text = printable(sample);
		const terminal = terminalOf(widths, 100, 4);
		const {text: output} = anchorText(`\u001B[H|${text}|end|\r\n|below`, undefined);
		await written(terminal, output);
		const width = graphemes(text).reduce((sum, grapheme) => sum + Math.max(1, widthOf(grapheme)), 0);
		expect([0, width + 1, width + 5].map((x) => cell(terminal, x, 0))).toEqual(['|', '|', '|']);
		expect(terminal.buffer.active.getLine(1)?.translateToString(true)).toBe('|below');
	});

	test('text at the right edge does not wrap, and a shorter one leaves nothing behind', async () => {
		const terminal = terminalOf(widths, 20, 4);
		const {text: long} = anchorText('\u001B[H................👩🏽‍💻👩🏽‍💻\r\n|below', undefined);
		await written(terminal, long);
		expect(terminal.buffer.active.getLine(1)?.translateToString(true)).toBe('|below');
		const {text: short} = anchorText('\u001B[1;1H👩🏽‍💻|\u001B[K', undefined);
		await written(terminal, short);
		expect(cell(terminal, 2, 0)).toBe('|');
		expect(terminal.buffer.active.getLine(0)?.translateToString(true)).not.toContain('.');
	});
});

test('plain text passes unchanged, and so do sequences', () => {
	const output = '\u001B[2K\u001B[1A\u001B[Gabc ─│╭▸ ● \u001B[31mred\u001B[39m\r\n\u001B]0;title\u0007';
	expect(anchorText(output, undefined)).toEqual({text: output, column: 0});
});

test('the column is followed through movements', () => {
	const columnAfter = (output: string) => anchorText(output, 5).column;
	expect(columnAfter('ab')).toBe(7);
	expect(columnAfter('\u001B[31mab\u001B[39m')).toBe(7);
	expect(columnAfter('日本')).toBe(9);
	expect(columnAfter('\u001B[10G')).toBe(9);
	expect(columnAfter('\u001B[G')).toBe(0);
	expect(columnAfter('\u001B[3;4H')).toBe(3);
	expect(columnAfter('\u001B[2C\u001B[D')).toBe(6);
	expect(columnAfter('\u001B[2E')).toBe(0);
	expect(columnAfter('\u001B[2A\u001B[2K')).toBe(5);
	expect(columnAfter('\u001B[u')).toBeUndefined();
	expect(columnAfter('\n')).toBe(0);
});

/** A snapshot in which every text that comes from outside is wild. */
function wild(second: number): EngineSnapshot {
	const snapshot = snapshotAt(second, {outage: {from: 20}, wrongReads: 2});
	const {cache, server, faults, workload, target} = snapshot;
	const {pool, mode, modes} = cache;
	const {checkouts} = pool;
	const waiting = [{purpose: everything, since: snapshot.at - 100}];
	const connections = checkouts.connections.map((connection) => ({...connection, purpose: everything}));
	return {
		...snapshot,
		target: {...target, name: '👩🏽‍💻\u001B[31m', version: '\u202E7'},
		faults: faults.map((fault) => ({...fault, label: everything})),
		workload: {...workload, wrongReadExamples: workload.wrongReadExamples.map((each) => ({...each, key: everything}))},
		cache: {
			...cache,
			mode: {...mode, reason: everything},
			modes: modes.map((change) => ({...change, reason: everything})),
			pool: {...pool, checkouts: {...checkouts, waiting, connections}},
		},
		server: server && {...server, role: everything, info: {[everything]: {[everything]: everything}}},
		drill: {
			name: everything,
			summary: everything,
			state: 'failed',
			elapsedMs: 900,
			totalMs: 1000,
			steps: [{atMs: 0, forMs: 100, label: everything, kind: 'fault', state: 'done'}],
			expectations: [{name: everything, state: 'failed', actual: 1}],
			report: undefined,
		},
		events: [{id: 99, at: snapshot.at, level: 'warn', topic: 'pool', text: everything, count: 3, lastAt: snapshot.at}],
	};
}

/** An engine that knows only wild keys, values, drills and errors. */
class WildEngine extends FakeEngine {
	override answer: FakeEngine['answer'] = ({name}) => {
		const key = {key: everything, type: everything, bytes: 10, ttlMs: 1000};
		const group = {name: everything, prefix: everything, pattern: everything, keys: 3};
		switch (name) {
			case 'keys':
				return {
					ok: true,
					lines: [],
					data: {rows: [key, {...key, key: `${everything}2`}], cursor: undefined, scanned: 2, total: 2, tookMs: 1},
				};
			case 'tree':
				return {ok: true, lines: [], data: {...replies.tree?.data, groups: [group], rows: [key]}};
			case 'inspect': {
				const details = {...replies.inspect?.data, ...key, encoding: everything};
				return {ok: true, lines: [everything, everything, everything], data: details};
			}
			case 'drills':
				return {
					ok: true,
					lines: [],
					data: replies.drills?.data.map((each) => ({...each, summary: everything, name: everything})),
				};
			case 'info':
				return {ok: true, lines: [everything, everything]};
			case 'show': {
				const columns = [{title: 'WHAT', width: 20, grows: true, priority: 0}];
				const rows = [{cells: [everything], level: 'plain', kill: everything}];
				return {ok: true, lines: [], data: {columns, rows, notes: [everything]}};
			}
			default:
				return {ok: false, code: 'ERR_COMMAND', message: everything};
		}
	};

	override completions = () => [everything];
}

/** Characters that act on their surroundings. */
const acting = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const border = /[│╭╮╰╯┃┏┓┗┛]/u;

/** The borders in these lines that a terminal shows elsewhere than the layout has them. */
async function movedBorders(lines: readonly string[], widths: Widths, columns: number): Promise<readonly string[]> {
	const terminal = terminalOf(widths, columns, lines.length);
	await written(terminal, anchorText(`\u001B[H${lines.join('\r\n')}`, undefined).text);
	return lines.flatMap((line, y) => {
		let x = 0;
		return graphemes(line).flatMap((grapheme) => {
			const at = x;
			x += Math.max(1, widthOf(grapheme));
			return border.test(grapheme) && cell(terminal, at, y) !== grapheme ? [`column ${at}: ${line}`] : [];
		});
	});
}

test.each([
	[60, 16],
	[80, 24],
	[120, 40],
] as const)(
	'at %i×%i no text from outside moves a border or acts on the terminal, in any place',
	async (columns, rows) => {
		const engine = new WildEngine();
		const {app} = openApp({engine, seconds: 'none', size: {columns, rows}});
		for (let second = 28; second <= 30; second++) engine.push(wild(second));
		const tries = [
			'1',
			'\t\r',
			'\u001B\u001B',
			'2',
			' ',
			'\r',
			'\u001B',
			'd',
			'\u001B',
			'e',
			'\u001B',
			't',
			'/',
			'x👩🏽‍💻\u202Ey',
			'\r',
			'3',
			'4',
			'/',
			'👩🏽‍💻\u202E',
			'\u001B',
			'5',
			'\t',
			'6',
			'\r',
			'\u001B',
			'o',
			'\u001B',
			':get ',
			'👩🏽‍💻é',
			'\r',
			'\u001B',
			':info\r',
			'\u001B',
			':set a b\r',
		];
		const seen = new Set<string>();
		for (const keys of tries) {
			app.type(keys);
			for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
			for (const line of stripVTControlCharacters(app.ansi()).split('\n')) seen.add(line);
		}
		expect(seen.size).toBeGreaterThan(tries.length);
		for (const line of seen) {
			const found = [...line.matchAll(acting)].flatMap(([char]) =>
				/\u200d|\u200c/.test(char) ? [] : [char.codePointAt(0)],
			);
			expect(found, line).toEqual([]);
			expect(widthOf(line), line).toBeLessThanOrEqual(columns);
		}
		for (const widths of allWidths) expect(await movedBorders([...seen], widths, columns), widths).toEqual([]);
	},
);
