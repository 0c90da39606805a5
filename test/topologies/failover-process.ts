import {RedisCache} from '../../source/cache/redis-cache.js';
import {Chance} from '../soak/chance.js';
import {serve} from '../support/serve.js';

/** A call that changed a key, or read it. Times are those of the clock that all processes share, in ms. */
export type Change = {readonly key: string; readonly number: number; readonly isDelete: boolean; readonly at: number};
export type Read = {
	readonly key: string;
	/** Number of the set whose value it was; undefined: there was none. */
	readonly number: number | undefined;
	readonly begunAt: number;
	/** Number of the latest change of this process that had ended before; 0: none, or the key is another process's. */
	readonly own: number;
};
export type Report = {
	readonly changes: readonly Change[];
	readonly reads: readonly Read[];
	readonly slowestMs: number;
	readonly unsettled: number;
	readonly failed: readonly string[];
	readonly switches: number;
};

type Opening = {
	readonly url: string;
	/** Keys that no other process changes. */
	readonly own: readonly string[];
	readonly all: readonly string[];
	/** Milliseconds between changes of the way in which Redis announces changes. */
	readonly switchMs: number;
	readonly seed: number;
};

const pauseMs = 4;

let cache: RedisCache | undefined;
let stopTraffic: () => Promise<Report> = () => Promise.reject(new Error('open comes first'));

const opened = (): RedisCache => {
	if (cache === undefined) throw new Error('open comes first');
	return cache;
};

const now = (): number => Number(process.hrtime.bigint()) / 1e6;

const ways = ['tracked', 'broadcast', 'bypass'] as const;

/** Changes own keys, reads all keys, and goes over to another way again and again. */
const begin = ({own, all, switchMs, seed}: Opening): (() => Promise<Report>) => {
	const chance = new Chance(seed);
	const changes: Change[] = [];
	const reads: Read[] = [];
	const failed: string[] = [];
	const latest = new Map<string, number>();
	/** Own keys with a change on its way: what a read of them may return is not settled. */
	const changing = new Set<string>();
	let number = 0;
	let slowestMs = 0;
	let unsettled = 0;
	let switches = 0;
	let isOver = false;
	const timed = async (call: () => Promise<unknown>): Promise<void> => {
		const begunAt = now();
		unsettled++;
		await call().catch((error: Error) => failed.push(`${error.name}: ${error.message}`));
		unsettled--;
		slowestMs = Math.max(slowestMs, now() - begunAt);
	};
	const change = async (): Promise<void> => {
		const key = chance.of(own);
		if (changing.has(key)) return;
		changing.add(key);
		const mine = ++number;
		const isDelete = chance.is(0.2);
		await (isDelete ? opened().delete(key) : opened().set(key, mine));
		latest.set(key, mine);
		changes.push({key, number: mine, isDelete, at: now()});
		changing.delete(key);
	};
	const read = async (): Promise<void> => {
		const key = chance.of(all);
		const begunAt = now();
		const before = latest.get(key) ?? 0;
		const isChanging = changing.has(key);
		const value = await opened().get<number>(key);
		reads.push({key, number: value, begunAt, own: isChanging ? 0 : before});
	};
	const calls = new Set<Promise<void>>();
	const start = (call: () => Promise<void>): void => {
		const timing = timed(call);
		calls.add(timing);
		void timing.finally(() => calls.delete(timing));
	};
	const traffic = setInterval(() => {
		start(change);
		for (let index = 0; index < 4; index++) start(read);
	}, pauseMs);
	const switching = setInterval(() => {
		const {tracking} = opened().internals.parts;
		tracking.use(ways[++switches % ways.length] ?? 'tracked');
	}, switchMs);
	return async () => {
		if (!isOver) {
			clearInterval(traffic);
			clearInterval(switching);
			isOver = true;
			await Promise.race([Promise.all(calls), new Promise((resolve) => setTimeout(resolve, 10_000))]);
		}
		return {changes, reads, slowestMs, unsettled, failed, switches};
	};
};

serve({
	async open(opening: Opening) {
		cache = new RedisCache({
			url: opening.url,
			deadline: '500ms',
			ttl: {default: '1h', jitter: 0},
			// The judge finds a change that is learned only after this time.
			memory: {trust: '10m', coherence: 'auto'},
		});
		await cache.ready('30s');
		stopTraffic = begin(opening);
		return true;
	},
	stop: () => stopTraffic(),
	/** True if every server is in use and announces changes, and all changes have been reconciled. */
	isSettled() {
		const {mode, nodes = [], journal} = opened().stats();
		return (
			mode.mode === 'connected' &&
			nodes.every((node) => node.mode.mode === 'connected') &&
			journal.size === 0 &&
			opened().internals.parts.tracking.state.kind === 'tracking'
		);
	},
	replicas: () => (opened().stats().nodes ?? []).map(({replicas}) => replicas.length),
	/** Reads each key twice, the second time from memory if it was found. */
	async readAll(keys: readonly string[]) {
		await opened().getMany([...keys]);
		const found = await opened().getMany([...keys]);
		return keys.map((key) => found.get(key) ?? null);
	},
	async close() {
		await opened().close();
		return true;
	},
});
