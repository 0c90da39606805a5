import type {Pool} from '../pool/types.js';
import type {Coherence} from './api/cache-options.js';
import type {ChangeClock} from './clock/change-clock.js';
import type {ServerClocks} from './clock/server-clocks.js';
import type {KeyParser} from './keys/key-parser.js';
import {Namespaces} from './keys/namespaces.js';
import {ClientTracking} from './memory/client-tracking.js';
import type {TrackingWay} from './memory/node-tracking.js';
import type {Recorder} from './observe/recorder.js';
import type {Settings} from './options/settings.js';
import type {Availability} from './outage/availability.js';
import {Idleness} from './outage/idleness.js';
import {MemoryReader} from './read/memory-reader.js';
import {InvalidationHub} from './tags/invalidation-hub.js';
import {KnownMarkers} from './tags/known-markers.js';
import {type VerifyingParts, verifying} from './tags/verifying.js';

export type CoherenceParts = {
	readonly settings: Settings;
	readonly pool: Pool;
	readonly parser: KeyParser;
	readonly changes: ChangeClock;
	readonly clocks: ServerClocks;
	readonly availability: Availability;
	readonly recorder: Recorder;
	readonly readMarker: VerifyingParts['readMarker'];
};

/** Creates the memory tiers, and the parts that keep them and the known markers coherent with Redis. */
export function createCoherence(parts: CoherenceParts) {
	const {settings, pool, parser, changes, clocks, availability, recorder, readMarker} = parts;
	const {prefix, memory, heartbeatMs, coder} = settings;
	const namespaces = new Namespaces(prefix, memory, (namespace, key) => recorder.evicted(namespace, key));
	const idleness = new Idleness(recorder, () => hub.gap());
	const isIdle = () => idleness.check();
	const trackingOptions = {prefix, trustMs: memory?.trustMs, pingMs: heartbeatMs / 2, isIdle};
	const tracking = new ClientTracking(pool, firstWay(memory?.coherence), trackingOptions);
	const markers = new KnownMarkers({
		changes,
		trustedUntil: (markerKey) => tracking.markerTrustedUntil(markerKey),
		usableUntil: (markerKey) => tracking.markersUsableUntil(markerKey),
	});
	const hub = new InvalidationHub({
		parser,
		namespaces,
		changes,
		markers,
		verify: verifying({markers, isInUse: (redisKey) => availability.isInUse(redisKey), readMarker}),
	});
	const memoryReader = new MemoryReader({availability, markers, coder, recorder, clocks, topology: pool.topology});
	return {namespaces, isIdle, tracking, markers, hub, memory: memoryReader};
}

/**
 * `auto` begins in tracked mode, whose cost for Redis grows with the reads of this process, and not with the writes of all.
 *
 * @param coherence `undefined` if there is no memory tier.
 */
function firstWay(coherence: Coherence | undefined): TrackingWay | 'ttl' {
	if (coherence === undefined) return 'bypass';
	return coherence === 'auto' ? 'tracked' : coherence;
}
