import type {CacheApi, InvalidateOptions, SetOptions, WriteResult} from '../../source/cache/api/types.js';
import type {Chance} from './chance.js';
import {
	GaveUp,
	LoaderFailure,
	loadLimitMs,
	MeasuredCalls,
	type MeasuredCallsOptions,
	plainLimitMs,
} from './measured-calls.js';
import {hotRows, isThere, namespaces, type RowKey, type RowValue, rowKeys, shapes, tags} from './rows.js';

/** The relative frequency of each action. */
const weights = {
	get: 32,
	getEntry: 12,
	getOrSet: 38,
	getOrSetMany: 2,
	getMany: 5,
	has: 1,
	ttl: 1,
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

type Changed = WriteResult & {readonly soft?: boolean};

export type ActorOptions = MeasuredCallsOptions & {
	readonly chance: Chance;
	/** Longest pause between two calls of one fiber, in ms. */
	readonly pauseMs: number;
};

/** Makes random calls of one cache, several at a time. Each fiber awaits one call before it makes the next. */
export class Actor {
	readonly #options: ActorOptions;
	readonly #namespaces: ReadonlyMap<string, CacheApi>;
	readonly #calls: MeasuredCalls;
	readonly #fibers: Promise<void>[] = [];
	#running = true;
	/** True while it only reads. */
	quiet = false;

	constructor(options: ActorOptions, fibers: number) {
		this.#options = options;
		this.#calls = new MeasuredCalls(options);
		const {cache} = options;
		this.#namespaces = new Map(namespaces.map((namespace) => [namespace, cache.namespace(namespace)]));
		for (let index = 0; index < fibers; index++) this.#fibers.push(this.#fiber());
	}

	/** Number of calls made. */
	get calls(): number {
		return this.#calls.count;
	}

	async stop(): Promise<void> {
		this.#running = false;
		await Promise.all(this.#fibers);
		this.#calls.stop();
	}

	async #fiber(): Promise<void> {
		const {chance, pauseMs} = this.#options;
		while (this.#running) {
			if (chance.is(0.3)) await new Promise((resolve) => setTimeout(resolve, chance.between(0, pauseMs)));
			// After this, everything that has arrived at this process was handled.
			await new Promise((resolve) => setImmediate(resolve));
			await this.#act(chance.weighted<keyof typeof weights>(this.quiet ? quietWeights : weights));
		}
	}

	async #act(action: keyof typeof weights): Promise<void> {
		const {chance} = this.#options;
		const row = chance.is(0.25) ? chance.of(hotRows) : chance.of(rowKeys);
		const api = this.#api(row);
		switch (action) {
			case 'get':
				return this.#read(row, 'get', () => api.get<RowValue>(row.name));
			case 'getEntry':
				return this.#readEntry(row);
			case 'getOrSet':
				return this.#load(row);
			case 'getOrSetMany':
				return this.#loadMany();
			case 'getMany':
				return this.#readMany();
			case 'has':
				await this.#calls.make('has', plainLimitMs, () => api.has(row.name));
				return;
			case 'ttl':
				await this.#calls.make('ttl', plainLimitMs, () => api.ttl(row.name));
				return;
			case 'expire':
				await this.#calls.make('expire', plainLimitMs, () => api.expire(row.name, chance.whole(1, 2000)));
				return;
			case 'touch':
				await this.#calls.make('touch', plainLimitMs, () => api.touch(row.name));
				return;
			case 'set':
				return this.#set(row);
			case 'delete':
				return this.#invalidate([row], 'delete', (options) => api.delete(row.name, options));
			case 'setMany':
				return this.#setMany();
			case 'deleteMany': {
				const some = this.#someOf(row.namespace);
				const names = some.map(({name}) => name);
				return this.#invalidate(some, 'deleteMany', (options) => api.deleteMany(names, options));
			}
			case 'burst':
				return this.#burst(row);
			case 'sequel':
				return this.#sequel(row);
			case 'invalidateTags': {
				const tag = chance.of(tags);
				const namespace = chance.of(namespaces);
				const hit = rowKeys.filter((key) => key.namespace === namespace && key.tags.includes(tag));
				return this.#invalidate(hit, `invalidateTags ${tag}`, (options) =>
					this.#namespace(namespace).invalidateTags([tag], options),
				);
			}
			case 'clear': {
				const namespace = chance.of(namespaces);
				const hit = rowKeys.filter((key) => key.namespace === namespace);
				return this.#invalidate(hit, 'clear', (options) => this.#namespace(namespace).clear(options));
			}
		}
	}

	async #read(row: RowKey, kind: string, call: () => Promise<RowValue | undefined>): Promise<void> {
		const begun = this.#calls.begin();
		const value = await this.#calls.make(kind, plainLimitMs, call);
		if (value.settled) await this.#calls.emitRead(row, kind, begun, value.result, 'miss');
	}

	async #readEntry(row: RowKey): Promise<void> {
		const stale = this.#options.chance.is(0.3);
		const begun = this.#calls.begin();
		const entry = await this.#calls.make('getEntry', plainLimitMs, () =>
			this.#api(row).getEntry<RowValue>(row.name, {stale}),
		);
		if (!entry.settled) return;
		await this.#calls.emitRead(row, 'getEntry', begun, entry.result?.value, 'miss', entry.result?.stale === false);
	}

	async #readMany(): Promise<void> {
		const rows = this.#someOf(this.#options.chance.of(namespaces));
		const first = rows[0];
		if (first === undefined) return;
		const begun = this.#calls.begin();
		const values = await this.#calls.make('getMany', plainLimitMs, () =>
			this.#api(first).getMany<RowValue>(rows.map(({name}) => name)),
		);
		if (!values.settled) return;
		for (const row of rows) await this.#calls.emitRead(row, 'getMany', begun, values.result?.get(row.name), 'miss');
	}

	async #load(row: RowKey): Promise<void> {
		const {chance, origin} = this.#options;
		const controller = chance.is(0.05) ? new AbortController() : undefined;
		if (controller !== undefined) setTimeout(() => controller.abort(new GaveUp()), chance.between(0, 40));
		const chooseLate = chance.is(0.5);
		const fails = chance.is(0.05);
		const keeps = chance.is(0.5);
		const slowMs = chance.is(0.1) ? chance.between(50, 500) : chance.between(0, 15);
		const lifetime = this.#lifetime();
		const begun = this.#calls.begin();
		const value = await this.#calls.make('getOrSet', loadLimitMs, () =>
			this.#api(row).getOrSet<RowValue | undefined>(
				row.name,
				async ({setOptions, stale, keep}) => {
					const version = await origin.read(row.index);
					await new Promise((resolve) => setTimeout(resolve, slowMs));
					if (fails) throw new LoaderFailure();
					if (keeps && (stale?.value as RowValue | undefined)?.version === version) return keep(lifetime);
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
		if (value.settled) await this.#calls.emitRead(row, 'getOrSet', begun, value.result, 'no such row');
	}

	async #loadMany(): Promise<void> {
		const {chance, origin} = this.#options;
		const rows = this.#someOf(chance.of(namespaces));
		const [first] = rows;
		if (first === undefined) return;
		const fails = chance.is(0.05);
		const byName = new Map(rows.map((row) => [row.name, row]));
		const lifetime = this.#lifetime();
		const begun = this.#calls.begin();
		const values = await this.#calls.make('getOrSetMany', loadLimitMs, () =>
			this.#api(first).getOrSetMany<RowValue>(
				byName.keys(),
				async ({keys, stale, keep, setOptions}) => {
					const loaded: [string, RowValue][] = [];
					for (const key of keys) {
						const row = byName.get(key) as RowKey;
						const version = await origin.read(row.index);
						if ((stale.get(key)?.value as RowValue | undefined)?.version === version) keep(key, lifetime);
						else {
							setOptions(key, {tags: row.tags});
							if (isThere(version)) loaded.push([key, this.#value(version, 'load')]);
						}
					}
					if (fails) throw new LoaderFailure();
					return loaded;
				},
				{...lifetime, negativeTtl: chance.of([0, 100, 2000]), hardTimeout: 1000, partial: chance.is(0.5)},
			),
		);
		if (!values.settled) return;
		for (const row of rows)
			await this.#calls.emitRead(row, 'getOrSetMany', begun, values.result?.get(row.name), 'miss');
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
			const begun = this.#calls.begin();
			const call = this.#calls.make('burst', plainLimitMs, () => this.#store(row, version));
			calls.push(
				call.then((result) => {
					if (result.settled) this.#calls.emitChange([row], [version], 'burst', begun, result.result);
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
	#store(row: RowKey, version: number): Promise<WriteResult> {
		if (row.aside || !isThere(version)) return this.#api(row).delete(row.name);
		return this.#api(row).set(row.name, this.#value(version, 'set'), {...this.#lifetime(), tags: row.tags});
	}

	/** An invalidation, soft or not. */
	#invalidate(
		rows: readonly RowKey[],
		kind: string,
		call: (options: InvalidateOptions) => Promise<WriteResult>,
	): Promise<void> {
		const soft = this.#options.chance.is(0.4);
		return this.#change(rows, kind, async () => ({...(await call({soft})), soft}));
	}

	async #change(
		rows: readonly RowKey[],
		kind: string,
		call: (versions: readonly number[]) => Promise<Changed>,
		/** True if the row exists in each of these versions: others cannot be set. */
		onlyWhereThere = false,
	): Promise<void> {
		const versions = await this.#options.origin.change(rows.map(({index}) => index));
		if (onlyWhereThere && !versions.every(isThere)) {
			// A row that does not exist in its new version cannot be set: all of them are deleted instead.
			return this.#makeChange(rows, versions, 'deleteMany', () =>
				this.#api(rows[0] as RowKey).deleteMany(rows.map(({name}) => name)),
			);
		}
		return this.#makeChange(rows, versions, kind, () => call(versions));
	}

	async #makeChange(
		rows: readonly RowKey[],
		versions: readonly number[],
		kind: string,
		call: () => Promise<Changed>,
	): Promise<void> {
		const begun = this.#calls.begin();
		const result = await this.#calls.make(kind, plainLimitMs, call);
		if (result.settled) this.#calls.emitChange(rows, versions, kind, begun, result.result);
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
		return this.#namespace(row.namespace);
	}

	#namespace(namespace: string): CacheApi {
		return this.#namespaces.get(namespace) ?? this.#options.cache;
	}
}
