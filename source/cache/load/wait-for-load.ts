import {ClosedError} from '../../pool/errors.js';
import type {CacheCore} from '../core.js';
import {noteFound} from '../observe/tracing.js';
import {longestTimerMs, milliseconds} from '../options/duration.js';
import type {Hit} from '../read/lookup.js';
import type {Flight} from './flights.js';
import type {LoadOrder} from './load-order.js';

/** Waits for a load on behalf of one caller: gives up with its signal, or serves the stale value past the soft time-out. */
export function waitForLoad(
	core: CacheCore,
	flight: Flight,
	order: LoadOrder,
	stale: Hit | undefined,
): Promise<unknown> {
	const {signal, softTimeout} = order.options ?? {};
	const softMs = softTimeout === undefined ? core.settings.softTimeoutMs : milliseconds(softTimeout, 'softTimeout');
	if (signal === undefined && stale === undefined) return flight.promise;
	return new Promise((resolve, reject) => {
		let timer: NodeJS.Timeout | undefined;
		const serveStale = () => {
			if (isOver) return;
			core.counters.hitsStale++;
			if (order.trace !== undefined && stale !== undefined) noteFound(order.trace, stale, true);
			finish(() => resolve(stale?.value));
		};
		const onAbort = () => finish(() => reject(signal?.reason));
		let isOver = false;
		const finish = (settle: () => void) => {
			isOver = true;
			clearTimeout(timer);
			signal?.removeEventListener('abort', onAbort);
			settle();
		};
		if (signal?.aborted === true) {
			onAbort();
			return;
		}
		signal?.addEventListener('abort', onAbort);
		if (stale !== undefined && softMs !== undefined) timer = setTimeout(serveStale, Math.min(softMs, longestTimerMs));
		flight.promise.then(
			(value) => finish(() => resolve(value)),
			(error: unknown) =>
				stale !== undefined && !(error instanceof ClosedError) ? serveStale() : finish(() => reject(error)),
		);
	});
}
