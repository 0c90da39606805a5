import {setTimeout as sleep} from 'node:timers/promises';
import {Redis} from 'ioredis';
import type {LoaderOptions} from '../../source/cache/api/types.js';
import {RedisCache} from '../../source/cache/redis-cache.js';
import {type Child, startChild} from '../support/child.js';
import {startRedisProcess} from '../support/redis-process.js';
import type {Slot, Start} from './metastable/caller.js';
import {capacity, Origin} from './metastable/origin.js';

const processes = 4;
const keys = 1000;
/** Calls a second of each process. */
const rate = 200;
const slotMs = 250;
const calmMs = 2000;
const observedMs = 15_000;
const hardTimeout = '1s';

type Variant = {
	readonly name: string;
	readonly loader: LoaderOptions;
	/** True: values become stale, by `clear({soft: true})`, instead of being lost. */
	readonly isSoft?: boolean;
};

const concurrency = Math.floor(capacity / processes);

const variants: readonly Variant[] = [
	{name: 'no limit', loader: {hardTimeout}},
	{name: '`concurrency: 12`', loader: {hardTimeout, concurrency}},
	{
		name: '`concurrency: 12`, `queue: 60`',
		loader: {hardTimeout, concurrency, queue: 60},
	},
	{name: '`concurrency: 12`, and stale instead of lost', loader: {hardTimeout, concurrency}, isSoft: true},
];

/** All values are lost at once, and every caller turns to a database that takes 50 calls at a time. */
export async function run(): Promise<void> {
	process.stdout.write(
		`\n## When all values are lost\n\n| loader | calls answered in the 15 s after | all calls are answered again after | refused at once | timed out | calls of the database, at once |\n| --- | ---: | ---: | ---: | ---: | ---: |\n`,
	);
	for (const variant of variants)
		process.stdout.write(`| ${variant.name} | ${(await measure(variant)).join(' | ')} |\n`);
}

async function measure({loader, isSoft = false}: Variant): Promise<readonly (string | number)[]> {
	const redis = await startRedisProcess();
	const origin = new Origin();
	const raw = new Redis(redis.port, redis.host);
	const own = new RedisCache({url: redis.url, ttl: {default: '1h', grace: '1h'}});
	await fill(own);
	const children = await Promise.all(Array.from({length: processes}, () => startCaller(origin)));
	const terms: Start = {url: redis.url, keys, rate, slotMs, loader};
	await Promise.all(children.map((child) => child.call('start', terms)));
	await sleep(calmMs);
	const before = {...origin.counts};
	await (isSoft ? own.clear({soft: true}) : raw.flushall());
	await sleep(observedMs);
	const slots = await Promise.all(children.map((child) => child.call<Slot[]>('stop')));
	await Promise.all(children.map((child) => child.kill()));
	origin.stop();
	await own.close();
	raw.disconnect();
	await redis.close();
	return figures(slots, origin.counts.calls - before.calls, origin.counts.peak);
}

/** Everything is cached when the traffic begins. */
async function fill(cache: RedisCache): Promise<void> {
	await cache.ready();
	await cache.setMany(Array.from({length: keys}, (_, index) => [`key:${index}`, {text: 'x'.repeat(200)}]));
}

async function startCaller(origin: Origin): Promise<Child> {
	const child: Child = await startChild(new URL('metastable/caller.ts', import.meta.url), (message) => {
		const {ask} = message as {readonly ask: number};
		void origin.call().then(() => child.send({answer: ask}));
	});
	return child;
}

function figures(slotsOf: readonly Slot[][], calls: number, peak: number): readonly (string | number)[] {
	const lostAt = Math.floor(calmMs / slotMs);
	const after: Slot[] = [];
	for (let index = lostAt; index < lostAt + observedMs / slotMs; index++) {
		const sum: Slot = {good: 0, failed: 0, refused: 0};
		for (const slots of slotsOf) {
			const slot = slots[index];
			sum.good += slot?.good ?? 0;
			sum.failed += slot?.failed ?? 0;
			sum.refused += slot?.refused ?? 0;
		}
		after.push(sum);
	}
	const total = (name: keyof Slot) => after.reduce((sum, slot) => sum + slot[name], 0);
	const made = total('good') + total('failed') + total('refused');
	const lastBad = after.findLastIndex(({failed, refused}) => failed + refused > 0);
	const isOver = lastBad < after.length - 4;
	return [
		`${((100 * total('good')) / made).toFixed(1)} %`,
		isOver ? `${(((lastBad + 1) * slotMs) / 1000).toFixed(1)} s` : 'never',
		total('refused'),
		total('failed'),
		`${calls}, ${peak}`,
	];
}
