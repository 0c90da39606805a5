import {beforeAll, expect, it} from 'vitest';
import {RedisCache} from '../../source/cache/redis-cache.js';
import type {AttachedSnapshot, EngineSnapshot} from '../../source/engine/protocol.js';
import type {CacheSnapshot} from '../../source/metrics/snapshot.js';
import {attachedLine} from '../../source/report/attach/attach-text.js';

let cache: CacheSnapshot;

beforeAll(async () => {
	// Nobody listens there.
	const opened = new RedisCache({url: 'redis://127.0.0.1:1', inspect: false});
	cache = opened.stats();
	await opened.close();
});

const attached: AttachedSnapshot = {
	name: 'shop',
	pid: 1,
	version: '1.0.0',
	node: '22.0.0',
	processStartedAt: 0,
	namespace: 'default',
	commands: false,
	state: 'live',
	since: 0,
	reason: undefined,
	loads: {inFlight: 0, running: 0, waiting: 0, limit: undefined, oldest: [], slowest: []},
};

const target = {url: 'redis://127.0.0.1:1'} as EngineSnapshot['target'];

const after = (seconds: number, startedAt: number, hits: number, misses: number) => ({
	at: seconds * 1000,
	target,
	attached,
	cache: {...cache, startedAt, counters: {...cache.counters, hitsRedis: hits, misses}},
});

it('a line says what was called between two states', () => {
	expect(attachedLine(after(1, 0, 10, 10), after(3, 0, 20, 20))).toMatch(/10\.?0? calls\/s +hit ratio 50/);
});

it('there is no line from one process to the next: their counts do not continue each other', () => {
	expect(attachedLine(after(1, 0, 900, 100), after(2, 1500, 1, 1))).toBeUndefined();
});
