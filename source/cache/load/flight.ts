import type {LazyAbortController} from './lazy-abort-controller.js';

/** A load in progress in this process. Callers share it until its key may have changed since it began. */
export type Flight = {
	readonly redisKey: string;
	/** Token of the lease it runs under; `undefined` while the lease is being asked for; 0: it runs without one. */
	token: number | undefined;
	/** True while its result may be kept: until this process changes the key. */
	isValid: boolean;
	/** True while later callers may join it. */
	isOpen: boolean;
	readonly startedAt: number;
	/** State of the change clock when its loader was called. */
	sequence: number;
	/** Generation of the namespace then; 0: none. */
	generation: number;
	/** True if the counter of its tags was known to be current then: the next change of one that is not may not be announced. */
	isCounterKnown: boolean;
	/** The value that its callers get. */
	readonly result: Promise<unknown>;
	/** Work after the result: the flight may be joined until this has settled, too. Never rejects. */
	afterwards: Promise<void> | undefined;
	readonly abort: LazyAbortController;
};
