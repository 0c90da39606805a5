import {LoaderTimeoutError, LoadQueueFullError} from '../../source/cache/api/errors.js';
import type {RedisCache} from '../../source/cache/redis-cache.js';
import {moment} from './moment.js';
import type {OriginAccess} from './origin.js';
import type {ChangeRecord, SoakRecord} from './records.js';
import type {RowKey, RowValue} from './rows.js';
import type {Sluggishness} from './sluggishness.js';

/** A call that takes longer hangs. Twice the deadline is normal if a marker has to be created first. */
export const plainLimitMs = 2500;
/** For a load: the wait for another's lease, its own timeout, and the cache before and after. */
export const loadLimitMs = 6000;

export class LoaderFailure extends Error {}
export class GaveUp extends Error {}

/** A call may reject with these. */
const fine = [LoaderFailure, GaveUp, LoaderTimeoutError, LoadQueueFullError];

export type MeasuredCallsOptions = {
	readonly name: string;
	/** Caches of processes that were killed, whose journals this one has adopted. */
	readonly inherits?: readonly string[];
	readonly cache: RedisCache;
	readonly origin: OriginAccess;
	readonly sluggishness: Sluggishness;
	readonly emit: (record: SoakRecord) => void;
};

/** State of the cache when a call begins. */
export type Begun = {
	readonly start: number;
	readonly turn: number;
	readonly clean: boolean;
	readonly modeChanges: number;
	/** Deadlines missed so far: a read that Redis does not answer in time is answered from memory. */
	readonly timeouts: number;
	/** Connections lost so far: so is a read that was on its way there, while the other lanes keep Redis in use. */
	readonly losses: number;
};

/** Makes the calls of one cache, and reports their results. Judges only their time and their rejections. */
export class MeasuredCalls {
	readonly #options: MeasuredCallsOptions;
	readonly #polling: NodeJS.Timeout;
	#turn = 0;
	#modeChanges = 0;
	#losses = 0;
	/** Number of calls made. */
	count = 0;

	constructor(options: MeasuredCallsOptions) {
		this.#options = options;
		const {cache, name, inherits = [], emit} = options;
		cache.on('mode', ({mode, reason}) => {
			this.#modeChanges++;
			emit({type: 'note', cache: name, at: moment(), text: `${mode}: ${reason}`});
		});
		cache.on('pool', ({type}) => {
			if (type !== 'ready') this.#losses++;
		});
		cache.on('reconcile', ({keys, kept, overflowed}) =>
			emit({
				type: 'note',
				cache: name,
				at: moment(),
				text: `reconciled ${keys} keys, kept ${kept}${overflowed ? ', markers' : ''}`,
			}),
		);
		this.#polling = setInterval(() => {
			if (!this.#clean) return;
			for (const cache of [name, ...inherits]) emit({type: 'clean', cache, at: moment()});
		}, 20);
	}

	stop(): void {
		clearInterval(this.#polling);
	}

	/** Notes the state of the cache before a call. */
	begin(): Begun {
		this.#turn++;
		const {timeouts} = this.#options.cache.internals.counters;
		return {
			start: moment(),
			turn: this.#turn,
			clean: this.#clean,
			modeChanges: this.#modeChanges,
			timeouts,
			losses: this.#losses,
		};
	}

	/** Makes a call, and checks that it settles, and that it rejects only for its caller's own reasons. */
	async make<T>(
		kind: string,
		limitMs: number,
		call: () => Promise<T>,
	): Promise<{readonly settled: true; readonly result: T} | {readonly settled: false}> {
		const {name, emit, sluggishness} = this.#options;
		this.count++;
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
			if (result !== 'hung') return {settled: true, result};
			emit({
				type: 'failure',
				cache: name,
				at: moment(),
				what: `${kind} had not settled after ${Math.round(moment() - started)} ms`,
			});
		} catch (error) {
			if (!fine.some((kind) => error instanceof kind))
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

	/**
	 * @param nothing The meaning of `undefined` for this kind of call.
	 * @param fresh True if the cache said that the value is not stale.
	 */
	async emitRead(
		row: RowKey,
		kind: string,
		begun: Begun,
		value: RowValue | undefined,
		nothing: 'miss' | 'no such row',
		fresh = false,
	): Promise<void> {
		const {cache, name, emit, origin, sluggishness} = this.#options;
		const end = moment();
		const isAnswered = begun.timeouts === cache.internals.counters.timeouts && begun.losses === this.#losses;
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
			fresh,
			originVersion,
			clean,
			sluggish,
		});
	}

	emitChange(
		rows: readonly RowKey[],
		versions: readonly number[],
		kind: string,
		begun: Begun,
		{stored, soft = false}: {readonly stored: ChangeRecord['stored']; readonly soft?: boolean},
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
				soft,
			});
	}

	get #clean(): boolean {
		const {internals} = this.#options.cache;
		return internals.isConnected && internals.parts.journal.size === 0;
	}
}
