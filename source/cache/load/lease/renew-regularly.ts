import {clearTimeout, setTimeout} from '../../../time/real-time.js';
import {localNow} from '../../clock/local-now.js';
import {type LeaseLength, maxLeaseMs} from './lease-length.js';

/**
 * Renews a lease whenever a fourth of its length has passed, so that single renewals may fail. Each renewal sets the length to
 * twice the time that the load has taken so far: about eight renewals in two seconds, twelve in ten. So other processes wait
 * for one that has died no longer than its load was likely to take.
 *
 * @param begunAt Local time of the request for the lease: the lease begins then at the earliest.
 * @param firstMs Requested length of the lease, in milliseconds.
 * @param renew Called with the milliseconds that the lease is to last from now. Resolves with false if the lease is gone; never
 * rejects.
 * @returns A function that stops the renewals.
 */
export function renewRegularly(
	{begunAt, firstMs}: {readonly begunAt: number; readonly firstMs: number},
	length: LeaseLength,
	renew: (leaseMs: number) => Promise<boolean>,
): () => void {
	let timer: NodeJS.Timeout;
	const renewAt = (at: number) => {
		timer = setTimeout(
			() => {
				const now = localNow();
				length.took(now - at);
				const leaseMs = Math.ceil(Math.min(maxLeaseMs, Math.max(length.ms, 2 * (now - begunAt))));
				renewAt(now + leaseMs / 4);
				void renew(leaseMs).then((isThere) => {
					length.took(localNow() - at);
					if (!isThere) clearTimeout(timer);
				});
			},
			Math.max(1, at - localNow()),
		);
		timer.unref();
	};
	renewAt(begunAt + firstMs / 4);
	return () => clearTimeout(timer);
}
