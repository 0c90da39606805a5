import {setImmediate as nextTurn} from 'node:timers/promises';
import {LoopTimeout} from '../../source/pool/loop-clock.js';

/** The error of a call; `undefined` if it resolves. */
export const errorOf = (call: Promise<unknown>): Promise<unknown> =>
	call.then(
		() => undefined,
		(error: unknown) => error,
	);

/**
 * The error of a call; 'too late' if it takes longer than `ms` milliseconds of loop time, which stands still while this process
 * is blocked.
 */
export const errorWithin = (ms: number, call: Promise<unknown>): Promise<unknown> =>
	new Promise((resolve) => {
		const timeout = new LoopTimeout(() => resolve('too late'), ms);
		void errorOf(call).then((error) => {
			timeout.clear();
			resolve(error);
		});
	});

/** The error of a call; 'too late' if it does not settle in the turn of the event loop in which it was made. */
export const errorAtOnce = (call: Promise<unknown>): Promise<unknown> =>
	Promise.race([errorOf(call), nextTurn('too late')]);
