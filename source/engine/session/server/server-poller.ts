import {type KeyTtls, keyTtls} from '../../../inspect/keys/key-ttls.js';
import {LightTtlSample} from '../../../inspect/keys/light-ttl-sample.js';
import {sampleTtl} from '../../../inspect/keys/sample-ttl.js';
import type {Sender} from '../../../inspect/sender.js';
import {perSecond} from '../../../inspect/server/activity/merge-figures.js';
import {
	type ActivityEvents,
	type ActivitySnapshot,
	ServerActivity,
} from '../../../inspect/server/activity/server-activity.js';
import {parseInfo} from '../../../inspect/server/info/info-sections.js';
import {NodeQuestion} from '../../../inspect/server/info/node-question.js';
import {type NodeReading, readNode, type ServerNode} from '../../../inspect/server/info/read-node.js';
import {Refusals} from '../../../inspect/server/info/refusals.js';
import {type ServerSnapshot, serverOf} from '../../../inspect/server/info/server-info.js';
import {clockAhead, readSlowLog, type SlowCall} from '../../../inspect/server/info/slow-log.js';
import {sumInfo} from '../../../inspect/server/info/sum-info.js';
import type {CacheSnapshot} from '../../../metrics/snapshot.js';

const infoEveryMs = 1000;
const sampleEveryMs = 2000;
const slowLogEveryMs = 5000;

/** Entries of the slow log that are read at a time. */
const slowLogEntries = 32;

/** Milliseconds after which a sample of TTLs is too old to stand for what is in Redis. */
const maxSampleAgeMs = 6000;

type ServerPollerOptions = {
	readonly inspector: Sender;
	/** The server, or the masters of a cluster. */
	readonly nodes: () => Promise<readonly ServerNode[]>;
	/** True for a Redis that this program did not start: its keys are sampled as little as possible. */
	readonly isExternal: boolean;
	/** An answer of the server that is known already. */
	readonly first: ServerSnapshot | undefined;
	/** Connections of this program to each server. */
	readonly ownConnections: () => number;
	/** True once the cache of this program has connected or given up: until then it looks for its rights and scripts. */
	readonly isSettled: () => boolean;
	readonly events: ActivityEvents;
};

/** Everything that one node has told at one time. */
type NodeLook = {readonly reading: NodeReading | undefined; readonly slow: readonly SlowCall[]};

/**
 * Polls the statistics of the server and samples TTLs, at a pace that the server does not notice. Nothing waits for it:
 * while the server does not answer, the last answer stays, with its age.
 */
export class ServerPoller {
	readonly #options: ServerPollerOptions;
	readonly #timer: NodeJS.Timeout;
	readonly #activity: ServerActivity;
	readonly #refusals = new Refusals();
	readonly #lightSample: LightTtlSample;
	#server: ServerSnapshot | undefined;
	#ttls: KeyTtls | undefined;
	/** The cursor at which the next sample of our own Redis starts. */
	#cursor = '0';
	#sampledAt = 0;
	/** Of each node. */
	readonly #slow = new Map<string | undefined, {readonly calls: readonly SlowCall[]; readonly readAt: number}>();
	readonly #question = new NodeQuestion((node) => this.#look(node));
	#hasTime = false;
	/** True if the last answer came after the cache had settled. */
	#wasSettled = false;
	#isBusy = false;
	#isClosed = false;

	constructor(options: ServerPollerOptions) {
		this.#options = options;
		this.#server = options.first;
		this.#activity = new ServerActivity(options.events);
		this.#lightSample = new LightTtlSample(options.inspector);
		this.#timer = setInterval(() => void this.#poll(), infoEveryMs);
		void this.#poll();
	}

	/** The last answer to INFO. */
	get server(): ServerSnapshot | undefined {
		return this.#server;
	}

	get activity(): ActivitySnapshot {
		return this.#activity.snapshot;
	}

	/** Bytes a second that the server gets from its clients. */
	get bytesIn(): number {
		const {recent} = this.activity;
		return recent ? perSecond(recent.bytesIn, recent) : 0;
	}

	/**
	 * The TTLs in Redis. Of our own Redis, those in the memory tier stand in for them while the cache does not use it, or
	 * no recent sample is there.
	 */
	ttlHistogram(cache: CacheSnapshot): KeyTtls {
		const ttls = this.#ttls;
		if (!ttls) return cache.ttl;
		if (this.#options.isExternal) return ttls;
		return cache.mode.mode !== 'connected' || Date.now() - ttls.at > maxSampleAgeMs ? cache.ttl : ttls;
	}

	close(): void {
		this.#isClosed = true;
		clearInterval(this.#timer);
	}

	async #poll(): Promise<void> {
		if (this.#isClosed) return;
		this.#activity.judge(Date.now());
		if (this.#isBusy) return;
		this.#isBusy = true;
		try {
			await this.#readServer();
			await this.#sampleTtls();
		} catch (error) {
			// The age of the last answer shows it.
			this.#activity.fail(error);
		} finally {
			this.#isBusy = false;
		}
	}

	async #readServer(): Promise<void> {
		const nodes = await this.#options.nodes();
		const isStart = !this.#wasSettled;
		const isSettled = this.#wasSettled || this.#options.isSettled();
		await this.#refusals.ask('TIME', () => this.#askTime());
		for (const address of this.#slow.keys())
			if (!nodes.some((node) => node.address === address)) this.#slow.delete(address);
		const {answers, missing} = await this.#question.ask(nodes);
		const readings = answers.flatMap(({reading}) => reading ?? []);
		const info = parseInfo(sumInfo(readings.map(({text}) => text)));
		const now = Date.now();
		// The statistics of commands are long, and told by the activity.
		const {commandstats: _, latencystats: __, ...shown} = info;
		if (readings.length > 0) this.#server = serverOf(shown, now);
		this.#activity.add(
			{
				readings,
				missing,
				info,
				ownConnections: this.#options.ownConnections(),
				slow: answers.flatMap(({slow}) => slow),
				refused: this.#refusals.list,
				isStart,
			},
			now,
		);
		this.#wasSettled = isSettled;
		this.#activity.judge(now);
	}

	/** Only the cache of this program needs TIME. It is asked for once, to say so if it is refused. */
	async #askTime(): Promise<void> {
		if (this.#hasTime) return;
		await this.#options.inspector.send('TIME', []);
		this.#hasTime = true;
	}

	async #look(node: ServerNode): Promise<NodeLook> {
		const reading = await readNode(node, this.#refusals);
		const aheadMs = reading ? clockAhead(reading.info, reading.counters.at) : 0;
		return {reading, slow: await this.#slowCallsOf(node, aheadMs)};
	}

	async #slowCallsOf({address, sender}: ServerNode, aheadMs: number): Promise<readonly SlowCall[]> {
		const known = this.#slow.get(address);
		if (known && Date.now() - known.readAt < slowLogEveryMs) return known.calls;
		const log = await this.#refusals.ask('SLOWLOG', () => readSlowLog(sender, slowLogEntries, aheadMs));
		const calls = log ?? [];
		this.#slow.set(address, {calls, readAt: Date.now()});
		return calls;
	}

	async #sampleTtls(): Promise<void> {
		const server = this.#server;
		if (this.#isClosed) return;
		const now = Date.now();
		if (this.#options.isExternal) {
			const {recent} = this.#activity.snapshot;
			const lookups = recent ? perSecond(recent.hits + recent.misses, recent) : 0;
			const keys = server?.keys ?? 0;
			// INFO was answered: a refusal of this, as by a cluster that is down, is not the silence of the server.
			await this.#refusals.ask('SCAN', () => this.#lightSample.refresh({lookups, keys}, now)).catch(() => undefined);
			const {ttls, at} = this.#lightSample;
			// Without SCAN, the keys without a TTL are known all the same.
			if (server) this.#ttls = keyTtls(ttls ?? [], server, ttls ? at : now);
			return;
		}
		if (now - this.#sampledAt < sampleEveryMs) return;
		this.#sampledAt = now;
		const sample = await sampleTtl(this.#options.inspector, {cursor: this.#cursor});
		this.#cursor = sample.cursor;
		this.#ttls = keyTtls(sample.ttls, {keys: sample.total, expires: server?.expires ?? sample.total}, Date.now());
	}
}
