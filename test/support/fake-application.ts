import type {
	ApplicationOutage,
	ApplicationSnapshot,
	Finding,
	LiveConnection,
	TapSnapshot,
} from '../../source/engine/protocol.js';

/** An application behind the tap: a shop. */
export type ApplicationStory = {
	/** Second at which it connects; `never`: it has not connected. Default: 0. */
	readonly connectedAt?: number | 'never';
	/** True if it has findings. Default: false. */
	readonly isUnhealthy?: boolean;
	/** True: hashes are shown instead of the names of keys. Default: false. */
	readonly hideKeys?: boolean;
	/** True if its traffic is so high that the tap follows only one key in eight. Default: false. */
	readonly isSampled?: boolean;
};

type Outage = {readonly from: number; readonly to?: number};

/** Deterministic noise from 0 to 1. */
const noise = (second: number, salt: number) => {
	const x = Math.sin((second + 1) * 12.9898 + salt * 78.233) * 43_758.5453;
	return x - Math.floor(x);
};

const isOut = (second: number, outage: Outage | undefined): boolean =>
	outage !== undefined && second >= outage.from && (outage.to === undefined || second < outage.to);

const connectionCount = 10;

/** The traffic of one second. */
function traffic(second: number, outage: Outage | undefined) {
	if (isOut(second, outage))
		return {commands: 0, hits: 0, misses: 0, errors: 0, lost: outage?.from === second ? 34 : 0, opened: 4};
	const commands = Math.round(3100 + noise(second, 1) * 200);
	const reads = Math.round(commands * 0.8);
	const hits = Math.round(reads * (0.91 + noise(second, 2) * 0.02));
	return {
		commands,
		hits,
		misses: reads - hits,
		errors: second % 7 === 0 ? 1 : 0,
		lost: 0,
		opened: second === 0 ? connectionCount : 0,
	};
}

const patternShares = [
	{pattern: 'product:*', share: 0.52, ratio: 0.97},
	{pattern: 'session:*', share: 0.28, ratio: 0.93},
	{pattern: 'cart:*:items', share: 0.12, ratio: 0.84},
	{pattern: 'search:*', share: 0.08, ratio: 0.31},
] as const;

const commandShares = [
	{name: 'GET', share: 0.71, p50Ms: 0.31, p99Ms: 1.2},
	{name: 'SET', share: 0.16, p50Ms: 0.34, p99Ms: 1.4},
	{name: 'MGET', share: 0.08, p50Ms: 0.42, p99Ms: 2.1},
	{name: 'DEL', share: 0.03, p50Ms: 0.3, p99Ms: 1.1},
	{name: 'HGETALL', share: 0.02, p50Ms: 0.8, p99Ms: 6.4},
	{name: 'KEYS', share: 0.0001, p50Ms: 42, p99Ms: 61},
] as const;

const ttlShares = [
	{label: '1s', share: 0},
	{label: '10s', share: 0.02},
	{label: '1m', share: 0.11},
	{label: '10m', share: 0.63},
	{label: '1h', share: 0.16},
	{label: '1d', share: 0},
	{label: 'more', share: 0},
	{label: 'none', share: 0.08},
	{label: 'kept', share: 0},
	{label: 'unknown', share: 0},
] as const;

const hidden = (name: string): string =>
	name.replaceAll(/[a-z]+/g, (part) => `#${(part.length * 2_654_435_761).toString(16).slice(0, 8).padEnd(8, '0')}`);

/** The findings of an application that uses Redis badly. `at`: Unix time in milliseconds. */
export const findingsAt = (at: number): readonly Finding[] => [
	{
		id: 'stale-fill',
		level: 'serious',
		title: 'A slow load can put an old value back',
		evidence: '3 times a value was set after another connection had changed the key since it was missed: product:*.',
		why: 'The cache has the value from before the change, until its TTL is over.',
		advice:
			'Delete the key once more after the change, or set only if the key was not changed since: a version, or a lease that the change takes away.',
		keys: ['product:*'],
		firstSeenAt: at + 21_000,
		lastSeenAt: at + 44_000,
	},
	{
		id: 'stampede',
		level: 'warning',
		title: 'Several callers load the same value at once',
		evidence:
			'12 times, at least 3 callers missed one key of product:* and search:* and all of them set it: up to 8 at once, 61 needless loads in all.',
		why: 'When a popular key expires, the database gets the same query from every caller at once, just when it has to answer without the cache.',
		advice:
			'Let one caller load and the others wait for it: a promise for each key within a process (single flight), and across processes a lock or lease (SET NX with PX), or serve the old value while one renews it.',
		keys: ['product:*', 'search:*'],
		firstSeenAt: at + 12_000,
		lastSeenAt: at + 58_000,
	},
	{
		id: 'no-ttl',
		level: 'warning',
		title: 'Keys are written without a TTL',
		evidence: '640 of 8,000 keys were written without a TTL: cart:*:items.',
		why: 'They stay until the memory is full, and then push out others.',
		advice: 'Give every key of a cache a TTL: SET with EX.',
		keys: ['cart:*:items'],
		firstSeenAt: at + 6000,
		lastSeenAt: at + 59_000,
	},
	{
		id: 'round-trips',
		level: 'info',
		title: 'Round trips that could be one',
		evidence:
			'410 times a connection sent 5 or more GET one after the other, each after the reply to the one before: session:*.',
		why: 'Each costs a round trip.',
		advice: 'Send them as one MGET, or as a pipeline.',
		keys: ['session:*'],
		firstSeenAt: at + 9000,
		lastSeenAt: at + 59_000,
	},
];

function liveConnections(second: number, start: number, outage: Outage | undefined): readonly LiveConnection[] {
	const since = outage && isOut(second, outage) ? second - outage.from : undefined;
	return Array.from({length: connectionCount}, (_, index): LiveConnection => {
		const waits = since !== undefined && index < 8;
		const isWorker = index >= 8;
		return {
			connection: index + 1,
			clientName: isWorker ? 'shop-worker' : 'shop-api',
			address: `127.0.0.1:${53_140 + index}`,
			db: 0,
			openedAt: start,
			commands: Math.round(second * 310 * (isWorker ? 0.2 : 1.2)),
			waiting: waits ? 4 : isWorker ? 1 : index % 3 === 0 ? 1 : 0,
			oldest: isWorker
				? {command: 'BLPOP', waitMs: 4000, isBlocking: true}
				: waits
					? {command: 'GET', waitMs: since * 1000 + 400 - index, isBlocking: false}
					: undefined,
			longestMs: waits ? since * 1000 + 400 : 12 + index,
			deepest: isWorker ? 1 : 4,
			isSubscriber: false,
		};
	}).sort(
		(one, other) =>
			(other.oldest?.isBlocking === false ? other.oldest.waitMs : 0) -
			(one.oldest?.isBlocking === false ? one.oldest.waitMs : 0),
	);
}

function outageAt(second: number, start: number, outage: Outage | undefined): ApplicationOutage | undefined {
	if (!outage || second < outage.from) return undefined;
	const to = outage.to !== undefined && second >= outage.to ? outage.to : undefined;
	const lasted = (to ?? second) - outage.from;
	return {
		startedAt: start + outage.from * 1000,
		liftedAt: to === undefined ? undefined : start + to * 1000,
		faults: ['blackhole'],
		isOver: to !== undefined && second > to + 1,
		wire: {
			connections: {
				before: connectionCount,
				during: {fewest: 8, most: 12},
				after: connectionCount,
				opened: 4 * lasted,
				broken: 4,
				unreadable: 0,
			},
			reconnects: {
				attempts: 4 * lasted,
				failed: 4 * lasted - 4,
				perSecond: 4,
				pauseMs: {shortest: 50, median: 1000},
				backOff: false,
				unseenMs: 0,
			},
			notReturned: to === undefined ? 2 : 0,
			commands: 34,
			lostCommands: 34,
			sentAgain: {afterLoss: 12, afterError: 0},
			errors: {},
			longestWaitMs: lasted * 1000 + 400,
			slowest: [],
			recoveryMs: to === undefined ? null : 412,
		},
	};
}

/** The snapshot of the application `second` seconds into a story. `start`: Unix time in milliseconds. */
export function applicationAt(
	second: number,
	start: number,
	{connectedAt = 0, isUnhealthy = false, hideKeys = false, isSampled = false}: ApplicationStory,
	outage: Outage | undefined,
): ApplicationSnapshot {
	const isConnected = connectedAt !== 'never' && second > connectedAt;
	const first = connectedAt === 'never' ? second : connectedAt;
	const total = {commands: 0, hits: 0, misses: 0, errors: 0, lost: 0, opened: 0};
	for (let index = first; index < second; index++) {
		const each = traffic(index, outage);
		total.commands += each.commands;
		total.hits += each.hits;
		total.misses += each.misses;
		total.errors += each.errors;
		total.lost += each.lost;
		total.opened += each.opened;
	}
	const {commands, hits, misses} = total;
	const reads = hits + misses;
	const name = (key: string) => (hideKeys ? hidden(key) : key);
	const isNow = isOut(second, outage);
	const live = isConnected ? liveConnections(second, start, outage) : [];
	const waiting = live.filter(({oldest}) => oldest && !oldest.isBlocking);
	const last = traffic(second - 1, outage);
	const longestWaitMs = isNow ? (second - (outage?.from ?? second)) * 1000 + 400 : 0.4;
	const latency = isNow ? {p50: null, p99: null} : {p50: 0.31 + noise(second, 3) * 0.05, p99: 1.2 + noise(second, 4)};
	const findings = isUnhealthy && isConnected ? findingsAt(start) : [];
	const writes = Math.round(commands * 0.16);
	const tap: TapSnapshot = {
		seconds: second,
		sampledKeys: isSampled ? '1/8' : '1/1',
		connections: {
			open: live.length,
			opened: total.opened,
			peak: isConnected ? 14 : 0,
			busy: live.filter(({waiting}) => waiting > 0).length,
			waiting: waiting.length,
			waitingCommands: waiting.reduce((sum, connection) => sum + connection.waiting, 0),
			unreadable: 0,
			refusedLogins: 0,
			reset: total.lost > 0 ? 4 : 0,
			deepestPipeline: isConnected ? 4 : 0,
			longestWaitMs: isConnected ? longestWaitMs : 0,
			clients: isConnected
				? [
						{name: 'shop-api', connections: 8, commands: Math.round(commands * 0.96)},
						{name: 'shop-worker', connections: 2, commands: Math.round(commands * 0.04)},
					]
				: [],
		},
		commands: {
			total: commands,
			perSecond: second > 0 ? commands / second : 0,
			errors: total.errors,
			harmlessErrors: 0,
			redirects: 0,
			lost: total.lost,
			byName: commandShares
				.map(({share, ...command}) => ({
					...command,
					count: Math.round(commands * share),
					errors: command.name === 'SET' ? total.errors : 0,
				}))
				.filter(({count}) => count > 0),
		},
		errors: total.errors > 0 ? {OOM: total.errors} : {},
		reads: {hits, misses, hitRatio: reads === 0 ? null : hits / reads},
		latencyMs: {...latency, max: isConnected ? 61 : null},
		bytes: {in: commands * 48, out: commands * 620},
		writes: {
			total: writes,
			withoutTtl: Math.round(writes * 0.08),
			ttls: ttlShares.map(({label, share}) => ({label, count: Math.round(writes * share)})),
		},
		patterns:
			commands === 0
				? []
				: patternShares.map(({pattern, share, ratio}) => ({
						pattern: name(pattern),
						reads: Math.round(reads * share),
						hits: Math.round(reads * share * ratio),
						misses: Math.round(reads * share * (1 - ratio)),
						hitRatio: ratio,
						writes: Math.round(writes * share),
						deletes: Math.round(commands * 0.03 * share),
					})),
		hotKeys: (commands === 0 ? [] : ['product:17', 'product:4', 'session:9f31', 'product:230']).map((key, index) => ({
			key: name(key),
			reads: Math.round((reads * 0.14) / (index + 1)),
			share: 0.14 / (index + 1),
		})),
		hotKeysError: 0,
		bigValues: (commands === 0 ? [] : ['search:all', 'cart:77:items', 'product:17']).map((key, index) => ({
			key: name(key),
			bytes: Math.round(412_000 / 9 ** index),
		})),
		target: 'redis://cache.example:6379/0',
		listen: '127.0.0.1:6380',
		findings: findings.map((finding) => ({...finding, keys: finding.keys.map(name)})),
	};
	return {
		...tap,
		live: {
			lastSecond: {
				at: start + second * 1000,
				seconds: 1,
				...last,
				writes: Math.round(last.commands * 0.16),
				requestBytes: last.commands * 48,
				replyBytes: last.commands * 620,
				open: live.length,
				busy: tap.connections.busy,
				p50Ms: isConnected ? latency.p50 : null,
				p99Ms: isConnected ? latency.p99 : null,
				maxMs: isConnected ? 9 : null,
				longestWaitMs: tap.connections.longestWaitMs,
			},
			connections: live,
		},
		outage: isConnected ? outageAt(second, start, outage) : undefined,
	};
}
