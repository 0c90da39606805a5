import {clearTimeout, setTimeout} from '../../time/real-time.js';
import {localNow} from '../clock/local-now.js';

const maxLeaseMs = 10_000;

/**
 * Renews a lease each time a fourth of it has passed, so that a renewal may fail. A load that goes on gets twice the time that
 * it has taken so far: about eight renewals in two seconds, twelve in ten. So others wait for a process that has died no
 * longer than its load was likely to take.
 *
 * @param firstMs Milliseconds of the first lease, and of the shortest.
 * @param renew Called with the milliseconds that the lease is to last from now.
 * @returns A function that ends the renewals.
 */
export function renewRegularly(firstMs: number, renew: (leaseMs: number) => void): () => void {
	const begunAt = localNow();
	let timer: NodeJS.Timeout;
	const renewIn = (ms: number) => {
		timer = setTimeout(() => {
			const leaseMs = Math.ceil(Math.min(maxLeaseMs, Math.max(firstMs, 2 * (localNow() - begunAt))));
			renewIn(leaseMs / 4);
			renew(leaseMs);
		}, ms);
		timer.unref();
	};
	renewIn(firstMs / 4);
	return () => clearTimeout(timer);
}
