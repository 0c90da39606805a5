import type {DrillReport} from '../../source/drills/drill-report.js';
import type {ProbeReport} from '../../source/drills/probe/probe-report.js';
import type {DrillRecording, ProbeRecording, TimeSlot} from '../../source/drills/recording/drill-recording.js';
import type {WireReport} from '../../source/drills/wire/wire-report.js';
import type {Finding} from '../../source/tap/findings/finding.js';

export const passed: DrillReport = {
	drill: 'black-hole',
	server: 'redis-server 7.0.15 (private)',
	passed: true,
	durationMs: 10_003,
	calls: 5000,
	skippedCalls: 0,
	failedCalls: 0,
	hungCalls: 0,
	wrongReads: 0,
	availability: 1,
	settleMs: {p50: 0.904, p99: 55.3, max: 405.5},
	faultSettleMs: {p50: 0.77, p99: 200.7, max: 405.5},
	machineLateMs: {p50: 0.5, p99: 2, max: 11.5},
	hitRatio: 0.6876,
	modes: [
		{mode: 'connected', atMs: 0},
		{mode: 'fallback', atMs: 3222},
		{mode: 'recovering', atMs: 6252},
		{mode: 'connected', atMs: 6308},
	],
	recoveryMs: 307,
	journal: {max: 176, overflowed: 0, reconciled: 178},
	expectations: [
		{name: 'wrongReads == 0', passed: true, actual: 0, limit: 0},
		{name: 'settleMs.p99 <= 250', passed: true, actual: 55.3, limit: 250},
	],
};

export const failed: DrillReport = {
	...passed,
	drill: 'bad <"day">',
	passed: false,
	failedCalls: 3,
	hungCalls: 1200,
	wrongReads: 1,
	availability: 0.999996,
	recoveryMs: null,
	journal: {max: 1, overflowed: 1, reconciled: 0},
	expectations: [
		{name: 'wrongReads == 0', passed: false, actual: 1, limit: 0},
		{name: 'recoveryMs <= 1000', passed: false, actual: undefined, limit: 1000},
		{name: 'calls > 10', passed: true, actual: 5000, limit: 10},
	],
};

export const partial: DrillReport = {
	...passed,
	drill: 'flapping',
	passed: false,
	partial: 'interrupted by SIGINT',
	faultSettleMs: {p50: 0, p99: 0, max: 0},
	expectations: passed.expectations.map((expectation) => ({...expectation, passed: false, undecided: true})),
};

const slotMs = 100;

/** A second of a hundred calls of 1 ms, then three with a fault: wrong reads, hung calls, and calls as long as the deadline. */
const slots = Array.from({length: 101}, (_, index): TimeSlot => {
	const isOut = index >= 32 && index < 62;
	return {
		calls: 50,
		failedCalls: isOut && index % 10 === 0 ? 3 : 0,
		hungCalls: isOut && index % 15 === 0 ? 1 : 0,
		wrongReads: index === 64 ? 22 : 0,
		hits: 30,
		misses: isOut ? 30 : 10,
		journal: isOut ? index - 31 : 0,
		p50Ms: isOut ? 190 : 1.1,
		maxMs: isOut ? 405 : 9,
	};
});

export const recording: DrillRecording = {
	summary: 'A firewall drops packets silently',
	startedAt: Date.UTC(2026, 10, 14, 12, 0, 0),
	slotMs,
	slots,
	dots: slots.flatMap((_, slot) => [
		{slot, ms: slot >= 32 && slot < 62 ? 195 : 1.1, calls: 40},
		{slot, ms: 0.4 + (slot % 7), calls: 9},
		{slot, ms: 9, calls: 1},
	]),
	steps: [
		{kind: 'fault', label: 'blackhole', fromMs: 3000, toMs: 6002},
		{kind: 'workload', label: 'rate 1000', fromMs: 5000, toMs: 8000},
	],
	wrongReads: [{atMs: 6410, key: 'item:7', got: 3, expected: 5}],
	events: [
		{atMs: 3222, level: 'warn', text: 'without Redis for 3.0 s: 5 deadlines missed in a row', count: 1},
		{atMs: 6308, level: 'info', text: 'lane 0 reset', count: 4},
	],
	deadlineMs: 200,
	settings: {
		workload: {rate: 500, keys: 2000, mix: {read: 80, write: 15, delete: 5}, loaderMs: 2},
		cache: {
			ttlMs: 17_500,
			graceMs: 17_500,
			lanes: 4,
			maxEntries: 10_000,
			maxBytes: 67_108_864,
			journalMaxKeys: 10_000,
		},
	},
};

const phase = {calls: 100, availability: 1, p50Ms: 12, p99Ms: 40};

export const probe: ProbeReport = {
	...phase,
	name: 'http://localhost:3000/users/1',
	availability: 0.97,
	before: phase,
	during: {...phase, availability: 0.9},
	after: phase,
	recoveryMs: 410,
	failures: [{reason: 'it answered 500 instead of 200', count: 3}],
};

export const probeRecording: ProbeRecording = {
	name: probe.name,
	slotMs,
	slots: slots.map(({failedCalls}) => ({calls: 5, failedCalls})),
	dots: slots.map((_, slot) => ({slot, ms: 12, calls: 5})),
};

export const finding: Finding = {
	firstSeenAt: 0,
	lastSeenAt: 1000,
	id: 'no-ttl',
	level: 'warning',
	title: 'Keys are written without a TTL',
	evidence: '1,204 of 1,300 writes of session:* had none.',
	why: 'Keys that nobody deletes fill the memory of Redis.',
	advice: 'Give each write an EX.',
	keys: ['session:*'],
};

export const wire: WireReport = {
	connections: {before: 3, during: {fewest: 0, most: 4}, after: 2, opened: 14, broken: 4, unreadable: 1},
	reconnects: {
		attempts: 13,
		failed: 10,
		perSecond: 5,
		pauseMs: {shortest: 49.8, median: 151},
		backOff: true,
		unseenMs: 600,
	},
	notReturned: 1,
	commands: 1204,
	lostCommands: 12,
	sentAgain: {afterLoss: 5, afterError: 2},
	errors: {LOADING: 3, READONLY: 1},
	longestWaitMs: 2013.4,
	slowest: [
		{command: 'GET', connection: 'web', ms: 2013.4, atMs: 3200, end: 'lost'},
		{command: 'SET', connection: '', ms: 1200, atMs: -20, end: 'answered'},
	],
	recoveryMs: 35,
};
