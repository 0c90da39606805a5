import {setImmediate} from 'node:timers/promises';
import type {KeyTtls} from '../../../inspect/keys/key-ttls.js';
import {stepSizeOf} from '../../../inspect/keys/step-size.js';
import type {Sender} from '../../../inspect/sender.js';
import {perSecond} from '../../../inspect/server/activity/merge-figures.js';
import type {ErrorCounts} from '../../../inspect/server/activity/own/owed-errors.js';
import {
	type ActivityEvents,
	type ActivitySnapshot,
	ServerActivity,
} from '../../../inspect/server/activity/server-activity.js';
import {DashboardWatch, type OtherDashboard} from '../../../inspect/server/clients/other-dashboards.js';
import {parseInfo} from '../../../inspect/server/info/info-sections.js';
import {NodeQuestion} from '../../../inspect/server/info/node-question.js';
import {type NodeReading, readNode, type ServerNode} from '../../../inspect/server/info/read-node.js';
import {Refusals} from '../../../inspect/server/info/refusals.js';
import {type ServerSnapshot, serverOf} from '../../../inspect/server/info/server-info.js';
import {clockAhead, type SlowCall} from '../../../inspect/server/info/slow-log.js';
import {sumInfo} from '../../../inspect/server/info/sum-info.js';
import type {CacheSnapshot} from '../../../metrics/snapshot.js';
import {SlowLogWatch} from './slow-log-watch.js';
import {TtlSampler} from './ttl-sampler.js';

const infoEveryMs = 1000;

type ServerPollerOptions = {
	readonly inspector: Sender;
	/** The server, or the masters of a cluster. */
	readonly nodes: () => Promise<readonly ServerNode[]>;
	/** True for a Redis that this program did not start: its keys are sampled as little as possible. */
	readonly isExternal: boolean;
	/** False with an application: then commands that only our own cache or its panels need are not sent. */
	readonly hasCache: boolean;
	/** An earlier answer of the server. */
	readonly first: ServerSnapshot | undefined;
	/** Connections of this program to each server. */
	readonly ownConnections: () => number;
	/** Error replies so far on connections of this program other than the one of `inspector`. */
	readonly ownErrors: () => ErrorCounts;
	/** True once the cache of this program has connected or given up: until then it checks its rights and loads scripts. */
	readonly isSettled: () => boolean;
	readonly events: ActivityEvents;
	/** Answers of the servers, once a second. */
	readonly onReadings: (readings: readonly NodeReading[]) => void;
};

/** All answers of one node in one round. */
type NodePoll = {
	readonly address: string | undefined;
	readonly reading: NodeReading | undefined;
	readonly slow: readonly SlowCall[];
	readonly dashboards: readonly OtherDashboard[];
};

/**
 * Polls the statistics of the server and samples TTLs, at a rate that is a negligible load. Nothing waits for it: while the
 * server does not answer, the last answer is shown with its age.
 */
export class ServerPoller {
	readonly #options: ServerPollerOptions;
	readonly #timer: NodeJS.Timeout;
	readonly #activity: ServerActivity;
	readonly #refusals = new Refusals();
	readonly #ttls: TtlSampler;
	#server: ServerSnapshot | undefined;
	/** Of each node. */
	readonly #slowLogs = new Map<string | undefined, SlowLogWatch>();
	/** Of each node. */
	readonly #dashboards = new Map<string | undefined, DashboardWatch>();
	readonly #question = new NodeQuestion((node) => this.#pollNode(node));
	#hasTime = false;
	/** True if the last answer came after the cache had settled. */
	#wasSettled = false;
	#isBusy = false;
	#isClosed = false;

	constructor(options: ServerPollerOptions) {
		this.#options = options;
		this.#server = options.first;
		this.#activity = new ServerActivity(options.events);
		this.#ttls = new TtlSampler({...options, refusals: this.#refusals});
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

	/** @param cache The cache on this Redis. */
	ttlHistogram(cache: CacheSnapshot): KeyTtls {
		return this.#ttls.histogram(cache);
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
			if (this.#isClosed) return;
			const {recent} = this.activity;
			if (this.#options.hasCache)
				void this.#ttls.sample(this.#server, recent ? perSecond(recent.hits + recent.misses, recent) : 0);
		} catch (error) {
			// Not reported otherwise: the age of the last answer shows it.
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
		const known = new Set(nodes.map(({address}) => address));
		for (const ofNodes of [this.#slowLogs, this.#dashboards])
			for (const address of ofNodes.keys()) if (!known.has(address)) ofNodes.delete(address);
		const {answers, missing} = await this.#question.ask(nodes);
		// Lets replies on other connections that have already arrived be read first.
		await setImmediate();
		const readings = answers.flatMap(({reading}) => reading ?? []);
		this.#options.onReadings(readings);
		const info = parseInfo(sumInfo(readings.map(({text}) => text)));
		const now = Date.now();
		// The statistics of commands are long, and included in the activity.
		const {commandstats: _, latencystats: __, ...shown} = info;
		if (readings.length > 0) this.#server = serverOf(shown, now);
		this.#activity.add(
			{
				readings,
				missing,
				info,
				ownConnections: this.#options.ownConnections(),
				ownErrors: this.#options.ownErrors(),
				slow: answers.flatMap(({slow}) => slow),
				dashboards: new Map(answers.map(({address, dashboards}) => [address, dashboards])),
				refused: this.#refusals.list,
				isStart,
			},
			now,
		);
		this.#wasSettled = isSettled;
		this.#activity.judge(now);
	}

	/** Only the cache of this program needs TIME. It is called once here, to report a refusal. */
	async #askTime(): Promise<void> {
		if (this.#hasTime || !this.#options.hasCache) return;
		await this.#options.inspector.send('TIME', []);
		this.#hasTime = true;
	}

	async #pollNode(node: ServerNode): Promise<NodePoll> {
		const reading = await readNode(node, this.#refusals);
		const aheadMs = reading ? clockAhead(reading.info, reading.counters.at) : 0;
		const slow = await this.#slowLogOf(node).read(aheadMs);
		return {address: node.address, reading, slow, dashboards: await this.#dashboardsOf(node, reading)};
	}

	async #dashboardsOf(
		{address, sender}: ServerNode,
		reading: NodeReading | undefined,
	): Promise<readonly OtherDashboard[]> {
		if (!reading) return [];
		const watch = this.#dashboards.get(address) ?? new DashboardWatch();
		this.#dashboards.set(address, watch);
		return watch.check(sender, reading.counters.clients);
	}

	#slowLogOf({address, sender}: ServerNode): SlowLogWatch {
		const {inspector} = this.#options;
		const onOwn = async () => (await stepSizeOf(inspector)).noteLogged();
		const watch = this.#slowLogs.get(address) ?? new SlowLogWatch({sender, refusals: this.#refusals, onOwn});
		this.#slowLogs.set(address, watch);
		return watch;
	}
}
