import {setImmediate} from '../../time/real-time.js';
import type {KnownMarkers} from './known-markers.js';
import type {Marker} from './marker.js';

export type VerifyingParts = {
	readonly markers: KnownMarkers;
	readonly isInUse: (redisKey: string) => boolean;
	readonly readMarker: (markerKey: string) => Promise<Marker | undefined>;
};

/** A read may be overtaken by another announcement, and shows nothing then. */
const maxReads = 3;

/**
 * Reads markers again that may have changed. One that has not is then ensured, as before, and the next write need not do it.
 *
 * @returns A function that begins to do that for a marker; once for all who ask meanwhile.
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
		// In a turn of its own: a read that is being collected now began before the announcement.
		await new Promise((resolve) => setImmediate(resolve));
		const marker = await readMarker(markerKey).catch(() => undefined);
		if (marker === undefined || markers.current(markerKey) !== undefined) return;
	}
}
