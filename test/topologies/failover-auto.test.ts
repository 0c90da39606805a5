import {afterAll, beforeAll, expect, it, onTestFailed} from 'vitest';
import {isMaster} from '../../source/embedded/topology/ask.js';
import type {PrivateTopology} from '../../source/embedded/topology/private-topology.js';
import {startPrivateTopology} from '../../source/embedded/topology/start-private-topology.js';
import {topologyKinds} from '../../source/embedded/topology/topology-kind.js';
import type {BreakableServer} from '../../source/faults/breakable-server.js';
import {type Child, startChild} from '../support/child.js';
import {describeReal} from '../support/real-redis.js';
import {until} from '../support/until.js';
import type {Change, Read, Report} from './failover-process.js';

const patient = {everyMs: 50};
const processCount = 3;
const keysOf = (index: number): readonly string[] => Array.from({length: 20}, (_, key) => `p${index}:${key}`);
const allKeys = Array.from({length: processCount}, (_, index) => keysOf(index)).flat();

/** Milliseconds in which a process on a loaded machine has heard of a change that another one has made. */
const lagMs = 3000;

/** Milliseconds that a call may take: two deadlines of half a second, and what the machine needs. */
const longestMs = 5000;

describeReal.each(topologyKinds)(
	'failovers of a private %s under load of processes that change their coherence',
	(kind) => {
		let topology: PrivateTopology;
		const children: Child[] = [];
		const seed = Math.floor(Math.random() * 2 ** 32);

		beforeAll(async () => {
			topology = await startPrivateTopology(kind);
			for (let index = 0; index < processCount; index++) {
				const child = await startChild(new URL('failover-process.ts', import.meta.url));
				children.push(child);
				// Different times, so that the processes are on different ways in turn.
				const switchMs = 230 + 110 * index;
				await child.call('open', {
					url: topology.topologyUrl,
					own: keysOf(index),
					all: allKeys,
					switchMs,
					seed: seed + index,
				});
			}
			await untilSettled();
		});

		afterAll(async () => {
			await Promise.all(children.map((child) => child.kill()));
			await topology?.close();
		});

		const untilSettled = () =>
			until(
				async () => (await Promise.all(children.map((child) => child.call<boolean>('isSettled')))).every(Boolean),
				'each process uses and hears each server',
				patient,
			);

		const master = () => topology.pick(undefined);

		const failOver = async (): Promise<void> => {
			await (await master()).together?.failover();
			await untilSettled();
		};

		const isMasterNow = async (server: BreakableServer): Promise<boolean> => isMaster(server).catch(() => false);

		/** Tells if a server that was no master before has become one, or, of one master, if Sentinel says so. */
		const watchMasters = async (old: BreakableServer): Promise<() => Promise<boolean>> => {
			if (kind === 'sentinel') return async () => (await master().catch(() => old)).port !== old.port;
			const addresses = topology.topologyUrl.replace(/.*@/, '').split(',');
			const servers = await Promise.all(addresses.map((address) => topology.pick(address)));
			const wereMasters = await Promise.all(servers.map(isMasterNow));
			const replicas = servers.filter((_, index) => !wereMasters[index]);
			return async () => (await Promise.all(replicas.map(isMasterNow))).some(Boolean);
		};

		/** It is frozen until a replica has taken its place, and then has older data for as long as nobody has told it. */
		const freeze = async (): Promise<void> => {
			const old = await master();
			const hasSuccessor = await watchMasters(old);
			old.pause();
			try {
				await until(hasSuccessor, 'a replica is the master', patient);
			} finally {
				old.resume();
			}
			await until(async () => !(await isMaster(old).catch(() => true)), 'the old master is a replica', patient);
			await untilSettled();
		};

		it('leave no call hanging, no own change undone, and nothing old in any memory', {timeout: 240_000}, async () => {
			onTestFailed(() => {
				process.stdout.write(`seed ${seed}\n`);
			});
			await failOver();
			await freeze();
			await failOver();
			const healedAt = Number(process.hrtime.bigint()) / 1e6;
			// Traffic on the healed servers, to be judged strictly.
			const read = () => Promise.all(children.map((child) => child.call('readAll', allKeys)));
			for (let round = 0; round < 20; round++) await read();
			const reports = await Promise.all(children.map((child) => child.call<Report>('stop')));

			const changes = reports.flatMap((report) => report.changes);
			const reads = reports.flatMap((report) => report.reads);
			expect(reports.flatMap(({failed}) => failed)).toEqual([]);
			expect(reports.map(({unsettled}) => unsettled)).toEqual([0, 0, 0]);
			for (const {slowestMs, switches} of reports) {
				expect(slowestMs).toBeLessThan(longestMs);
				expect(switches).toBeGreaterThan(10);
			}
			expect(changes.length).toBeGreaterThan(500);
			expect(reads.filter(({number}) => number !== undefined).length).toBeGreaterThan(1000);
			expect(reads.filter(({own, number}) => number !== undefined && number < own)).toEqual([]);
			expect(
				outdated(
					changes,
					reads.filter(({begunAt}) => begunAt > healedAt),
				),
			).toEqual([]);

			await untilSettled();
			const last = new Map<string, Change>();
			for (const change of changes)
				if (change.number > (last.get(change.key)?.number ?? 0)) last.set(change.key, change);
			for (const child of children) {
				const values = await child.call<readonly (number | null)[]>('readAll', allKeys);
				const old = allKeys.filter((key, index) => {
					const value = values[index] ?? null;
					return value !== null && (value !== last.get(key)?.number || last.get(key)?.isDelete === true);
				});
				expect(old).toEqual([]);
			}
			if (kind === 'cluster')
				await until(
					async () => {
						const counts = await Promise.all(children.map((child) => child.call<readonly number[]>('replicas')));
						return counts.every((each) => each.length === 3 && each.every((count) => count === 1));
					},
					'each process knows the replicas of the new masters',
					patient,
				);
		});
	},
);

/** The reads that returned a value which had been replaced some time before they began. */
function outdated(changes: readonly Change[], reads: readonly Read[]): readonly Read[] {
	const byKey = new Map<string, Change[]>();
	for (const change of changes) {
		const known = byKey.get(change.key);
		if (known === undefined) byKey.set(change.key, [change]);
		else known.push(change);
	}
	return reads.filter(({key, number, begunAt}) => {
		if (number === undefined) return false;
		return byKey.get(key)?.some((change) => change.number > number && change.at < begunAt - lagMs) === true;
	});
}
