import {describe, expect, it} from 'vitest';
import type {DrillReport} from '../../source/drills/drill-report.js';
import {parseExpectation} from '../../source/drills/expectation.js';
import {valueOfField} from '../../source/drills/expectation-fields.js';
import {githubSummary} from '../../source/report/github-report.js';
import {junitReport} from '../../source/report/junit-report.js';
import {textReport} from '../../source/report/text-report.js';
import {passed} from './drill-fixtures.js';

const clean = {calls: 30, availability: 1, p50Ms: 2, p99Ms: 9};
const broken = {calls: 40, availability: 0.25, p50Ms: 500, p99Ms: 1000};
const nothing = {calls: 0, availability: 1, p50Ms: 0, p99Ms: 0};
const page = 'http://localhost:3000/users/1';

const report: DrillReport = {
	...passed,
	subject: {name: './cache.mjs', notes: ['it has no getOrSet: loads and stampedes were not tested']},
	returned: {keys: 120, ownProcess: 0, otherProcess: 3},
	leftOut: [{name: 'journal.max <= 5', reason: 'the journal of a subject, if it has one, is not known'}],
	probes: [
		{
			...{name: page, calls: 100, availability: 0.7, p50Ms: 3, p99Ms: 1000, recoveryMs: 80},
			...{before: clean, during: broken, after: clean, failures: [{reason: 'no reply in 1000 ms', count: 30}]},
		},
		{
			...{name: `${page}0`, ...clean, recoveryMs: 20, failures: []},
			...{before: clean, during: nothing, after: nothing},
		},
	],
};

describe('a report on a subject with probes', () => {
	it('says in text what came back, what was left out, and how the pages did', () => {
		expect(textReport(report)).toMatchInlineSnapshot(`
			"black-hole on redis-server 7.0.15 (private), subject ./cache.mjs: passed

			5,000 calls in 10.0 s: none failed, none hung, no read was wrong.
			Seen from outside: connected 0.0 s → fallback 3.2 s → recovering 6.3 s → connected 6.3 s.
			It returned newly stored values again 307 ms after the last fault was lifted.
			Note: it has no getOrSet: loads and stampedes were not tested.

			                        p50      p99      max
			  calls settled after   0.90 ms  55.3 ms  406 ms
			  during a fault        0.77 ms  201 ms   406 ms
			  timers fired late by  0.50 ms  2.00 ms  11.5 ms
			availability 100 %, hit ratio 68.76 %
			after the drill, of 120 changed keys: none with an old value in its own process, 3 in a process that was started after it

			                                  calls     available  p50      p99
			  http://localhost:3000/users/1   100       70 %       3.00 ms  1.00 s
			    before a fault                30        100 %      2.00 ms  9.00 ms
			    during a fault                40        25 %       500 ms   1.00 s
			    after it                      30        100 %      2.00 ms  9.00 ms
			  http://localhost:3000/users/10  30        100 %      2.00 ms  9.00 ms
			    before a fault                30        100 %      2.00 ms  9.00 ms
			    during a fault                no calls
			    after it                      no calls
			http://localhost:3000/users/1 stayed available from 80.0 ms after the end of the last fault on; failed: no reply in 1000 ms (30).
			http://localhost:3000/users/10 available all the time.

			  ✓  wrongReads == 0      met  was 0
			  ✓  settleMs.p99 <= 250  met  was 55.3
			  -  journal.max <= 5     left out: the journal of a subject, if it has one, is not known
			"
		`);
	});

	it('counts what was left out as skipped in JUnit', () => {
		const xml = junitReport([report]);
		expect(xml).toContain('<testsuites name="redis-cache-tui" tests="4" failures="0" errors="0" skipped="1"');
		expect(xml).toContain('<skipped message="left out: the journal of a subject, if it has one, is not known"/>');
	});

	it('has a table of the pages in the summary for GitHub', () => {
		expect(githubSummary([{report}])).toMatch(/\|\s+during a fault \| 40 \| 25 % \| 500 ms \| 1\.00 s \|/);
	});

	it('has fields for expectations: of several probes, the worst', () => {
		const value = (text: string, of = report) => {
			const expectation = parseExpectation(`${text} < 1`);
			if (typeof expectation === 'string') throw new Error(expectation);
			return valueOfField(of, expectation.field);
		};
		expect(value('probe.availability')).toBe(0.7);
		expect(value('probe.p99Ms')).toBe(1000);
		expect(value('probe.recoveryMs')).toBe(80);
		expect(value('returned.otherProcess')).toBe(3);
		const [first] = report.probes ?? [];
		const never = {...report, probes: first === undefined ? [] : [{...first, recoveryMs: null}]};
		expect(value('probe.recoveryMs', never)).toBeUndefined();
		expect(value('probe.availability', passed)).toBeUndefined();
		expect(value('returned.ownProcess', passed)).toBeUndefined();
	});
});
