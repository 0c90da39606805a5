import {expect, test} from 'vitest';
import {noOwnCommands} from '../../../source/inspect/server/activity/own/own-commands.js';
import {ServerActivity, type ServerPoll} from '../../../source/inspect/server/activity/server-activity.js';
import type {ServerCounters} from '../../../source/inspect/server/info/counters.js';
import {NotConnectedError} from '../../../source/pool/errors.js';
import {countersAt} from './sample-counters.js';

const start = Date.UTC(2026, 10, 14, 2, 40, 0);

type Node = {readonly address?: string; readonly changed?: Partial<ServerCounters>; readonly info?: ServerPoll['info']};

/** An activity to which polls are added, one a second, with what it has told. */
function watch() {
	const told: string[] = [];
	const activity = new ServerActivity({
		onChange: ({text}) => void told.push(text),
		onProblem: ({text, since}) => {
			told.push(text);
			return (endedAt) => void told.push(`over: ${text} (${Math.round((endedAt - since) / 1000)} s)`);
		},
	});
	const missing = new Map<number, ServerPoll['missing']>();
	const poll = (second: number, ...nodes: readonly Node[]) => {
		const now = start + second * 1000;
		const readings = nodes.map(({address, changed, info = {}}) => {
			const counters = {...countersAt(0, changed), at: now};
			return {address, text: '', info, counters, pingMs: 1, own: noOwnCommands};
		});
		const info = nodes[0]?.info ?? {};
		activity.add({readings, missing: missing.get(second) ?? [], info, ownConnections: 2, slow: [], refused: []}, now);
		activity.judge(now);
		return activity.snapshot;
	};
	const judge = (second: number) => {
		activity.judge(start + second * 1000);
		return activity.snapshot;
	};
	/** Nodes that do not answer in a second. */
	const lose = (second: number, ...addresses: readonly string[]) =>
		missing.set(
			second,
			addresses.map((address) => ({address, reason: 'connection refused', silentMs: 0, isUnreachable: true})),
		);
	return {activity, told, poll, judge, lose};
}

test('a hit ratio that drops is compared with what was usual before, for as long as it stays low', () => {
	const {told, poll} = watch();
	let hits = 0;
	let misses = 0;
	for (let second = 0; second < 180; second++) {
		const isLow = second >= 60;
		hits += isLow ? 61 : 92;
		misses += isLow ? 39 : 8;
		poll(second, {changed: {hits, misses}});
	}
	const {verdict} = poll(180, {changed: {hits: hits + 61, misses: misses + 39}});
	expect(verdict.problems).toMatchObject([{id: 'hit-ratio', text: 'hit ratio 92 → 61 %', isOlder: false}]);
	expect(told).toHaveLength(1);
	for (let second = 181; second < 210; second++) {
		hits += 92;
		poll(second, {changed: {hits, misses: misses + 39}});
	}
	expect(told.at(-1)).toBe(`over: ${told[0]} (123 s)`);
});

test('a drop that began before the first poll is compared with the time since the start of the server', () => {
	const {poll} = watch();
	const {verdict} = [0, 1, 2, 3].map((second) =>
		poll(second, {changed: {hits: 920_000 + second * 61, misses: 80_000 + second * 39}}),
	)[3] ?? {verdict: undefined};
	expect(verdict?.problems).toMatchObject([{text: 'hit ratio 92 → 61 %', isOlder: true}]);
});

test('figures from before a silence are not those of now', () => {
	const {poll, judge} = watch();
	poll(0, {});
	expect(poll(1, {}).latest).toBeDefined();
	const {latest, verdict} = judge(9);
	expect(latest).toBeUndefined();
	expect(verdict.problems).toMatchObject([{text: 'no answer for 8 s'}]);
});

test('a server that refuses connections is told as such, and at once', () => {
	const {poll, judge, activity} = watch();
	poll(0, {});
	poll(1, {});
	const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:6379'), {code: 'ECONNREFUSED'});
	activity.fail(new NotConnectedError('INFO was not sent', {cause: refused}));
	const {latest, verdict} = judge(3);
	expect(latest).toBeUndefined();
	expect(verdict.problems).toMatchObject([{id: 'silent', text: 'no answer for 2 s: it accepts no connection'}]);
	activity.fail(refused);
	expect(judge(4).verdict.problems).toEqual([]);
});

test('a silence began with it, not when it was noticed, and ended with an answer', () => {
	const {told, poll, judge} = watch();
	poll(0, {});
	for (let second = 1; second < 9; second++) judge(second);
	for (let second = 9; second < 25; second++) poll(second, {});
	expect(told).toEqual(['no answer for 6 s', 'over: no answer for 6 s (9 s)']);
});

test('clients that double are one change', () => {
	const {told, poll} = watch();
	for (let second = 0; second < 40; second++) poll(second, {changed: {clients: second < 30 ? 102 : 302}});
	expect(told).toEqual(['clients: 100 → 300']);
});

test('another server that answers is a failover, and so is another role', () => {
	const {told, poll} = watch();
	const info = (role: string, uptime: string) => ({replication: {role}, server: {uptime_in_seconds: uptime}});
	poll(0, {changed: {runId: 'a'}, info: info('master', '500')});
	poll(1, {changed: {runId: 'b'}, info: info('master', '86400')});
	poll(2, {changed: {runId: 'b'}, info: info('slave', '86401')});
	expect(told).toEqual(['failover: another server answers, up 1d 00h', 'became a replica']);
});

test('a cluster is summed and kept by node, and masters that come and go are changes', () => {
	const {told, poll} = watch();
	const node = (address: string, hits: number): Node => ({address, changed: {hits, usedMemory: 100}});
	poll(0, node('10.0.0.1:6379', 5), node('10.0.0.2:6379', 5));
	const {latest, nodes} = poll(1, node('10.0.0.1:6379', 25), node('10.0.0.2:6379', 15));
	expect(latest).toMatchObject({hits: 30, usedMemory: 200, seconds: 1, clients: 2});
	expect(nodes.map(({address, figures}) => [address, figures.hits])).toEqual([
		['10.0.0.1:6379', 20],
		['10.0.0.2:6379', 10],
	]);
	poll(2, node('10.0.0.1:6379', 30), node('10.0.0.3:6379', 0));
	expect(told).toEqual(['10.0.0.3:6379 is now a master', '10.0.0.2:6379 is no longer a master']);
});

test('a node that does not answer is named, the others are summed, and its restart is told when it is back', () => {
	const {told, poll, lose} = watch();
	const node = (address: string, changed: Partial<ServerCounters>): Node => ({address, changed});
	const [one, two] = ['10.0.0.1:6379', '10.0.0.2:6379'];
	poll(0, node(one, {hits: 0, clients: 402}), node(two, {hits: 0, clients: 402}));
	poll(1, node(one, {hits: 10, clients: 402}), node(two, {hits: 10, clients: 402}));
	for (let second = 2; second < 40; second++) {
		lose(second, two);
		const {latest, missing, verdict} = poll(second, node(one, {hits: second * 10, clients: 402}));
		expect(latest).toMatchObject({hits: 10, clients: 400, nodes: 1});
		expect(missing).toMatchObject([{address: two}]);
		expect(verdict).toMatchObject({level: 'bad', problems: [{id: 'nodes-missing'}]});
	}
	const back = {...node(two, {runId: 'b', keys: 0, clients: 402}), info: {server: {uptime_in_seconds: '3'}}};
	poll(40, node(one, {hits: 400, clients: 402}), back);
	poll(41, node(one, {hits: 410, clients: 402}), back);
	// The clients of two nodes are no surge after those of one.
	expect(told).toEqual([
		`1 of 2 nodes answer, without ${two} (connection refused)`,
		`${two}: restarted, with 0 keys`,
		`${two}: restarted 0 s ago`,
		`over: 1 of 2 nodes answer, without ${two} (connection refused) (38 s)`,
	]);
});

test('the state of every node counts, not that of the first', () => {
	const {poll} = watch();
	const broken = {persistence: {rdb_last_bgsave_status: 'err'}};
	const [one, two, three] = ['10.0.0.1:6379', '10.0.0.2:6379', '10.0.0.3:6379'];
	const {verdict} = poll(0, {address: one}, {address: two, info: broken}, {address: three, info: broken});
	expect(verdict.problems).toMatchObject([
		{id: 'save-failed', text: `${two} (and 1 more node): the last save to disk failed`},
	]);
});

test('what this program has sent to one node is taken from the figures of that node alone', () => {
	const activity = new ServerActivity({onChange: () => undefined, onProblem: () => () => undefined});
	const own = {...noOwnCommands, hits: 30};
	const at = (second: number, hits: number): ServerPoll => ({
		readings: ['10.0.0.1:6379', '10.0.0.2:6379'].map((address, index) => ({
			address,
			text: '',
			info: {},
			counters: {...countersAt(second, {hits})},
			pingMs: 1,
			own: index === 0 ? own : noOwnCommands,
		})),
		missing: [],
		info: {},
		ownConnections: 1,
		slow: [],
		refused: [],
	});
	activity.add(at(0, 0), 0);
	activity.add(at(1, 30), 1000);
	activity.judge(1000);
	expect(activity.snapshot.nodes.map(({figures}) => figures.hits)).toEqual([0, 30]);
});
