import {describe, expect, test} from 'vitest';
import {figuresBetween, type ServerFigures} from '../../../source/inspect/server/activity/figures.js';
import {noOwnCommands} from '../../../source/inspect/server/activity/own/own-commands.js';
import {thresholds} from '../../../source/inspect/server/activity/thresholds.js';
import {VerdictTracker, verdictSentence} from '../../../source/inspect/server/activity/verdict.js';
import {problemsOf, type ServerState} from '../../../source/inspect/server/activity/verdict-rules.js';
import type {SlowCall} from '../../../source/inspect/server/info/slow-log.js';
import {countersAt} from './sample-counters.js';

const figures = (changed: Partial<ServerFigures> = {}): ServerFigures => {
	const none = figuresBetween(countersAt(0), countersAt(10), {
		commands: noOwnCommands,
		connections: 0,
		pingMs: undefined,
	});
	if (!none) throw new Error('the counters count as reset');
	return {...none, ...changed};
};

const slowCall: SlowCall = {
	id: 1,
	at: 0,
	ms: 180,
	command: 'KEYS session:*',
	moreWords: 0,
	address: '10.0.0.7:4711',
	client: 'shop-api',
};

const state = (changed: Partial<ServerState> = {}): ServerState => ({
	silentMs: 100,
	recent: figures(),
	nodes: [],
	missing: [],
	loginRefusal: undefined,
	isRefused: false,
	usualHitRatio: 0.9,
	info: {},
	slowest: undefined,
	restart: undefined,
	...changed,
});

const texts = (changed: Partial<ServerState>) => problemsOf(state(changed)).map(({text}) => text);

describe('a rule', () => {
	const cases: readonly (readonly [
		name: string,
		problem: Partial<ServerState>,
		fine: Partial<ServerState>,
		text: string,
	])[] = [
		['no answer', {silentMs: 12_000}, {silentMs: thresholds.silentMs}, 'no answer for 12 s'],
		[
			'a server that is gone',
			{silentMs: 2000, isRefused: true},
			{silentMs: thresholds.refusedMs, isRefused: true},
			'no answer for 2 s: it accepts no connection',
		],
		[
			'a refused login',
			{silentMs: 12_000, loginRefusal: 'WRONGPASS'},
			{silentMs: 100, loginRefusal: 'WRONGPASS'},
			'WRONGPASS: the server refuses the login of this program, no figures for 12 s',
		],
		[
			'loading',
			{
				recent: figures({errors: {LOADING: 150}}),
				info: {persistence: {loading: '1', loading_loaded_perc: '45.00'}},
			},
			{info: {persistence: {loading: '0'}}},
			'loading its data, 45 % done',
		],
		[
			'out of memory',
			{recent: figures({errors: {OOM: 3200}})},
			{recent: figures({errors: {MOVED: 3200}})},
			'out of memory: 320 writes/s refused with OOM',
		],
		[
			'refused connections',
			{recent: figures({rejectedConnections: 50}), info: {clients: {maxclients: '100'}}},
			{recent: figures({connections: 50})},
			'refusing 5 connections/s at maxclients 100',
		],
		[
			'a cut off replica',
			{info: {replication: {role: 'slave', master_link_status: 'down'}}},
			{info: {replication: {role: 'slave', master_link_status: 'up'}}},
			'this replica has lost its master',
		],
		[
			'a failed save',
			{info: {persistence: {rdb_last_bgsave_status: 'err'}}},
			{info: {persistence: {rdb_last_bgsave_status: 'ok'}}},
			'the last save to disk failed',
		],
		[
			'a hit ratio that dropped',
			{recent: figures({hits: 610, misses: 390}), usualHitRatio: 0.92},
			{recent: figures({hits: 850, misses: 150}), usualHitRatio: 0.92},
			'hit ratio 92 → 61 %',
		],
		[
			'a low hit ratio',
			{recent: figures({hits: 31, misses: 69}), usualHitRatio: undefined},
			{recent: figures({hits: 30, misses: 69}), usualHitRatio: undefined},
			'hit ratio 31 %',
		],
		[
			'evictions',
			{recent: figures({evicted: 4000, usedMemory: 2 ** 31, maxMemory: 2 ** 31})},
			{recent: figures({evicted: 9, usedMemory: 2 ** 31, maxMemory: 2 ** 31})},
			'evicting 400/s, memory 100 % of 2 GiB',
		],
		[
			'memory that will be refused',
			{recent: figures({usedMemory: 95, maxMemory: 100}), info: {memory: {maxmemory_policy: 'noeviction'}}},
			{recent: figures({usedMemory: 95, maxMemory: 100}), info: {memory: {maxmemory_policy: 'allkeys-lru'}}},
			'memory 95 % of 100 B with noeviction',
		],
		[
			'nearly all clients',
			{recent: figures({clients: 95}), info: {clients: {maxclients: '100'}}},
			{recent: figures({clients: 89}), info: {clients: {maxclients: '100'}}},
			'95 of 100 clients',
		],
		[
			'a busy processor',
			{recent: figures({cpuSeconds: 9.5})},
			{recent: figures({cpuSeconds: 8.9})},
			'the command thread 95 % busy',
		],
		[
			'slow commands',
			{recent: figures({latency: {p50: 1, p99: 12, mean: 2}})},
			{recent: figures({latency: {p50: 1, p99: 9.9, mean: 2}})},
			'p99 12.0 ms in the server',
		],
		['one slow command', {slowest: slowCall}, {slowest: {...slowCall, ms: 12}}, 'slowest: KEYS by shop-api, 180 ms'],
		[
			'a restart',
			{restart: {agoMs: 60_000, address: undefined}},
			{restart: {agoMs: thresholds.restartMs, address: undefined}},
			'restarted 1m 00s ago',
		],
		[
			'errors of one kind',
			{recent: figures({errors: {WRONGTYPE: 120, NOSCRIPT: 900}})},
			{recent: figures({errors: {WRONGTYPE: 9, NOSCRIPT: 900}})},
			'12 WRONGTYPE errors/s',
		],
	];

	test.each(cases)('names %s, and only that', (_, problem, fine, text) => {
		expect(texts(problem)).toEqual([text]);
		expect(texts(fine)).toEqual([]);
	});
});

test('clients that greet a server before Redis 7.2 with CLIENT SETINFO, twice for each connection, are no problem', () => {
	const greeted = (version: string, errors: number) =>
		texts({
			recent: figures({connections: 20, errors: {ERR: errors}}),
			info: {server: {redis_version: version}},
		});
	expect(greeted('7.0.15', 40)).toEqual([]);
	expect(greeted('7.0.15', 70)).toEqual(['3 ERR errors/s']);
	expect(greeted('7.2.4', 40)).toEqual(['4 ERR errors/s']);
});

test('threads for network and files do not make the thread for commands busy', () => {
	expect(texts({recent: figures({cpuSeconds: 18, mainThreadSeconds: 6})})).toEqual([]);
	expect(texts({recent: figures({cpuSeconds: 18, mainThreadSeconds: 9.6})})).toEqual(['the command thread 96 % busy']);
});

test('limits of one process are judged by node, not by the sum of a cluster', () => {
	const info = {clients: {maxclients: '100'}};
	const node = (address: string, changed: Partial<ServerFigures>) => ({address, recent: figures(changed), info});
	const sum = figures({clients: 120, cpuSeconds: 12});
	const [a, b] = [
		node('10.0.0.1:6379', {clients: 60, cpuSeconds: 6}),
		node('10.0.0.2:6379', {clients: 60, cpuSeconds: 6}),
	];
	expect(texts({recent: sum, info, nodes: [a, b]})).toEqual([]);
	const full = node('10.0.0.2:6379', {clients: 95});
	expect(texts({recent: sum, info, nodes: [a, full]})).toEqual(['10.0.0.2:6379: 95 of 100 clients']);
});

describe('the sentence', () => {
	const at = (time: string) => new Date(`2026-11-14T${time}`).getTime();

	test('says since when, with the worst first', () => {
		const tracker = new VerdictTracker();
		expect(verdictSentence(tracker.judge(state(), at('02:40:00')))).toMatch(
			/^nothing is the matter: no lookups, 0 comm/,
		);
		const evicting = figures({evicted: 4000, usedMemory: 2 ** 31, maxMemory: 2 ** 31});
		tracker.judge(state({recent: evicting}), at('02:47:10'));
		const refused = {...evicting, errors: {OOM: 10}};
		const verdict = tracker.judge(state({recent: refused, slowest: slowCall}), at('02:49:00'));
		expect(verdictSentence(verdict)).toBe(
			'since 02:47: out of memory: 1 writes/s refused with OOM, evicting 400/s, memory 100 % of 2 GiB, slowest: KEYS by shop-api, 180 ms',
		);
	});

	test('an old worry does not give its time to what is new', () => {
		const tracker = new VerdictTracker();
		tracker.judge(state({slowest: slowCall}), at('23:10:00'));
		const refused = figures({errors: {OOM: 10}});
		const verdict = tracker.judge(state({slowest: slowCall, recent: refused}), at('23:50:00'));
		expect(verdictSentence(verdict)).toBe(
			'since 23:50: out of memory: 1 writes/s refused with OOM; since before 23:10: slowest: KEYS by shop-api, 180 ms',
		);
	});

	test('a problem keeps its time while it comes and goes, and ends ten seconds after it was seen last', () => {
		const tracker = new VerdictTracker();
		const slow = state({slowest: slowCall});
		tracker.judge(state(), at('02:40:00'));
		for (const time of ['02:47:01', '02:47:09', '02:47:15']) tracker.judge(slow, at(time));
		expect(verdictSentence(tracker.judge(state(), at('02:47:20')))).toMatch(/^since 02:47: slowest/);
		expect(tracker.judge(state(), at('02:47:26')).level).toBe('fine');
	});

	test('a node that answers again is not told to be missing, and keeps its time if it is lost again', () => {
		const tracker = new VerdictTracker();
		const missing = [{address: '10.0.0.2:6379', reason: 'connection refused', silentMs: 9000, isUnreachable: true}];
		tracker.judge(state(), at('02:40:00'));
		tracker.judge(state({missing}), at('02:46:58'));
		expect(tracker.judge(state(), at('02:47:00')).problems).toEqual([]);
		expect(verdictSentence(tracker.judge(state({missing}), at('02:47:03')))).toMatch(/^since 02:46: 0 of 1 nodes/);
	});

	test('a silence is told alone: nothing is known of the rest any more', () => {
		const tracker = new VerdictTracker();
		tracker.judge(state(), at('02:40:00'));
		tracker.judge(state({slowest: slowCall}), at('02:47:00'));
		const verdict = tracker.judge(state({silentMs: 6000}), at('02:47:06'));
		expect(verdictSentence(verdict)).toBe('since 02:47: no answer for 6 s');
	});

	test('what is there at the first poll began before it', () => {
		const tracker = new VerdictTracker();
		expect(verdictSentence(tracker.judge(state({slowest: slowCall}), at('02:47:00')))).toMatch(/^since before 02:47: /);
	});
});
