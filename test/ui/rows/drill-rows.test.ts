import {expect, test} from 'vitest';
import type {DrillSnapshot} from '../../../source/engine/protocol.js';
import {unicode as glyphs} from '../../../source/ui/glyphs.js';
import {drillHeight, drillNotes, drillRows, drillText} from '../../../source/ui/rows/faults/drill-rows.js';
import {drillLines} from '../../../source/ui/screen-reader/drill-lines.js';
import type {Row} from '../../../source/ui/text/row.js';
import {passed, probe, wire} from '../../report/drill-fixtures.js';

const report = {...passed, application: '127.0.0.1:6380', probes: [probe], wire};

const drill: DrillSnapshot = {
	name: 'restart',
	summary: 'for a test',
	state: 'failed',
	elapsedMs: 10_000,
	totalMs: 10_000,
	steps: [{atMs: 1000, forMs: 1000, label: 'restart', kind: 'fault', state: 'done'}],
	expectations: [{name: 'probe.availability == 1', state: 'failed', actual: 0.97}],
	report,
};

const shown = {kind: 'run', drill} as const;

const textOf = (rows: readonly Row[]): string =>
	rows
		.map((row) =>
			row
				.map(({text}) => text)
				.join('')
				.trimEnd(),
		)
		.join('\n');

const drawn = (width: number, height: number): string => textOf(drillRows(shown, width, height, glyphs));

test('the figures of a drill on an application stand below its expectations, or beside them where there is room', () => {
	const narrow = drawn(76, 40);
	expect(narrow).toMatch(
		/before +during +after\navailable +100 % +90 % +100 %\np50 +12\.0 ms +12\.0 ms +12\.0 ms\np99 /,
	);
	expect(narrow).toMatch(/\navailable again +410 ms after the last fault was lifted\n/);
	expect(narrow).toMatch(/\nwaited longest +GET 2\.01 s, lost; SET 1\.20 s\n/);
	expect(narrow).toMatch(/\nconnections +4 connections broke, 1 never came back\n/);
	expect(narrow.replace(/\s+/g, ' ')).toContain('pauses 49.8 ms at least, 151 ms in the median, growing');
	expect(narrow).toMatch(/\ncommands +12 commands lost, 7 sent again\n/);
	expect(narrow).toMatch(/\nreconnects +13 attempts, 10 failed, up to 5\/s\n/);
	expect(drawn(116, 40)).toMatch(/availability == 1 +is 0\.97 +Probe http/);
	expect(drawn(196, 12)).toMatch(/Probe http\S+ +On its connections/);
});

test('with little room they are sentences, and the last row names the key that shows the rest', () => {
	expect(drawn(76, 8)).toContain('probe 100 % → 90 % → 100 % available, p99 40.0 ms → 40.0 ms → 40.0 ms');
	expect(drawn(76, 8)).toMatch(/waited longest: GET 2\.01 s, lost; 4 connections broke, 1 never came back/);
	expect(drawn(76, 4).split('\n')).toHaveLength(4);
	expect(drawn(76, 4)).toMatch(/\nr shows the rest$/);
});

test('an expectation of a figure that was never measured says so', () => {
	const name = 'wire.recoveryMs <= 5000';
	const unmeasured: DrillSnapshot = {...drill, expectations: [{name, state: 'failed', actual: undefined}]};
	expect(textOf(drillRows({kind: 'run', drill: unmeasured}, 76, 40, glyphs))).toContain(`${name}  not measured`);
	expect(drillText(unmeasured, report)).toContain(`NOT MET      ${name}  not measured`);
	expect(drillLines(unmeasured)).toContain(`Failed: ${name}, not measured.`);
});

test('a page that does not come back is told so', () => {
	const gone = {...drill, report: {...report, probes: [{...probe, recoveryMs: null}]}};
	const rows = (height: number) => textOf(drillRows({kind: 'run', drill: gone}, 76, height, glyphs));
	expect(rows(40)).toMatch(/\navailable again +never\n/);
	expect(rows(9)).toContain('available again: never');
});

test('the panel asks for as many rows as the figures need', () => {
	for (const columns of [80, 120, 200]) {
		const height = drillHeight(shown, columns, glyphs) - 2;
		expect(drawn(columns - 4, height)).toContain('errors');
		expect(drawn(columns - 4, height)).not.toContain('r shows the rest');
	}
});

test('the text of a drill has every figure and no wide line', () => {
	const lines = drillText(drill, report);
	expect(lines[0]).toBe('NOT MET      probe.availability == 1  is 0.97');
	expect(lines).toContain('failed          3 × it answered 500 instead of 200');
	expect(lines).toContain('answered again  35.0 ms after the last fault');
	for (const line of lines) expect(line.length).toBeLessThanOrEqual(56);
});

test('a step without a duration is drawn as long as it has lasted', () => {
	const step = {atMs: 1000, forMs: undefined, label: 'reset', kind: 'fault', state: 'active'} as const;
	const running = {...drill, state: 'running', elapsedMs: 5000, steps: [step], report: undefined} as const;
	const [, line = []] = drillRows({kind: 'run', drill: running}, 76, 8, glyphs);
	expect(textOf([line]).match(/█+/)?.[0].length).toBeGreaterThan(15);
});

test('a figure beyond its limit that is tolerated is told as such in the lines as well', () => {
	const late = {name: 'recoveryMs <= 1000', state: 'passed', actual: 1365, toleratedMs: 365} as const;
	const lines = drillText({...drill, expectations: [late]}, report);
	expect(lines[0]).toBe('met          recoveryMs <= 1000  is 1365, tolerated: this machine was late');
});

test('an expectation that is not decided although the drill ran to its end is told with the reason', () => {
	const open = {name: 'hungCalls == 0', state: 'open', actual: 0, reason: 'calls were late'} as const;
	const undecided = {kind: 'run', drill: {...drill, expectations: [open], report: passed}} as const;
	expect(textOf(drillRows(undecided, 76, 8, glyphs))).toMatch(/ hungCalls == 0 +is 0: calls were late/);
	const [notes, shorter] = drillNotes(undecided).map((row) => textOf([row]));
	expect(notes).toMatch(/^failed {2}1 expectation not decided {2}\S/);
	expect(shorter).toBe('failed  1 not decided');
	expect(drillText(undecided.drill, passed)).toContain('hungCalls == 0 is not decided: calls were late.');
	expect(drillLines(undecided.drill)).toContain('Not decided: hungCalls == 0: calls were late.');
});
