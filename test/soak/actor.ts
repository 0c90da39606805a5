import {LoaderTimeoutError} from '../../source/cache/api/errors.js';
import type {CacheApi, SetOptions} from '../../source/cache/api/types.js';
import type {RedisCache} from '../../source/cache/redis-cache.js';
import type {Chance} from './chance.js';
import {moment} from './moment.js';
import type {OriginAccess} from './origin.js';
import type {ChangeRecord, SoakRecord} from './records.js';
import {hotRows, isThere, namespaces, type RowKey, type RowValue, rowKeys, shapes, tags} from './rows.js';
import type {Sluggishness} from './sluggishness.js';

/** A call that takes longer hangs. Twice the deadline is normal if an invalidation time has to be created first. */
const plainLimitMs = 2500;
/** For a load: the wait for another's lease, its own timeout, and the cache before and after. */
const loadLimitMs = 6000;

const reads = {get: 40, getEntry: 3, getOrSet: 40, getMany: 6, has: 1, ttl: 1} as const;
const weights = {
	...reads,
	set: 6,
	delete: 5,
	burst: 2,
	sequel: 7,
	setMany: 0.5,
	deleteMany: 0.5,
	expire: 1,
	touch: 1,
	invalidateTags: 0.4,
	clear: 0.1,
} as const;

const quietWeights = {
	...weights,
	set: 0,
	delete: 0,
	burst: 0,
	sequel: 0,
	setMany: 0,
	deleteMany: 0,
	invalidateTags: 0,
	clear: 0,
};

class LoaderFailure extends Error {}
class GaveUp extends Error {}

export type ActorOptions = {
	readonly name: string;
	readonly cache: RedisCache;
	readonly origin: OriginAccess;
	readonly chance: Chance;
	readonly sluggishness: Sluggishness;
	/** Longest pause between two calls of one fiber, in ms. */
	readonly pauseMs: number;
	readonly emit: (record: SoakRecord) => void;
};

/** State of the cache when a call begins. */
type Begun = {
	readonly start: number;
	readonly turn: number;
	readonly clean: boolean;
	readonly modeChanges: number;
	/** Deadlines missed so far: a read that Redis does not answer in time is answered from memory. */
	readonly timeouts: number;
};

/** Makes random calls of one cache, several at a time, and reports each. Judges only their time and their rejections. */
export class Actor {
	readonly #options: ActorOptions;
	readonly #spaces: ReadonlyMap<string, CacheApi>;
	readonly #fibres: Promise<void>[] = [];
	readonly #polling: NodeJS.Timeout;
	#turn = 0;
	#modeChanges = 0;
	#running = true;
	/** True while it only reads. */
	quiet = false;
	/** Number of calls made. */
	calls = 0;

	constructor(options: ActorOptions, fibres: number) {
		this.#options = options;
		const {cache, name, emit} = options;
		this.#spaces = new Map(namespaces.map((namespace) => [namespace, cache.namespace(namespace)]));
		cache.on('mode', ({mode, reason}) => {
			this.#modeChanges++;
			emit({type: 'note', cache: name, at: moment(), text: `${mode}: ${reason}`});
		});
		cache.on('reconcile', ({keys, kept, overflowed}) =>
			emit({
				type: 'note',
				cache: name,
				at: moment(),
				text: `reconciled ${keys} keys, kept ${kept}${overflowed ? ', marks' : ''}`,
			}),
		);
		this.#polling = setInterval(() => {
			if (this.#clean) emit({type: 'clean', cache: name, at: moment()});
		}, 20);
		for (let index = 0; index < fibres; index++) this.#fibres.push(this.#fibre());
	}

	async stop(): Promise<void> {
		this.#running = false;
		await Promise.all(this.#fibres);
		clearInterval(this.#polling);
	}

	get #clean(): boolean {
		const {internals} = this.#options.cache;
		return internals.isConnected && internals.parts.journal.size === 0;
	}

	async #fibre(): Promise<void> {
		const {chance, pauseMs} = this.#options;
		while (this.#running) {
			if (chance.is(0.3)) await new Promise((resolve) => setTimeout(resolve, chance.between(0, pauseMs)));
			// After this, everything that has arrived at this process was handled.
			await new Promise((resolve) => setImmediate(resolve));
			await this.#act(chance.weighted<keyof typeof weights>(this.quiet ? quietWeights : weights));
		}
	}

	async #act(what: keyof typeof weights): Promise<void> {
		const {chance} = this.#options;
		const row = chance.is(0.25) ? chance.of(hotRows) : chance.of(rowKeys);
		const api = this.#api(row);
		switch (what) {
			case 'get':
				return this.#read(row, 'get', () => api.get<RowValue>(row.name));
			case 'getEntry':
				return this.#read(row, 'getEntry', async () => (await api.getEntry<RowValue>(row.name))?.value);
			case 'getOrSet':
				return this.#load(row);
			case 'getMany':
				return this.#readMany();
			case 'has':
				await this.#call('has', plainLimitMs, () => api.has(row.name));
				return;
			case 'ttl':
				await this.#call('ttl', plainLimitMs, () => api.ttl(row.name));
				return;
			case 'expire':
				await this.#call('expire', plainLimitMs, () => api.expire(row.name, chance.whole(1, 2000)));
				return;
			case 'touch':
				await this.#call('touch', plainLimitMs, () => api.touch(row.name));
				return;
			case 'set':
				return this.#set(row);
			case 'delete':
				return this.#change([row], 'delete', () => api.delete(row.name));
			case 'setMany':
				return this.#setMany();
			case 'deleteMany': {
				const some = this.#someOf(row.namespace);
				return this.#change(some, 'deleteMany', () => api.deleteMany(some.map(({name}) => name)));
			}
			case 'burst':
				return this.#burst(row);
			case 'sequel':
				return this.#sequel(row);
			case 'invalidateTags': {
				const tag = chance.of(tags);
				const namespace = chance.of(namespaces);
				const hit = rowKeys.filter((key) => key.namespace === namespace && key.tags.includes(tag));
				return this.#change(hit, `invalidateTags ${tag}`, () => this.#space(namespace).invalidateTags([tag]));
			}
			case 'clear': {
				const namespace = chance.of(namespaces);
				const hit = rowKeys.filter((key) => key.namespace === namespace);
				return this.#change(hit, 'clear', () => this.#space(namespace).clear());
			}
		}
	}

	async #read(row: RowKey, kind: string, call: () => Promise<RowValue | undefined>): Promise<void> {
		const begun = this.#begin();
		const value = await this.#call(kind, plainLimitMs, call);
		if (value.settled) await this.#emitRead(row, kind, begun, value.result, 'miss');
	}

	async #readMany(): Promise<void> {
		const rows = this.#someOf(this.#options.chance.of(namespaces));
		const first = rows[0];
		if (first === undefined) return;
		const begun = this.#begin();
		const values = await this.#call('getMany', plainLimitMs, () =>
			this.#api(first).getMany<RowValue>(rows.map(({name}) => name)),
		);
		if (!values.settled) return;
		for (const row of rows) await this.#emitRead(row, 'getMany', begun, values.result?.get(row.name), 'miss');
	}

	async #load(row: RowKey): Promise<void> {
		const {chance, origin} = this.#options;
		const controller = chance.is(0.05) ? new AbortController() : undefined;
		if (controller !== undefined) setTimeout(() => controller.abort(new GaveUp()), chance.between(0, 40));
		const chooseLate = chance.is(0.5);
		const fails = chance.is(0.05);
		const slowMs = chance.is(0.1) ? chance.between(50, 500) : chance.between(0, 15);
		const lifetime = this.#lifetime();
		const begun = this.#begin();
		const value = await this.#call('getOrSet', loadLimitMs, () =>
			this.#api(row).getOrSet<RowValue | undefined>(
				row.name,
				async ({setOptions}) => {
					const version = await origin.read(row.index);
					await new Promise((resolve) => setTimeout(resolve, slowMs));
					if (fails) throw new LoaderFailure();
					if (chooseLate) setOptions({tags: row.tags});
					return isThere(version) ? this.#value(version, 'load') : undefined;
				},
				{
					...lifetime,
					...(chooseLate ? {} : {tags: row.tags}),
					...(controller === undefined ? {} : {signal: controller.signal}),
					...(chance.is(0.2) ? {softTimeout: 20} : {}),
					...(chance.is(0.1) ? {refreshAhead: 0.9} : {}),
					...(chance.is(0.05) ? {fresh: true} : {}),
					negativeTtl: chance.of([0, 100, 2000]),
					hardTimeout: 1000,
				},
			),
		);
		if (value.settled) await this.#emitRead(row, 'getOrSet', begun, value.result, 'no such row');
	}

	#set(row: RowKey): Promise<void> {
		return this.#change([row], 'set', ([version = 0]) => this.#store(row, version));
	}

	#setMany(): Promise<void> {
		const {chance} = this.#options;
		// The same tags for all of them.
		const shape = chance.whole(0, shapes - 1);
		const rows = rowKeys.filter((row) => row.index % shapes === shape && !row.aside);
		const first = rows[0];
		if (first === undefined) return Promise.resolve();
		return this.#change(
			rows,
			'setMany',
			async (versions) => {
				const entries = rows.map((row, index) => [row.name, this.#value(versions[index] ?? 0, 'set')] as const);
				return this.#api(first).setMany(entries, {...this.#lifetime(), tags: first.tags});
			},
			true,
		);
	}

	/** Several changes of a row without waiting in between: the last one must win. */
	async #burst(row: RowKey): Promise<void> {
		const calls: Promise<void>[] = [];
		const versions = await this.#options.origin.change([row.index, row.index, row.index]);
		for (const version of versions) {
			const begun = this.#begin();
			const call = this.#call('burst', plainLimitMs, () => this.#store(row, version));
			calls.push(
				call.then((result) => {
					if (result.settled) this.#emitChange([row], [version], 'burst', begun, result.result.stored);
				}),
			);
		}
		await Promise.all(calls);
	}

	/** A change right after the result of an earlier one, which must not take effect after it. */
	async #sequel(row: RowKey): Promise<void> {
		await this.#set(row);
		if (this.#options.chance.is(0.5)) await this.#change([row], 'delete', () => this.#api(row).delete(row.name));
		else await this.#set(row);
	}

	/** `set`; or `delete` if this version of the row does not exist, or the row is never set. */
	#store(row: RowKey, version: number): Promise<{readonly stored: 'redis' | 'memory'}> {
		if (row.aside || !isThere(version)) return this.#api(row).delete(row.name);
		return this.#api(row).set(row.name, this.#value(version, 'set'), {...this.#lifetime(), tags: row.tags});
	}

	async #change(
		rows: readonly RowKey[],
		kind: string,
		call: (versions: readonly number[]) => Promise<{readonly stored: 'redis' | 'memory'}>,
		/** True if the row exists in each of these versions: others cannot be set. */
		onlyWhereThere = false,
	): Promise<void> {
		const versions = await this.#options.origin.change(rows.map(({index}) => index));
		if (onlyWhereThere && !versions.every(isThere)) {
			// Deleted in the cache.
			return this.#tell(rows, versions, 'deleteMany', () =>
				this.#api(rows[0] as RowKey).deleteMany(rows.map(({name}) => name)),
			);
		}
		return this.#tell(rows, versions, kind, () => call(versions));
	}

	async #tell(
		rows: readonly RowKey[],
		versions: readonly number[],
		kind: string,
		call: () => Promise<{readonly stored: 'redis' | 'memory'}>,
	): Promise<void> {
		const begun = this.#begin();
		const result = await this.#call(kind, plainLimitMs, call);
		if (result.settled) this.#emitChange(rows, versions, kind, begun, result.result.stored);
	}

	#begin(): Begun {
		this.#turn++;
		const {timeouts} = this.#options.cache.internals.counters;
		return {start: moment(), turn: this.#turn, clean: this.#clean, modeChanges: this.#modeChanges, timeouts};
	}

	/** Makes a call, and checks that it settles, and that it rejects only for its caller's own reasons. */
	async #call<T>(
		kind: string,
		limitMs: number,
		call: () => Promise<T>,
	): Promise<{readonly settled: true; readonly result: T} | {readonly settled: false}> {
		const {name, emit, sluggishness} = this.#options;
		this.calls++;
		const started = moment();
		let timer: NodeJS.Timeout | undefined;
		const hung = new Promise<'hung'>((resolve) => {
			// After a time in which this process did not run, what has arrived is handled before the call is judged.
			const look = () => {
				const left = limitMs + 3 * sluggishness.worst - (moment() - started);
				if (left > 0) timer = setTimeout(() => setImmediate(look), left);
				else resolve('hung');
			};
			timer = setTimeout(() => setImmediate(look), limitMs);
		});
		try {
			const result = await Promise.race([call(), hung]);
			if (result !== 'hung') return {settled: true, result: result as T};
			emit({
				type: 'failure',
				cache: name,
				at: moment(),
				what: `${kind} had not settled after ${Math.round(moment() - started)} ms`,
			});
		} catch (error) {
			const fine = error instanceof LoaderFailure || error instanceof GaveUp || error instanceof LoaderTimeoutError;
			if (!fine)
				emit({
					type: 'failure',
					cache: name,
					at: moment(),
					what: `${kind} rejected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
				});
		} finally {
			clearTimeout(timer);
		}
		return {settled: false};
	}

	async #emitRead(
		row: RowKey,
		kind: string,
		begun: Begun,
		value: RowValue | undefined,
		nothing: 'miss' | 'no such row',
	): Promise<void> {
		const {cache, name, emit, origin, sluggishness} = this.#options;
		const end = moment();
		const isAnswered = begun.timeouts === cache.internals.counters.timeouts;
		const clean = begun.clean && this.#clean && begun.modeChanges === this.#modeChanges && isAnswered;
		const sluggish = sluggishness.worst;
		const originVersion = value === undefined && nothing === 'no such row' ? await origin.read(row.index) : 0;
		emit({
			type: 'read',
			row: row.index,
			kind,
			cache: name,
			turn: begun.turn,
			start: begun.start,
			end,
			got: value === undefined ? nothing : {version: value.version, by: value.by},
			originVersion,
			clean,
			sluggish,
		});
	}

	#emitChange(
		rows: readonly RowKey[],
		versions: readonly number[],
		kind: string,
		begun: Begun,
		stored: ChangeRecord['stored'],
	): void {
		const {name, emit} = this.#options;
		const end = moment();
		const {start, turn} = begun;
		for (const [place, row] of rows.entries())
			emit({
				type: 'change',
				row: row.index,
				version: versions[place] ?? 0,
				kind,
				cache: name,
				turn,
				start,
				end,
				stored,
			});
	}

	#someOf(namespace: string): readonly RowKey[] {
		const {chance} = this.#options;
		return rowKeys.filter((row) => row.namespace === namespace && chance.is(0.15));
	}

	#lifetime(): SetOptions {
		const {chance} = this.#options;
		return {ttl: chance.is(0.03) ? 0 : chance.of([100, 2000, 60_000, 60_000]), grace: chance.of([0, 0, 500, 5000])};
	}

	#value(version: number, by: 'set' | 'load'): RowValue {
		return {version, by, padding: this.#options.chance.is(0.05) ? 'x'.repeat(20_000) : ''};
	}

	#api(row: RowKey): CacheApi {
		return this.#space(row.namespace);
	}

	#space(namespace: string): CacheApi {
		return this.#spaces.get(namespace) ?? this.#options.cache;
	}
}
