import {setImmediate} from '../../time/real-time.js';
import type {KnownMarkers} from './known-markers.js';
import type {Marker} from './marker.js';

export type VerifyingParts = {
	readonly markers: KnownMarkers;
	readonly isInUse: (redisKey: string) => boolean;
	readonly readMarker: (markerKey: string) => Promise<Marker | undefined>;
};

/** Most attempts: if another change is announced while a marker is being read, the reply is not conclusive. */
const maxReads = 3;

/**
 * Reads markers again that may have changed. An unchanged one counts as ensured as before, so that the next write need not
 * ensure it.
 *
 * @returns A function that starts this for one marker. Concurrent requests for the same marker share one read.
 */
export function verifying(parts: VerifyingParts): (markerKey: string) => void {
	const inProgress = new Set<string>();
	return (markerKey) => {
		if (inProgress.has(markerKey) || !parts.isInUse(markerKey)) return;
		inProgress.add(markerKey);
		void verify(parts, markerKey).finally(() => inProgress.delete(markerKey));
	};
}

async function verify({markers, isInUse, readMarker}: VerifyingParts, markerKey: string): Promise<void> {
	for (let reads = 0; reads < maxReads && isInUse(markerKey); reads++) {
		// In the next turn: reads of this turn may be collected in a batch that began before the announcement.
		await new Promise((resolve) => setImmediate(resolve));
		const marker = await readMarker(markerKey).catch(() => undefined);
		if (marker === undefined || markers.current(markerKey) !== undefined) return;
	}
}
