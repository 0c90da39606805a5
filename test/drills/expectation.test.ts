import {describe, expect, it} from 'vitest';
import type {Expectation} from '../../source/drills/drill.js';
import type {DrillReport} from '../../source/drills/drill-report.js';
import {judge, judgePartial, parseExpectation} from '../../source/drills/expectation.js';

const report: DrillReport = {
	drill: 'short',
	server: 'redis-server 7.0.15 (private)',
	passed: false,
	durationMs: 1000,
	calls: 500,
	skippedCalls: 0,
	failedCalls: 1,
	hungCalls: 0,
	wrongReads: 0,
	availability: 0.998,
	settleMs: {p50: 1, p99: 270, max: 900},
	faultSettleMs: {p50: 2, p99: 300, max: 900},
	machineLateMs: {p50: 0, p99: 15, max: 80},
	hitRatio: 0.5,
	modes: [{mode: 'connected', atMs: 0}],
	recoveryMs: 1100,
	journal: {max: 5, overflowed: 0, reconciled: 5},
	expectations: [],
};

function expectation(text: string): Expectation {
	const parsed = parseExpectation(text);
	if (typeof parsed === 'string') throw new Error(parsed);
	return parsed;
}

describe('an expectation on a machine whose timers were late by 15 ms at p99 and 80 ms at most', () => {
	it.each<[string, boolean, number | undefined]>([
		['settleMs.p99 <= 300', true, undefined],
		['settleMs.p99 <= 250', true, 20],
		['faultSettleMs.p99 <= 250', false, undefined],
		['recoveryMs <= 1000', true, 100],
		['recoveryMs <= 900', false, undefined],
		['settleMs.p99 >= 290', false, undefined],
		['settleMs.p50 < 1', false, undefined],
		['settleMs.max <= 100', false, undefined],
		['failedCalls <= 0', false, undefined],
		['availability >= 0.9999', false, undefined],
		['machineLateMs.p99 <= 10', false, undefined],
	])('%s: passed is %s, tolerated are %s ms', (text, passed, toleratedMs) => {
		const result = judge(expectation(text), report);
		expect(result).toMatchObject({name: text, passed});
		expect(result.toleratedMs).toBe(toleratedMs);
	});

	it('is exceeded by at most its own limit, however late the timers were', () => {
		const hopeless = {...report, machineLateMs: {p50: 900, p99: 1500, max: 2000}};
		expect(judge(expectation('settleMs.p99 <= 130'), hopeless)).toMatchObject({passed: false});
		expect(judge(expectation('settleMs.p99 <= 140'), hopeless)).toMatchObject({passed: true, toleratedMs: 130});
	});
});

describe('an expectation of hung calls where calls were late with this process', () => {
	const judged = (text: string, lateCalls: number) => {
		const {passed, undecided, reason} = judge(expectation(text), {...report, availability: 1, lateCalls});
		return {passed, undecided, reason};
	};
	const undecided = {
		passed: false,
		undecided: true,
		reason: '6 of 500 calls were late with this process, and may have hung',
	};
	const decided = (passed: boolean) => ({passed, undecided: undefined, reason: undefined});

	it('is undecided if they are more than one in a hundred, and would change it if they had hung', () => {
		expect(judged('hungCalls == 0', 6)).toEqual(undecided);
		expect(judged('hungCalls <= 5', 6)).toEqual(undecided);
		expect(judged('hungCalls >= 1', 6)).toEqual(undecided);
		expect(judged('availability >= 0.99', 6)).toEqual(undecided);
	});

	it('is decided by the others if they are few, or could not change it', () => {
		expect(judged('hungCalls == 0', 5)).toEqual(decided(true));
		expect(judged('availability >= 0.9999', 5)).toEqual(decided(true));
		expect(judged('hungCalls <= 6', 6)).toEqual(decided(true));
		expect(judged('availability >= 0.98', 6)).toEqual(decided(true));
		expect(judged('hungCalls >= 7', 6)).toEqual(decided(false));
		expect(judged('wrongReads == 0', 6)).toEqual(decided(true));
	});
});

describe('an expectation of what was not measured', () => {
	const none = {p50: 0, p99: 0, max: 0};
	const silent: DrillReport = {
		...report,
		calls: 0,
		failedCalls: 0,
		availability: 1,
		settleMs: none,
		faultSettleMs: none,
	};

	it.each([
		'availability >= 0.9999',
		'failedCalls == 0',
		'hungCalls == 0',
		'wrongReads == 0',
		'hitRatio <= 1',
		'settleMs.p99 <= 250',
		'faultSettleMs.max <= 250',
	])('is not met by a drill without calls: %s', (text) => {
		expect(judge(expectation(text), silent)).toMatchObject({passed: false, actual: undefined});
	});

	it('is not met by times during a fault, if no call was due then', () => {
		const calm = {...report, faultSettleMs: none};
		expect(judge(expectation('faultSettleMs.p99 <= 250'), calm)).toMatchObject({passed: false, actual: undefined});
		expect(judge(expectation('settleMs.max <= 900'), calm)).toMatchObject({passed: true});
	});
});

describe('an expectation of a drill that was interrupted', () => {
	it.each<[string, 'passed' | 'failed' | 'undecided']>([
		['wrongReads == 0', 'undecided'],
		['failedCalls == 0', 'failed'],
		['calls >= 500', 'passed'],
		['calls >= 501', 'undecided'],
		['availability >= 0.9', 'undecided'],
		['settleMs.p99 <= 300', 'undecided'],
		['settleMs.max <= 200', 'failed'],
		// Within what the machine was late.
		['settleMs.max <= 800', 'undecided'],
		['recoveryMs <= 5000', 'undecided'],
		['modes.fallback == 0', 'undecided'],
		['drill == "short"', 'passed'],
		['drill == "long"', 'failed'],
	])('%s is %s', (text, verdict) => {
		const {passed, undecided, toleratedMs} = judgePartial(expectation(text), report);
		expect({passed, undecided, toleratedMs}).toEqual({
			passed: verdict === 'passed',
			undecided: verdict === 'undecided' ? true : undefined,
			toleratedMs: undefined,
		});
	});
});
