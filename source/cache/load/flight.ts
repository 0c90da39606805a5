import type {LazyAbortController} from './lazy-abort-controller.js';

/** A load in progress in this process. Callers share it until its key may have changed since it began. */
export type Flight = {
	readonly redisKey: string;
	/** Token of its lease; `undefined` while the lease is being requested; 0 if it runs without one. */
	token: number | undefined;
	/** True while its result may be stored: until this process changes the key. */
	isValid: boolean;
	/** True while later callers may join it. */
	isOpen: boolean;
	readonly startedAt: number;
	/** Count of the change clock when its loader was called. */
	sequence: number;
	/** Generation of the namespace at that time; 0 if unknown. */
	generation: number;
	/**
	 * True if the namespace's counter was known to be current at that time. Otherwise Redis may not announce its next change.
	 */
	isCounterKnown: boolean;
	/** The value that its callers get. */
	readonly result: Promise<unknown>;
	/** Work after the result, during which the flight may still be joined. Never rejects. */
	afterwards: Promise<void> | undefined;
	readonly abort: LazyAbortController;
};
