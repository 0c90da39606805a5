import {XMLParser, XMLValidator} from 'fast-xml-parser';
import {describe, expect, it} from 'vitest';
import type {DrillReport} from '../../source/drills/drill-report.js';
import type {DrillSnapshot} from '../../source/engine/protocol.js';
import {githubAnnotations} from '../../source/report/github-report.js';
import {jsonReport} from '../../source/report/json-report.js';
import {junitReport} from '../../source/report/junit-report.js';
import {progressLine} from '../../source/report/progress-line.js';
import {textReport, textSummary} from '../../source/report/text-report.js';
import {snapshotAt} from '../support/fake-engine.js';
import {asciiOnly, unicodeSample} from '../support/unicode-sample.js';
import {failed, partial, passed} from './drill-fixtures.js';

describe('the text report', () => {
	it('summarizes calls, modes, times and expectations', () => {
		expect(textReport(passed)).toMatchInlineSnapshot(`
			"black-hole on redis-server 7.0.15 (private): passed

			5,000 calls in 10.0 s: none failed, none hung, no read was wrong.
			Modes: connected 0.0 s → fallback 3.2 s → recovering 6.3 s → connected 6.3 s.
			Recovered 307 ms after the last fault was lifted.

			                        p50      p99      max
			  calls settled after   0.90 ms  55.3 ms  406 ms
			  during a fault        0.77 ms  201 ms   406 ms
			  timers fired late by  0.50 ms  2.00 ms  11.5 ms
			availability 100 %, hit ratio 68.76 %
			journal: 176 keys at most, 178 reconciled, never overflowed

			  ✓  wrongReads == 0      met  was 0
			  ✓  settleMs.p99 <= 250  met  was 55.3
			"
		`);
	});

	it('says in words, not only in glyphs, what went wrong', () => {
		expect(textReport(failed, {glyphs: 'ascii'})).toMatchInlineSnapshot(`
			"bad <"day"> on redis-server 7.0.15 (private): failed, 2 of 3 expectations not met

			5,000 calls in 10.0 s: 3 failed, 1,200 hung, 1 read wrong.
			Modes: connected 0.0 s -> fallback 3.2 s -> recovering 6.3 s -> connected 6.3 s.
			The cache did not connect again after the last fault.

			                        p50      p99      max
			  calls settled after   0.90 ms  55.3 ms  406 ms
			  during a fault        0.77 ms  201 ms   406 ms
			  timers fired late by  0.50 ms  2.00 ms  11.5 ms
			availability 99.999 %, hit ratio 68.76 %
			journal: 1 key at most, 0 reconciled, overflowed once

			  FAIL  wrongReads == 0     NOT MET  was 1
			  FAIL  recoveryMs <= 1000  NOT MET  was not measured
			  ok    calls > 10          met      was 5000
			"
		`);
	});

	it('does not show an availability below its limit as the limit', () => {
		const shown = (availability: number) => /availability (.*),/.exec(textReport({...failed, availability}))?.[1];
		expect([0.999949, 0.99995, 0.9998999, 0.9999, 0.57].map(shown)).toEqual([
			...['99.994 %', '99.995 %', '99.989 %', '99.99 %', '57 %'],
		]);
	});

	it('marks an interrupted drill as incomplete, and has "no data" where nothing was measured', () => {
		expect(textReport(partial)).toContain(
			'flapping on redis-server 7.0.15 (private): incomplete, interrupted by SIGINT',
		);
		expect(textReport(partial)).toMatch(/during a fault +no data +no data +no data/);
		expect(textReport(partial)).toMatch(/- {2}wrongReads == 0 +not decided +was 0/);
		const lost = {name: 'wrongReads == 0', passed: false, actual: 2, limit: 0};
		expect(textReport({...partial, expectations: [lost]})).toMatch(/✗ {2}wrongReads == 0 +NOT MET +was 2/);
		const none = {
			...partial,
			calls: 0,
			expectations: [{name: 'hungCalls == 0', passed: false, actual: undefined, limit: 0}],
		};
		expect(textReport(none)).toMatch(/✗ {2}hungCalls == 0 +NOT MET +was not measured/);
		expect(textReport(none)).toContain('availability no data, hit ratio no data');
		expect(textReport({...partial, modes: [{mode: 'connected', atMs: 0}]})).toContain('connected all the time');
	});

	it('counts calls that were skipped', () => {
		expect(textReport({...passed, skippedCalls: 1200})).toContain(
			'1,200 calls skipped: this process did not run for seconds.',
		);
		expect(textReport({...passed, lateCalls: 3})).toContain(
			'3 calls took as long as a hung call, while this process waited for a processor or its event loop was blocked: not counted as hung.',
		);
	});

	it('explains a limit that was exceeded and tolerated', () => {
		const late = {name: 'settleMs.p99 <= 250', passed: true, actual: 268, limit: 250, toleratedMs: 18};
		expect(textReport({...passed, expectations: [late]})).toMatch(
			/✓ {2}settleMs\.p99 <= 250 +met +was 268, 18\.0 ms above the limit, tolerated: timers of this machine fired late\n/,
		);
	});

	it('says why an expectation of a drill that ran to its end is not decided', () => {
		const open = {name: 'hungCalls == 0', passed: false, undecided: true as const, actual: 0, limit: 0, reason: 'late'};
		const report = {...passed, passed: false, expectations: [open]};
		expect(textReport(report)).toMatch(/- {2}hungCalls == 0 +not decided +was 0: late\n/);
		expect(githubAnnotations([{report}])).toContain('hungCalls == 0 was not decided, it was 0: late');
	});

	it('summarizes several drills', () => {
		expect(textSummary([passed, failed, partial])).toMatchInlineSnapshot(`
			"  ✓  black-hole   passed
			  ✗  bad <"day">  failed, 2 of 3 expectations not met
			  ✗  flapping     incomplete, interrupted by SIGINT
			1 of 3 drills passed
			"
		`);
		expect(textSummary([passed], [{drill: 'kill', reason: 'not started, interrupted by SIGINT'}])).toMatch(
			/ {2}- {2}kill +skipped, not started, interrupted by SIGINT\n1 of 1 drill passed, 1 skipped\n$/,
		);
	});
});

describe('the JSON report', () => {
	it('is the report itself, or an array of several', () => {
		expect(JSON.parse(jsonReport(passed))).toEqual(passed);
		expect(JSON.parse(jsonReport([passed, partial]))).toEqual([passed, partial]);
		expect(JSON.parse(jsonReport(failed)).recoveryMs).toBeNull();
	});
});

describe('the JUnit report', () => {
	const parse = (xml: string) => {
		expect(XMLValidator.validate(xml)).toBe(true);
		return new XMLParser({
			ignoreAttributes: false,
			attributeNamePrefix: '',
			isArray: (name) => name === 'testcase' || name === 'testsuite',
		}).parse(xml);
	};

	it('is well-formed, with a suite for each drill and a case for each expectation', () => {
		const {testsuites} = parse(junitReport([passed, failed, partial]));
		expect(testsuites).toMatchObject({tests: '10', failures: '2', errors: '1', skipped: '2'});
		expect(testsuites.testsuite.map(({name}: {name: string}) => name)).toEqual([
			'black-hole',
			'bad <"day">',
			'flapping',
		]);
		const [first, second, third] = testsuites.testsuite;
		expect(first).toMatchObject({tests: '3', failures: '0', errors: '0', time: '10.003'});
		expect(
			second.testcase.map((each: {name: string; failure?: {message: string}}) => [each.name, each.failure?.message]),
		).toEqual([
			['runs to its end', undefined],
			['wrongReads == 0', 'expected wrongReads == 0, but it was 1'],
			['recoveryMs <= 1000', 'expected recoveryMs <= 1000, but it was not measured'],
			['calls > 10', undefined],
		]);
		expect(third.testcase[0].error.message).toBe('interrupted by SIGINT');
		expect(third).toMatchObject({tests: '3', failures: '0', errors: '1', skipped: '2'});
		expect(third.testcase[1].skipped.message).toBe('not decided: the drill was interrupted');
	});

	it('has an error for an expectation that is not decided although the drill ran to its end', () => {
		const open = {name: 'hungCalls == 0', passed: false, undecided: true as const, actual: 0, limit: 0, reason: 'late'};
		const {testsuites} = parse(junitReport([{...passed, passed: false, expectations: [open]}]));
		expect(testsuites).toMatchObject({tests: '2', failures: '0', errors: '1', skipped: '0'});
		expect(testsuites.testsuite[0]).toMatchObject({tests: '2', failures: '0', errors: '1', skipped: '0'});
		expect(testsuites.testsuite[0].testcase[1].error.message).toBe('not decided: late');
	});

	it('has a suite with one skipped case for a drill that was not started', () => {
		const {testsuites} = parse(junitReport([passed], [{drill: 'restart-empty', reason: 'not <ours>'}]));
		expect(testsuites).toMatchObject({tests: '4', failures: '0', errors: '0', skipped: '1'});
		expect(testsuites.testsuite[1]).toMatchObject({name: 'restart-empty', tests: '1', skipped: '1'});
		expect(testsuites.testsuite[1].testcase[0].skipped.message).toBe('not <ours>');
	});

	it('is well formed with any text, even characters that XML does not allow', () => {
		const {testsuites} = parse(junitReport([{...partial, partial: 'a\u0000b & \ud800 ]]> é ✓ 😀 "q" \'s\''}]));
		expect(testsuites.testsuite[0].testcase[0].error.message).toBe('a\ufffdb & \ufffd ]]> é ✓ 😀 "q" \'s\'');
	});
});

describe('the progress line', () => {
	const drill: DrillSnapshot = {
		name: 'default',
		summary: '',
		state: 'running',
		elapsedMs: 3004,
		totalMs: 10_000,
		steps: [],
		expectations: [],
		report: undefined,
	};

	it('has columns that do not move, and names the fault', () => {
		const steady = progressLine(snapshotAt(5, {drill}));
		const outage = progressLine(snapshotAt(20, {drill, outage: {from: 10}}), 'ascii');
		expect(steady).toMatch(/^ *3\.0 \/ 10\.0 s {2}● connected +[\d,]+\/s {2}p99 .* wrong 0 /);
		expect(outage).toMatch(/! fallback .* {2}blackhole$/);
		expect(outage.indexOf('/s')).toBe(steady.indexOf('/s'));
		expect(outage.indexOf('journal')).toBe(steady.indexOf('journal'));
		expect(`${steady}${outage}`).not.toContain('\n');
	});
});

describe('with ASCII glyphs', () => {
	const wild: DrillReport = {...partial, drill: unicodeSample, server: unicodeSample, partial: unicodeSample};

	it('no report for people has any other character', () => {
		const report = textReport({...wild, settleMs: {p50: 0.01, p99: 0.05, max: 0.09}}, {glyphs: 'ascii'});
		expect(report).toMatch(asciiOnly);
		expect(report).toContain('10 us');
		expect(textSummary([wild], [{drill: unicodeSample, reason: unicodeSample}], {glyphs: 'ascii'})).toMatch(asciiOnly);
	});

	it('no progress line has any other character', () => {
		const snapshot = snapshotAt(20, {outage: {from: 10}});
		const faults = snapshot.faults.map((fault) => ({...fault, label: unicodeSample}));
		expect(progressLine({...snapshot, faults}, 'ascii')).toMatch(asciiOnly);
	});
});
