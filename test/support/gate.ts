import {loopNow} from '../../source/pool/loop-clock.js';

/** A promise with the functions that settle it. */
export type Gate<T = void> = {
	readonly promise: Promise<T>;
	open(value: T): void;
	fail(error: Error): void;
};

export const gate = <T = void>(): Gate<T> => {
	let open: (value: T) => void = () => {};
	let fail: (error: Error) => void = () => {};
	const promise = new Promise<T>((resolve, reject) => {
		open = resolve;
		fail = reject;
	});
	return {promise, open, fail};
};

/**
 * The outcome of a promise, and the milliseconds until it settled in loop time, which does not depend on the load of the
 * machine.
 */
export type Settled<T> = {readonly ms: number} & (
	| {readonly value: T; readonly error: undefined}
	| {readonly value: undefined; readonly error: unknown}
);

export const settle = async <T>(promise: Promise<T>): Promise<Settled<T>> => {
	const started = loopNow();
	try {
		return {value: await promise, error: undefined, ms: loopNow() - started};
	} catch (error) {
		return {value: undefined, error, ms: loopNow() - started};
	}
};
