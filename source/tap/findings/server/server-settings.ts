import {formatBytes, formatCount, formatCountOf, formatPercent} from '../../../text/number.js';
import type {CommandEvent} from '../../traffic.js';
import type {Problem} from '../finding.js';
import type {FindingRule} from '../finding-rule.js';
import type {KeyUse} from '../keys/key-use.js';
import type {ServerReading} from './server-reading.js';

export const serverSettingsThresholds = {
	/** Number of values set after a miss, which indicates that this server is a cache. */
	fills: 50,
	/** Share of the memory limit in use, above which `noeviction` soon refuses writes; or of the machine, without a limit. */
	fullShare: 0.8,
	/** Minimum evicted keys and reads in a period whose hit ratio is evaluated. */
	evictions: 100,
	reads: 1000,
	/** Hit ratio below which the evicted keys were still needed. */
	hitRatio: 0.8,
} as const;

/** Most readings that are kept, to compare the latest one with earlier ones. */
const maxReadings = 5;

/** Milliseconds without a reading after which a master counts as gone; each is read once a minute. */
const goneMs = 150_000;

/** Most masters of a cluster that are evaluated. */
const maxServers = 1000;

const levels: readonly Problem['level'][] = ['serious', 'warning', 'info'];

/**
 * Settings of the server that hurt a cache. For a server that holds queues or streams as well, `noeviction` is right
 * (BullMQ demands it), so it is not reported there until the server refuses writes.
 */
export class ServerSettingsRule implements FindingRule {
	readonly uses = ['set', 'change'] as const;
	/** Readings by address of the master; the key is `undefined` for a single server. */
	readonly #servers = new Map<string | undefined, ServerReading[]>();
	#fills = 0;
	#others = 0;
	#refused = 0;
	#firstAt: number | undefined;
	#lastAt = 0;

	onServer(reading: ServerReading): void {
		const readings = this.#readingsOf(reading);
		const last = readings.at(-1);
		if (last !== undefined && hasRestarted(last, reading)) readings.length = 0;
		if (readings.length === maxReadings) readings.shift();
		readings.push(reading);
	}

	onCommand({error, sentAt}: CommandEvent): void {
		if (error !== 'OOM') return;
		this.#refused++;
		this.#firstAt ??= sentAt;
		this.#lastAt = sentAt;
	}

	onKeyUse({kind, load, event}: KeyUse): void {
		if (kind === 'set' && load?.hasOpenMiss) this.#fills++;
		if (event.isBlocking || /^[LRX][A-Z]*(?:PUSH|POP|MOVE|ADD|GROUP)/.test(event.command)) this.#others++;
	}

	find(): Problem | undefined {
		const found = [...this.#servers.values()].flatMap((readings): readonly OnServer[] => {
			const latest = readings.at(-1);
			if (latest === undefined) return [];
			const problem = this.#noLimit(latest) ?? this.#noEviction(latest) ?? this.#evictions(latest, readings);
			return problem === undefined ? [] : [{problem, latest}];
		});
		const level = levels.find((each) => found.some(({problem}) => problem.level === each));
		const worst = found.find(({problem}) => problem.level === level);
		if (worst === undefined) return undefined;
		const {problem, latest} = worst;
		this.#firstAt ??= latest.at;
		const alike = found.filter((each) => each.problem.title === problem.title).length;
		return {
			...problem,
			evidence: evidenceOn(latest.node, problem.evidence, alike),
			keys: [],
			firstSeenAt: this.#firstAt,
			lastSeenAt: Math.max(this.#lastAt, latest.at),
		};
	}

	#readingsOf({node, at}: ServerReading): ServerReading[] {
		for (const [address, readings] of this.#servers) {
			const isGone = at - (readings.at(-1)?.at ?? at) > goneMs;
			if (address !== node && isGone) this.#servers.delete(address);
		}
		const known = this.#servers.get(node);
		if (known !== undefined) return known;
		const readings: ServerReading[] = [];
		if (this.#servers.size < maxServers) this.#servers.set(node, readings);
		return readings;
	}

	get #isCacheOnly(): boolean {
		return this.#fills >= serverSettingsThresholds.fills && this.#others === 0;
	}

	#noLimit({maxMemory, usedMemory, systemMemory}: ServerReading): Told | undefined {
		if (maxMemory > 0) return undefined;
		const isFull = systemMemory !== undefined && usedMemory >= systemMemory * serverSettingsThresholds.fullShare;
		if (!isFull && !this.#isCacheOnly) return undefined;
		return {
			level: isFull ? 'serious' : 'info',
			title: 'The memory of the server has no limit',
			evidence: `maxmemory is 0. The server uses ${formatBytes(usedMemory)}${systemMemory === undefined ? '' : ` of the ${formatBytes(systemMemory)} of its machine`}.`,
			why: 'The cache grows until the machine swaps, or its kernel kills the server.',
			advice:
				'Set maxmemory to about two thirds of the memory of the machine, and maxmemory-policy to allkeys-lru or allkeys-lfu.',
		};
	}

	#noEviction({maxMemory, maxMemoryPolicy, usedMemory}: ServerReading): Told | undefined {
		if (maxMemory === 0 || maxMemoryPolicy !== 'noeviction') return undefined;
		const isFull = usedMemory >= maxMemory * serverSettingsThresholds.fullShare;
		if (this.#refused === 0 && !isFull && !this.#isCacheOnly) return undefined;
		// The memory usage in the last reading may be older than the writes that filled the server.
		const state =
			this.#refused === 0
				? `${formatBytes(usedMemory)} of ${formatBytes(maxMemory)} are in use.`
				: `maxmemory ${formatBytes(maxMemory)}. It refused ${formatCountOf(this.#refused, 'command')} (OOM).`;
		return {
			level: this.#refused > 0 ? 'serious' : isFull ? 'warning' : 'info',
			title: 'A full server refuses writes instead of evicting keys',
			evidence: `maxmemory-policy is noeviction, and ${state}`,
			why: 'When the memory is full, every write fails: the cache keeps its oldest values and takes no new ones, and invalidation by SET fails as well.',
			advice:
				'Set maxmemory-policy to allkeys-lru or allkeys-lfu on a server that is only a cache. If it holds queues or other data as well, give the cache a separate server.',
		};
	}

	#evictions(latest: ServerReading, readings: readonly ServerReading[]): Told | undefined {
		const before = readings.findLast((one) => one.at < latest.at && hasEnough(one, latest)) ?? readings[0];
		if (before === undefined || !hasEnough(before, latest)) return undefined;
		const evicted = latest.evictedKeys - before.evictedKeys;
		const hits = latest.keyspaceHits - before.keyspaceHits;
		const hitRatio = hits / (hits + latest.keyspaceMisses - before.keyspaceMisses);
		if (hitRatio >= serverSettingsThresholds.hitRatio) return undefined;
		return {
			level: 'warning',
			title: 'The server evicts keys that are still needed',
			evidence: `${formatCount(evicted)} keys were evicted within ${formatCount((latest.at - before.at) / 1000)} s, while ${formatPercent(hitRatio, 0)} of the reads of the server were hits. ${formatBytes(latest.usedMemory)} of ${formatBytes(latest.maxMemory)} are in use, the policy is ${latest.maxMemoryPolicy}.`,
			why: 'Values leave before their TTL, are loaded again, and push out others.',
			advice:
				'Give the server more memory, store less (shorter TTLs, smaller values, no keys that are read once), or try allkeys-lfu, which keeps what is read often.',
		};
	}
}

type Told = Omit<Problem, 'keys' | 'firstSeenAt' | 'lastSeenAt'>;

type OnServer = {readonly problem: Told; readonly latest: ServerReading};

/** Adds the master to the evidence, in a cluster. @param alike Number of masters with the same problem. */
function evidenceOn(node: string | undefined, evidence: string, alike: number): string {
	if (node === undefined) return evidence;
	const others = alike > 1 ? ` It is the same on ${formatCountOf(alike - 1, 'other master')}.` : '';
	return `On ${node}: ${evidence}${others}`;
}

/** True if the counters of the server were reset. */
function hasRestarted(before: ServerReading, latest: ServerReading): boolean {
	return (
		latest.evictedKeys < before.evictedKeys ||
		latest.keyspaceHits < before.keyspaceHits ||
		latest.keyspaceMisses < before.keyspaceMisses
	);
}

function hasEnough(before: ServerReading, latest: ServerReading): boolean {
	const {evictions, reads} = serverSettingsThresholds;
	const hits = latest.keyspaceHits - before.keyspaceHits;
	const misses = latest.keyspaceMisses - before.keyspaceMisses;
	return latest.evictedKeys - before.evictedKeys >= evictions && hits + misses >= reads;
}
