import {XMLValidator} from 'fast-xml-parser';
import {describe, expect, it} from 'vitest';
import type {TimeSlot} from '../../source/drills/recording/drill-recording.js';
import {latencyBuckets} from '../../source/drills/recording/latency-buckets.js';
import {stripChart} from '../../source/report/html/charts/band-chart.js';
import {htmlReport, htmlReportOfAll} from '../../source/report/html-report.js';
import type {DrillResult} from '../../source/report/input/drill-result.js';
import {failed, finding, partial, passed, probe, probeRecording, recording, wire} from './drill-fixtures.js';

const full: DrillResult = {
	report: {...failed, probes: [probe], wire, findings: [finding]},
	recording: {...recording, probes: [probeRecording]},
};

/** Text that would be markup if it were not escaped, in every place that a name or a message can be in. */
const evil = `<script>alert("1")</script><img src=x onerror='alert(2)'>&amp;\u202e`;

const evilResult: DrillResult = {
	report: {
		...failed,
		drill: evil,
		server: evil,
		partial: evil,
		probes: [{...probe, name: evil, failures: [{reason: evil, count: 1}]}],
		wire: {...wire, slowest: [{command: evil, connection: evil, ms: 1, atMs: 1, end: 'lost'}], errors: {[evil]: 1}},
		findings: [{...finding, why: evil, title: evil, evidence: evil, advice: evil, keys: [evil]}],
		expectations: [{name: evil, passed: false, actual: evil, limit: evil}],
	},
	recording: {
		...recording,
		summary: evil,
		probes: [{...probeRecording, name: evil}],
		steps: [{kind: 'fault', label: evil, fromMs: 0, toMs: 5000}],
		wrongReads: [{atMs: 1, key: evil, got: 1, expected: 2}],
		events: [{atMs: 1, level: 'warn', text: evil, count: 2}],
	},
};

const withoutStyles = (page: string) => page.replace(/<style>.*<\/style>/s, '');
const textOf = (page: string) =>
	withoutStyles(page)
		.replaceAll(/<[^>]*>/g, ' ')
		.replaceAll(/\s+/g, ' ');

/** True if each element is closed, in order. */
function isWellFormed(page: string): true | object {
	return XMLValidator.validate(page.replace('<!doctype html>', '').replaceAll(/(<meta [^>]*)>/g, '$1/>'));
}

describe('the HTML report of a drill', () => {
	it('says the verdict first, and has every part that there is something for', () => {
		const text = textOf(htmlReport(full));
		expect(text).toMatch(/^ bad &lt;&quot;day&quot;&gt;: failed, 2 of 3 expectations not met ✗ bad/);
		const heads = [...htmlReport(full).matchAll(/<h2>(.*?)<\/h2>/g)].map(([, head]) => head);
		expect(heads).toEqual([
			'Expectations',
			'Findings',
			'Time lines',
			'Probes',
			'Application at the wire',
			'Times',
			'Server and cache',
			'Wrong reads',
			'Events',
			'Settings',
		]);
		for (const words of [
			'A firewall drops packets silently.',
			'recoveryMs &lt;= 1000 ✗ not met not measured',
			'calls &gt; 10 ✓ met 5000',
			'blackhole: 3.0 s to 6.0 s',
			'reconnect: 13, 10 failed, at most 5 within a second',
			'GET 2.01 s 3.2 s web lost with its connection',
			'connected 0.0 s → fallback 3.2 s',
			'deadline 200 ms',
			'wrong reads: 22',
			'hung calls: 2',
			'failed calls: 9',
			'http://localhost:3000/users/1 100 97',
			'stayed available from 410 ms after the end of the last fault on; failed: it answered 500 instead of 200 (3).',
			'505 requests, 9 failed',
			'Warning: Keys are written without a TTL no-ttl',
			'6.4 s item:7 3 5',
			'lane 0 reset ×4',
			'2026-11-14 12:00:00 UTC',
			'Reads : writes : deletes 80 : 15 : 5',
			'10,000 entries, 64 MiB',
		])
			expect(text).toContain(words);
	});

	it('has what is known of a subject, in the place of modes and journal', () => {
		const subject = {name: './naive.mjs', notes: ['it has no getOrSet']};
		const returned = {keys: 9, ownProcess: 2, otherProcess: 0};
		const leftOut = [{name: 'modes.fallback >= 1', reason: 'a subject has no modes'}];
		const {cache: _, ...settings} = recording.settings;
		const journal = {max: 0, overflowed: 0, reconciled: 0};
		const page = htmlReport({
			report: {...failed, journal, subject, returned, leftOut},
			recording: {...recording, settings},
		});
		const text = textOf(page);
		expect(text).toMatch(/^ bad &lt;&quot;day&quot;&gt;, subject \.\/naive\.mjs: failed/);
		for (const words of [
			'After the drill, of 9 changed keys: 2 with an old value in its own process, none in a process',
			'Note: it has no getOrSet.',
			'modes.fallback &gt;= 1 – left out a subject has no modes',
			'The cache as seen from outside connected 0.0 s',
		])
			expect(text).toContain(words);
		expect(text).not.toMatch(/Journal|Grace/);
	});

	it('leaves out what is not there', () => {
		const heads = [...htmlReport({report: passed}).matchAll(/<h2>(.*?)<\/h2>/g)].map(([, head]) => head);
		expect(heads).toEqual(['Expectations', 'Times', 'Server and cache']);
		const calm = {
			...recording,
			slots: recording.slots.map((slot) => ({
				...slot,
				failedCalls: 0,
				hungCalls: 0,
				wrongReads: 0,
				hits: 0,
				misses: 0,
			})),
			steps: [],
			wrongReads: [],
			events: [],
		};
		const text = textOf(
			htmlReport({report: {...passed, journal: {max: 0, overflowed: 0, reconciled: 0}}, recording: calm}),
		);
		expect(text).toContain('No read was wrong, no call hung or failed at any time.');
		expect(text).not.toMatch(/Faults and changes|Hit ratio over time|Size of the journal/);
		expect(text).not.toMatch(/NaN|undefined|Infinity/);
	});

	it.each([
		['nothing was recorded', {...recording, slots: [], dots: [], steps: [], wrongReads: [], events: []}, partial],
		['it ended at once', {...recording, slots: recording.slots.slice(0, 1)}, {...partial, durationMs: 0, calls: 0}],
	])('is whole if %s', (_, recorded, report) => {
		const page = htmlReport({report, recording: recorded});
		expect(isWellFormed(page)).toBe(true);
		expect(withoutStyles(page)).not.toMatch(/NaN|undefined|Infinity/);
		expect(page).toContain('incomplete, interrupted by SIGINT');
	});

	it('is one file: no script, nothing loaded, and a policy that allows neither', () => {
		const page = htmlReport(full);
		expect(page).toContain(`content="default-src &#39;none&#39;; style-src`);
		expect(page).not.toMatch(/<(script|link|img|iframe|object|embed|form)\b|\son\w+=|@import|url\(|javascript:/i);
		expect([...page.matchAll(/(?:href|src)="([^"]*)"/g)].filter(([, target]) => !target?.startsWith('#'))).toEqual([]);
	});

	it('escapes every text, whatever it is in', () => {
		for (const page of [htmlReport(evilResult), htmlReportOfAll([evilResult], [{drill: evil, reason: evil}])]) {
			expect(isWellFormed(page)).toBe(true);
			expect(page).not.toMatch(/<script|<img|\u202e/);
			expect(page).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;');
			expect(page).toContain('&amp;amp;\\u{202e}');
		}
	});

	it('tells a screen reader of every chart, and has its figures as a table', () => {
		const page = htmlReport(full);
		expect(isWellFormed(page)).toBe(true);
		const charts = [...page.matchAll(/<svg class="plot" [^>]*role="img" aria-labelledby="(\S+) (\S+)"/g)];
		expect(charts.length).toBeGreaterThanOrEqual(8);
		for (const [, title, description] of charts) {
			expect(page).toMatch(
				new RegExp(`<title id="${title}">[^<]{5,}</title><desc id="${description}">[^<]{5,}</desc>`),
			);
		}
		const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
		expect(new Set(ids).size).toBe(ids.length);
		expect(textOf(page)).toMatch(
			/The time lines as a table .* 2\.5 s to 3\.0 s connected none 250 1\.10 ms 9\.00 ms 0 0 0 /,
		);
		expect(textOf(page)).toMatch(/4\.5 s to 5\.0 s fallback blackhole 250 190 ms 405 ms 0 1 0 50\.0 % 18 /);
	});

	it('stays small with the largest recording that there can be', () => {
		const slots = Array.from(
			{length: 256},
			() => ({...recording.slots[0], wrongReads: 1, failedCalls: 1, hungCalls: 1}) as TimeSlot,
		);
		const dots = slots.flatMap((_, slot) =>
			Array.from({length: latencyBuckets}, (_, bucket) => ({
				slot,
				ms: 0.01 * 1.21 ** bucket,
				calls: 1 + (bucket % 30),
			})),
		);
		const steps = Array.from({length: 100}, (_, index) => ({
			kind: 'fault' as const,
			label: `fault ${index}`,
			fromMs: index * 100,
			toMs: index * 100 + 90,
		}));
		const size = htmlReport({report: failed, recording: {...recording, slotMs: 40, slots, dots, steps}}).length;
		expect(size).toBeLessThan(700_000);
	});
});

it('a strip of the HTML report ends with the time lines: what came later neither sticks out nor gets a label', () => {
	const bars = [
		{fromMs: 0, toMs: 900, style: 'connected', label: 'connected'},
		{fromMs: 900, toMs: 1500, style: 'fallback', label: 'fallback'},
		{fromMs: 1500, toMs: 2000, style: 'recovering', label: 'recovering'},
	];
	const time = {totalMs: 1000, faults: []};
	const strip = stripChart({id: 'a', caption: '', title: '', description: '', time, bars}).markup;
	expect(strip.match(/<rect class="(connected|fallback|recovering)" x="[\d.]+" y="0" width="[\d.]+"/g)).toEqual([
		'<rect class="connected" x="0" y="0" width="900"',
		'<rect class="fallback" x="900" y="0" width="100"',
	]);
	expect(strip.match(/>(connected|fallback|recovering)</g)).toEqual(['>connected<']);
});

describe('the HTML report of several drills', () => {
	it('is a table that leads to a section for each', () => {
		const page = htmlReportOfAll(
			[{report: passed, recording}, full, {report: partial}],
			[{drill: 'kill', reason: 'not possible here'}],
		);
		expect(isWellFormed(page)).toBe(true);
		expect(textOf(page)).toMatch(/^ 1 of 3 drills passed, 1 skipped /);
		const targets = [...page.matchAll(/<a href="#([^"]+)">/g)].map(([, id]) => id);
		expect(targets).toEqual(['drill-1', 'drill-2', 'drill-3']);
		for (const id of targets) expect(page).toContain(`<section class="drill" id="${id}"`);
		expect(textOf(page)).toContain('flapping ✗ incomplete, interrupted by SIGINT 5,000');
		expect(textOf(page)).toContain('kill – skipped, not possible here');
		const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
		expect(new Set(ids).size).toBe(ids.length);
	});
});
