import type {SafetySwitches} from '../../source/cache/outage/safety-switches.js';
import {RedisCache} from '../../source/cache/redis-cache.js';
import {serve} from '../support/serve.js';
import {Actor} from './actor.js';
import {cast, roleOf} from './cast.js';
import {Chance} from './chance.js';
import type {OriginAccess} from './origin.js';
import type {SoakRecord} from './records.js';
import {Sluggishness} from './sluggishness.js';
import {longestStart} from './start-limit.js';
import {unsettled} from './unsettled.js';
import {switchWays, type Way, withWay} from './ways.js';

/** Messages of a child to its parent. */
export type FromChild =
	| {readonly ask: number; readonly rows: readonly number[]; readonly change: boolean}
	| {readonly records: readonly SoakRecord[]};

type FromParent = {readonly answer: number; readonly versions: readonly number[]};

const asked = new Map<number, (versions: readonly number[]) => void>();
let lastAsk = 0;
const send = (message: FromChild): void => {
	if (process.connected) process.send?.(message);
};
const ask = (rows: readonly number[], change: boolean): Promise<readonly number[]> =>
	new Promise((resolve) => {
		lastAsk++;
		asked.set(lastAsk, resolve);
		send({ask: lastAsk, rows, change});
	});
process.on('message', (message: Partial<FromParent>) => {
	if (message.answer === undefined) return;
	asked.get(message.answer)?.(message.versions ?? []);
	asked.delete(message.answer);
});

const origin: OriginAccess = {
	read: async (row) => (await ask([row], false))[0] ?? 0,
	change: (rows) => ask(rows, true),
};

const sluggishness = new Sluggishness();
const actors: Actor[] = [];
const caches = new Map<string, RedisCache>();
let batch: SoakRecord[] = [];
const flushing = setInterval(flush, 50);

function flush(): void {
	if (batch.length > 0) send({records: batch});
	batch = [];
}

serve({
	start: async ({
		name,
		url,
		seed,
		fibers,
		pauseMs,
		switches,
		way,
		directory,
		inherits,
	}: {
		readonly name: string;
		readonly url: string;
		readonly seed: number;
		readonly fibers: number;
		readonly pauseMs: number;
		readonly switches: SafetySwitches;
		readonly way: Way;
		/** Of journals, if its process is killed now and then. */
		readonly directory?: string;
		readonly inherits: readonly string[];
	}) => {
		const role = cast.find((candidate) => candidate.name === roleOf(name));
		const journal = {...role?.options.journal, directory};
		const cache = new RedisCache({...withWay(role?.options ?? {}, way), url, journal}, switches);
		caches.set(name, cache);
		await cache.ready(longestStart);
		const emit = (record: SoakRecord) => void batch.push(record);
		const chance = new Chance(seed);
		if (way === 'switching') switchWays(cache, chance.fork());
		actors.push(new Actor({name, inherits, cache, origin, chance, sluggishness, pauseMs, emit}, fibers));
	},
	quiet: (quiet: boolean) => {
		for (const actor of actors) actor.quiet = quiet;
	},
	unsettled: () => [...caches].flatMap(([name, cache]) => unsettled(name, cache) ?? []),
	stop: async () => {
		await Promise.all(actors.map((actor) => actor.stop()));
		await Promise.all([...caches.values()].map((cache) => cache.close()));
		clearInterval(flushing);
		sluggishness.stop();
		flush();
		return actors.reduce((sum, {calls}) => sum + calls, 0);
	},
});
