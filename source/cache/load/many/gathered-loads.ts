import {InvalidArgumentError} from '../../../pool/errors.js';
import {setImmediate} from '../../../time/real-time.js';
import type {LoaderContext, ManyLoader, StaleValue} from '../../api/call-types.js';
import {raceWithSignal} from '../../support/race-with-signal.js';
import type {LoaderSlots} from '../limits/loader-slots.js';
import type {ManyLoad} from '../load.js';
import {checkLoaded} from './check-loaded.js';

/** A key that is ready to be loaded. */
type Due = {
	/** Place of the key among those of the call. */
	readonly order: number;
	readonly context: LoaderContext;
	readonly resolve: (returned: unknown) => void;
	readonly reject: (error: unknown) => void;
};

/** The load of one key of a `getOrSetMany`. */
export type GatheredLoad = ManyLoad & {
	/** Called when the value of the key is to be loaded. */
	loader(context: LoaderContext): Promise<unknown>;
};

/**
 * Gathers the loads of one `getOrSetMany`. Each load has its own flight and lease; the loader is called once for all keys whose
 * lease was granted. Keys that another process was loading without success are loaded later, in a separate call of the loader.
 */
export class GatheredLoads {
	readonly #loadMissing: ManyLoader<unknown>;
	readonly #slots: LoaderSlots;
	/** Loads whose loader is likely to be called within a round trip. */
	#expected = 0;
	#due: Due[] = [];
	#isScheduled = false;

	constructor(loadMissing: ManyLoader<unknown>, slots: LoaderSlots) {
		this.#loadMissing = loadMissing;
		this.#slots = slots;
	}

	/**
	 * Call it for all keys before the first load begins, since a load without a lease calls its loader at once.
	 *
	 * @param order Place of the key among those of the call.
	 */
	expect(order: number): GatheredLoad {
		this.#expected++;
		let isExpected = true;
		const settle = () => {
			if (!isExpected) return;
			isExpected = false;
			if (--this.#expected === 0) this.#call();
		};
		return {
			delayed: settle,
			loader: (context) =>
				new Promise((resolve, reject) => {
					this.#due.push({order, context, resolve, reject});
					if (isExpected) settle();
					else if (this.#expected === 0) this.#callSoon();
				}),
		};
	}

	/** Calls the loader after this turn, in which several keys may become ready. */
	#callSoon(): void {
		if (this.#isScheduled) return;
		this.#isScheduled = true;
		setImmediate(() => {
			this.#isScheduled = false;
			this.#call();
		});
	}

	#call(): void {
		// Skips loads that timed out while they waited for the others: they have already settled.
		const due = this.#due.filter(({context}) => !context.signal.aborted);
		this.#due = [];
		// The signal of the load that times out last. Loads that time out earlier are aborted individually.
		const signal = due.at(-1)?.context.signal;
		if (signal === undefined) return;
		due.sort((a, b) => a.order - b.order);
		this.#callInSlot(due, signal).catch((error: unknown) => {
			for (const {reject} of due) reject(error);
		});
	}

	async #callInSlot(due: readonly Due[], signal: AbortSignal): Promise<void> {
		const turn = this.#slots.enter(due[0]?.context.key ?? '');
		if (turn !== undefined) {
			await raceWithSignal(turn.promise, signal).catch((error: unknown) => {
				turn.cancel();
				throw error;
			});
		}
		try {
			const {values, kept} = await raceWithSignal(this.#load(due, signal), signal);
			for (const {context, resolve} of due) {
				const {key} = context;
				resolve(values.has(key) ? values.get(key) : kept.get(key));
			}
		} finally {
			this.#slots.leave();
		}
	}

	/** Calls the loader. `kept` has the symbols that stand for values that are not modified. */
	async #load(
		due: readonly Due[],
		signal: AbortSignal,
	): Promise<{readonly values: ReadonlyMap<string, unknown>; readonly kept: ReadonlyMap<string, unknown>}> {
		const contexts = new Map(due.map(({context}) => [context.key, context]));
		const contextOf = (key: string): LoaderContext => {
			const context = contexts.get(key);
			if (context !== undefined) return context;
			throw new InvalidArgumentError(`${JSON.stringify(key)} is not one of the keys that this loader was called for`);
		};
		const stale = new Map<string, StaleValue>();
		for (const {key, stale: value} of contexts.values()) if (value !== undefined) stale.set(key, value);
		const kept = new Map<string, unknown>();
		const returned = await this.#loadMissing({
			keys: [...contexts.keys()],
			signal,
			stale,
			setOptions: (key, options) => contextOf(key).setOptions(options),
			keep: (key, options) => {
				kept.set(key, contextOf(key).keep(options));
			},
		});
		return {values: checkLoaded(returned), kept};
	}
}
