import {ServerError} from '../../pool/errors.js';
import type {Pool} from '../../pool/types.js';
import {localNow} from '../clock/local-now.js';
import type {DirtyKeys} from '../journal/dirty-keys.js';
import type {KeyParser} from '../keys/key-parser.js';
import type {CheckedServer} from '../outage/rollback/known-servers.js';
import type {KnownMarkers} from './known-markers.js';
import {parseMarker} from './marker.js';

export type CheckCountersParts = {
	readonly pool: Pick<Pool, 'nodeOf'>;
	readonly markers: Pick<KnownMarkers, 'formerCounters' | 'compared'>;
	readonly parser: Pick<KeyParser, 'namesOf'>;
	readonly dirtyKeys: Pick<DirtyKeys, 'noteMarker'>;
};

/**
 * After a failover in a cluster, the new master may have a lower counter of tag invalidations than its predecessor had. Entries on
 * other nodes were stamped with higher counts and would survive later invalidations, so the whole namespace is cleared. On a single
 * server that is not needed: entries and counter go back together.
 *
 * Call before the node is read again. Rejects when it fails; the rest is compared the next time.
 */
export async function checkCounters(parts: CheckCountersParts, {address, lanes}: CheckedServer): Promise<void> {
	const {pool, markers, parser, dirtyKeys} = parts;
	const [lane] = lanes;
	if (address === undefined || lane === undefined) return;
	const formers = [...markers.formerCounters((counterKey) => pool.nodeOf(counterKey)?.address === address)];
	if (formers.length === 0) return;
	const replies = await lane.sendEach(
		'GET',
		formers.map(([counterKey]) => [counterKey]),
		{isUpkeep: true},
	);
	for (const [index, [counterKey, former]] of formers.entries()) {
		const reply = replies[index];
		// A user without the right to read markers reads no entries either.
		if (reply instanceof Error && !(reply instanceof ServerError && reply.kind !== 'unavailable')) throw reply;
		const counter = parseMarker(reply);
		// A server with the same count, or with none, is not the last word: another one may take its place before this recovery ends.
		if (counter?.token !== former.token || counter.count >= former.count) continue;
		dirtyKeys.noteMarker(parser.namesOf(counterKey).generationKey, localNow());
		markers.compared(counterKey, counter);
	}
}
