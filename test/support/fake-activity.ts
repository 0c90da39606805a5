import type {ActivitySnapshot, ServerFigures} from '../../source/engine/protocol.js';
import {joinSpans} from '../../source/inspect/server/activity/merge-figures.js';

/** Deterministic noise from 0 to 1. */
const noise = (second: number, salt: number) => {
	const x = Math.sin((second + 1) * 12.9898 + salt * 78.233) * 43_758.5453;
	return x - Math.floor(x);
};

/** The figures of a shop's cache server in one second. From second `trouble` on, its memory is too small. */
function figuresAt(second: number, at: number, trouble: number | undefined): ServerFigures {
	const age = trouble === undefined || second < trouble ? 0 : second - trouble;
	const lookups = Math.round(2600 + noise(second, 1) * 200);
	const ratio = Math.max(0.61, 0.92 - age * 0.02 + noise(second, 2) * 0.01);
	const evicted = age > 0 ? Math.round(380 + noise(second, 3) * 40) : 0;
	const refused = age > 10 ? Math.round(20 + noise(second, 4) * 10) : 0;
	const limit = 2 * 1024 ** 3;
	return {
		at,
		seconds: 1,
		nodes: 1,
		hits: Math.round(lookups * ratio),
		misses: Math.round(lookups * (1 - ratio)),
		commands: lookups + 520,
		families: {reads: lookups, writes: 420, deletes: 60, scripts: 30, other: 10},
		failedCommands: refused,
		busiest: [
			{name: 'get', calls: lookups - 200, microseconds: 6100},
			{name: 'keys', calls: age > 0 ? 1 : 0, microseconds: age > 0 ? 182_000 : 0},
			{name: 'set', calls: 420, microseconds: 1900},
			{name: 'hgetall', calls: 200, microseconds: 1500},
			{name: 'evalsha', calls: 30, microseconds: 700},
			{name: 'object|freq', calls: 10, microseconds: 20},
		]
			.filter(({calls}) => calls > 0)
			.sort((a, b) => b.microseconds - a.microseconds),
		errors: refused > 0 ? {OOM: refused} : {},
		latency: {p50: 0.003, p99: age > 0 ? 14 + noise(second, 5) * 3 : 0.04 + noise(second, 5) * 0.02, mean: 0.005},
		bytesIn: 210_000 + noise(second, 6) * 20_000,
		bytesOut: 2_100_000 + noise(second, 7) * 200_000,
		evicted,
		expired: Math.round(90 + noise(second, 8) * 30),
		connections: 2,
		rejectedConnections: 0,
		cpuSeconds: 0.1 + (age > 0 ? 0.25 : 0),
		mainThreadSeconds: 0.08 + (age > 0 ? 0.2 : 0),
		clients: 84,
		blockedClients: 2,
		usedMemory: age > 0 ? limit : Math.min(limit, limit * (0.9 + second / 600)),
		maxMemory: limit,
		keys: 1_204_811,
		expires: 1_100_000,
		pingMs: 0.4 + noise(second, 9) * 0.2,
	};
}

/** The activity of a story's server `second` seconds into it. `start`: Unix time in milliseconds. */
export function activityAt(second: number, start: number, trouble: number | undefined): ActivitySnapshot {
	const at = (index: number) => start + index * 1000;
	const latest = figuresAt(second, at(second), trouble);
	const recent = Array.from({length: Math.min(10, second + 1)}, (_, index) =>
		figuresAt(second - index, at(second - index), trouble),
	).reduce((later, earlier) => joinSpans(earlier, later));
	const isTrouble = trouble !== undefined && second > trouble;
	return {
		latest,
		recent,
		nodes: [],
		missing: [],
		verdict: isTrouble
			? {
					level: second > trouble + 10 ? 'bad' : 'warn',
					summary: '',
					problems: [
						...(second > trouble + 10
							? [
									{
										id: 'out-of-memory',
										level: 'bad',
										text: 'out of memory: 25 writes/s refused with OOM',
										since: at(trouble + 10),
										isOlder: false,
									} as const,
								]
							: []),
						{id: 'hit-ratio', level: 'warn', text: 'hit ratio 92 → 61 %', since: at(trouble + 1), isOlder: false},
						{
							id: 'evicting',
							level: 'warn',
							text: 'evicting 400/s, memory 100 % of 2 GiB',
							since: at(trouble + 1),
							isOlder: false,
						},
						{
							id: 'slow-command',
							level: 'warn',
							text: 'slowest: KEYS by shop-api, 182 ms',
							since: at(trouble + 2),
							isOlder: false,
						},
					],
				}
			: {level: 'fine', problems: [], summary: 'hit ratio 92 %, 3,210 commands/s, memory 95 % of 2 GiB'},
		changes: isTrouble
			? [{kind: 'config', at: at(trouble), level: 'warn', text: 'maxmemory changed: 4 GiB → 2 GiB'}]
			: [],
		refused: [],
		dashboards: [],
	};
}
