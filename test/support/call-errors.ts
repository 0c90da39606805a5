import {setImmediate as nextTurn} from 'node:timers/promises';
import {LoopTimeout} from '../../source/pool/loop-clock.js';

/** The error of a call; `undefined`: it has none. */
export const errorOf = (call: Promise<unknown>): Promise<unknown> =>
	call.then(
		() => undefined,
		(error: unknown) => error,
	);

/** The error of a call; 'too late' if it takes longer than `ms` milliseconds, not counting those in which this process is blocked. */
export const errorWithin = (ms: number, call: Promise<unknown>): Promise<unknown> =>
	new Promise((resolve) => {
		const timeout = new LoopTimeout(() => resolve('too late'), ms);
		void errorOf(call).then((error) => {
			timeout.clear();
			resolve(error);
		});
	});

/** The error of a call; 'too late' if it has none in the turn of the event loop in which it was made. */
export const errorAtOnce = (call: Promise<unknown>): Promise<unknown> =>
	Promise.race([errorOf(call), nextTurn('too late')]);
