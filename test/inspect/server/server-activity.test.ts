import {expect, test} from 'vitest';
import {noOwnCommands} from '../../../source/inspect/server/activity/own-commands.js';
import {type Look, ServerActivity} from '../../../source/inspect/server/activity/server-activity.js';
import type {ServerCounters} from '../../../source/inspect/server/info/counters.js';
import {countersAt} from './sample-counters.js';

const start = Date.UTC(2026, 10, 14, 2, 40, 0);

type Node = {readonly address?: string; readonly changed?: Partial<ServerCounters>; readonly info?: Look['info']};

/** An activity to which looks are added, one a second, with what it has told. */
function watch() {
	const told: string[] = [];
	const activity = new ServerActivity({
		onChange: ({text}) => void told.push(text),
		onProblem: ({text}) => {
			told.push(text);
			return () => void told.push(`over: ${text}`);
		},
	});
	const look = (second: number, ...nodes: readonly Node[]) => {
		const now = start + second * 1000;
		const readings = nodes.map(({address, changed, info = {}}) => {
			const counters = {...countersAt(0, changed), at: now};
			return {address, text: '', info, counters, pingMs: 1};
		});
		const info = nodes[0]?.info ?? {};
		activity.add({readings, info, own: noOwnCommands, ownConnections: 2, slow: [], refused: []}, now);
		activity.judge(now);
		return activity.snapshot;
	};
	const judge = (second: number) => {
		activity.judge(start + second * 1000);
		return activity.snapshot;
	};
	return {told, look, judge};
}

test('a hit ratio that drops is compared with what was usual before, for as long as it stays low', () => {
	const {told, look} = watch();
	let hits = 0;
	let misses = 0;
	for (let second = 0; second < 180; second++) {
		const isLow = second >= 60;
		hits += isLow ? 61 : 92;
		misses += isLow ? 39 : 8;
		look(second, {changed: {hits, misses}});
	}
	const {verdict} = look(180, {changed: {hits: hits + 61, misses: misses + 39}});
	expect(verdict.problems).toMatchObject([{id: 'hit-ratio', text: 'hit ratio 92 → 61 %', isOlder: false}]);
	expect(told).toHaveLength(1);
	for (let second = 181; second < 210; second++) {
		hits += 92;
		look(second, {changed: {hits, misses: misses + 39}});
	}
	expect(told.at(-1)).toBe(`over: ${told[0]}`);
});

test('a drop that began before the first look is compared with the time since the start of the server', () => {
	const {look} = watch();
	const {verdict} = [0, 1, 2, 3].map((second) =>
		look(second, {changed: {hits: 920_000 + second * 61, misses: 80_000 + second * 39}}),
	)[3] ?? {verdict: undefined};
	expect(verdict?.problems).toMatchObject([{text: 'hit ratio 92 → 61 %', isOlder: true}]);
});

test('figures from before a silence are not those of now', () => {
	const {look, judge} = watch();
	look(0, {});
	expect(look(1, {}).latest).toBeDefined();
	const {latest, verdict} = judge(9);
	expect(latest).toBeUndefined();
	expect(verdict.problems).toMatchObject([{text: 'no answer for 8 s'}]);
});

test('clients that double are one change', () => {
	const {told, look} = watch();
	for (let second = 0; second < 40; second++) look(second, {changed: {clients: second < 30 ? 102 : 302}});
	expect(told).toEqual(['clients: 100 → 300']);
});

test('another server that answers is a failover, and so is another role', () => {
	const {told, look} = watch();
	const info = (role: string, uptime: string) => ({replication: {role}, server: {uptime_in_seconds: uptime}});
	look(0, {changed: {runId: 'a'}, info: info('master', '500')});
	look(1, {changed: {runId: 'b'}, info: info('master', '86400')});
	look(2, {changed: {runId: 'b'}, info: info('slave', '86401')});
	expect(told).toEqual(['failover: another server answers, up 1d 00h', 'became a replica']);
});

test('a cluster is summed and kept by node, and masters that come and go are changes', () => {
	const {told, look} = watch();
	const node = (address: string, hits: number): Node => ({address, changed: {hits, usedMemory: 100}});
	look(0, node('10.0.0.1:6379', 5), node('10.0.0.2:6379', 5));
	const {latest, nodes} = look(1, node('10.0.0.1:6379', 25), node('10.0.0.2:6379', 15));
	expect(latest).toMatchObject({hits: 30, usedMemory: 200, seconds: 1, clients: 2});
	expect(nodes.map(({address, figures}) => [address, figures.hits])).toEqual([
		['10.0.0.1:6379', 20],
		['10.0.0.2:6379', 10],
	]);
	look(2, node('10.0.0.1:6379', 30), node('10.0.0.3:6379', 0));
	expect(told).toEqual(['10.0.0.3:6379 is now a master', '10.0.0.2:6379 is no longer a master']);
});
