import {parseEntry} from '../entry/entry.js';
import {parseMarker} from '../tags/marker.js';
import type {ReplyInfo} from './accept-reply.js';
import type {EntryRead} from './look-up.js';
import {answer, answerAfterGeneration, type DistributeParts} from './mget/distribute-reply.js';

/** The entry and markers that a script has read for one key. */
export type ScriptRead = {
	/** The bytes of the entry; `undefined` if there is none. */
	readonly entry: Buffer | undefined;
	/** The generation of the namespace, if it was read by the same script. */
	readonly generation: Buffer | undefined;
	/** Epoch of the markers when the script was requested. */
	readonly markersEpoch: number;
};

/** Settles a read with the content that a script has read, as if it were the reply to an MGET. */
export function acceptScriptReply(
	parts: DistributeParts,
	read: EntryRead,
	{entry, generation, markersEpoch}: ScriptRead,
	reply: ReplyInfo,
): void {
	const parsed = parseEntry(entry);
	if (parsed === 'missing') answer(parts, read, parsed, undefined, reply);
	else if (generation === undefined) answerAfterGeneration(parts, read, parsed, reply);
	else {
		const marker = parseMarker(generation);
		parts.markers.learn(read.namespace.generationKey, marker, reply.sequence, markersEpoch);
		answer(parts, read, parsed, marker, reply);
	}
}
