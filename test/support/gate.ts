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

/** The outcome of a promise, and the milliseconds until it settled. */
export type Settled<T> = {readonly ms: number} & (
	| {readonly value: T; readonly error: undefined}
	| {readonly value: undefined; readonly error: unknown}
);

export const settle = async <T>(promise: Promise<T>): Promise<Settled<T>> => {
	const started = performance.now();
	try {
		return {value: await promise, error: undefined, ms: performance.now() - started};
	} catch (error) {
		return {value: undefined, error, ms: performance.now() - started};
	}
};
