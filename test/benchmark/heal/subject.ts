import {Workload} from '../../../source/workload/workload.js';
import {serve} from '../../support/serve.js';
import {until} from '../../support/until.js';
import {loadPeer} from '../peers/load-peer.js';
import type {OpenPeer, Peer} from '../peers/peer.js';
import {DirectedCheck} from './directed-check.js';
import {hangMs, type Outcome, recoveryLimitMs} from './outcome.js';
import {RecoveryProbe} from './recovery-probe.js';
import {WatchedPeer} from './watched-peer.js';

/**
 * The child process in which one library goes through one drill. The parent breaks the connection and calls these in turn.
 */

export type OpenArguments = {
	readonly peer: string;
	/** URL of the proxy. */
	readonly url: string;
	readonly directUrl: string;
	readonly ttlMs: number;
	readonly changeTtlMs: number;
};

const keys = 300;
const rate = 200;
const readDuringMs = 800;
const afterMs = 1500;

const unhandled: string[] = [];
const note = (error: unknown): void => void unhandled.push(error instanceof Error ? error.message : String(error));
process.on('unhandledRejection', note);
process.on('uncaughtException', note);
// ioredis logs every lost connection there when a library has no listener for it.
console.error = () => {};

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const megabytes = (): number => process.memoryUsage().rss / 1e6;

class Subject {
	readonly peer: WatchedPeer;
	readonly workload: Workload;
	readonly check: DirectedCheck;
	readonly probe = new RecoveryProbe(recoveryLimitMs);
	before = {wrongReads: 0, failedCalls: 0, calls: 0, p50: 0, p99: 0, addedMb: 0};
	wrongAtLift = 0;
	directedDuring = 0;
	pending = 0;
	acknowledged = 0;

	constructor(
		readonly definition: Peer,
		opened: OpenPeer,
		readonly options: OpenArguments,
	) {
		this.peer = new WatchedPeer(opened);
		const {peer} = this;
		const {ttlMs} = options;
		this.check = new DirectedCheck(peer, options.changeTtlMs);
		this.workload = new Workload(
			{
				get: <T>(key: string) => peer.get(key) as Promise<T | undefined>,
				getOrSet: <T>(key: string, loader: unknown) => peer.getOrSet(key, loader as () => unknown, ttlMs) as Promise<T>,
				set: async (key, value) => {
					await peer.set(key, value, ttlMs);
					return {stored: 'redis'};
				},
				delete: async (key) => {
					await peer.delete(key);
					return {stored: 'redis'};
				},
			},
			{keys, rate, seed: 7, deadlineMs: 200, keyPrefix: 'item:'},
		);
	}
}

let subject: Subject | undefined;
const theSubject = (): Subject => {
	if (subject === undefined) throw new Error('open it first');
	return subject;
};

serve({
	open: async (options: OpenArguments) => {
		const emptyMb = megabytes();
		const definition = await loadPeer(options.peer);
		const opened = await definition.open(options.url);
		const created = new Subject(definition, opened, options);
		subject = created;
		const writer = await definition.open(options.directUrl);
		await created.probe.prepare(writer, options.directUrl);
		await writer.close();
		await created.check.prepare(options.directUrl);
		created.before.addedMb = emptyMb;
	},

	warmUp: async () => {
		const {workload, before} = theSubject();
		workload.start();
		await until(() => workload.totals().calls >= 200, 'the workload runs');
		workload.reset();
		await until(() => workload.totals().calls >= 300, 'the workload runs');
		const {calls, failedCalls, wrongReads, settleMs} = workload.totals();
		theSubject().before = {
			calls,
			failedCalls,
			wrongReads,
			p50: settleMs.p50,
			p99: settleMs.p99,
			addedMb: megabytes() - before.addedMb,
		};
		workload.setFaultActive(true);
	},

	outage: async ({outageMs}: {readonly outageMs: number}) => {
		const current = theSubject();
		const {check, peer, workload} = current;
		check.change('early');
		await sleep(outageMs / 2);
		check.change('late');
		await sleep(outageMs / 2 - readDuringMs);
		const [wrong] = await Promise.all([check.wrongIn(peer, 'same', 'get'), sleep(readDuringMs)]);
		current.directedDuring = wrong.length;
		current.pending = peer.pendingFor(hangMs);
		current.acknowledged = check.acknowledged;
		current.wrongAtLift = workload.totals().wrongReads;
	},

	recover: async ({since}: {readonly since: number}): Promise<Omit<Outcome, 'calm'>> => {
		const current = theSubject();
		const {workload, probe, peer, check, definition, options, before} = current;
		workload.setFaultActive(false);
		const recoveryMs = await probe.run(peer, since);
		const reader = await definition.open(options.directUrl);
		const same = new Set<string>();
		const other = new Set<string>();
		const look = async (how: 'get' | 'get, then getOrSet'): Promise<void> => {
			for (const key of await check.wrongIn(peer, 'same', how)) same.add(key);
			for (const key of await check.wrongIn(reader, 'other', how)) other.add(key);
		};
		// A get that is served from memory first may fetch an old value in the background for the next get.
		await look('get');
		await sleep(afterMs);
		await look('get, then getOrSet');
		await workload.stop();
		const totals = workload.totals();
		return {
			calls: totals.calls - before.calls,
			pending: current.pending,
			failedCalls: totals.failedCalls - before.failedCalls,
			p50: totals.faultSettleMs.p50,
			p99: totals.faultSettleMs.p99,
			wrongReads: {
				during: current.wrongAtLift - before.wrongReads,
				after: totals.wrongReads - current.wrongAtLift,
			},
			directed: {
				changed: check.size,
				readByEach: check.size / 2,
				acknowledged: current.acknowledged,
				during: current.directedDuring,
				sameProcess: same.size,
				otherProcess: other.size,
			},
			recoveryMs,
			unhandled,
		};
	},

	calm: () => {
		const {p50, p99, wrongReads, addedMb} = theSubject().before;
		return {p50, p99, wrongReads, addedMb};
	},
});
