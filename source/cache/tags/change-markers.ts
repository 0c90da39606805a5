import {ServerError} from '../../pool/errors.js';
import type {Argument} from '../../pool/types.js';
import type {ChangeClock} from '../clock/change-clock.js';
import {localNow} from '../clock/local-now.js';
import type {Namespace} from '../keys/namespace.js';
import {clearScript, ensureScript, invalidateScript} from '../scripts/marker-scripts.js';
import type {ScriptFailed, ScriptOutcome, ScriptUse} from '../scripts/script-call.js';
import type {ScriptRunner} from '../scripts/script-runner.js';
import type {KnownMarkers} from './known-markers.js';
import {type Marker, type NamespaceLife, newToken, parseMarker} from './marker.js';

export type ChangeMarkersParts = {
	readonly scripts: ScriptRunner;
	readonly markers: KnownMarkers;
	readonly changes: ChangeClock;
	readonly namespaceLife: NamespaceLife;
};

/** Tags, each with the milliseconds for which its marker is needed. */
export type TagLives = Map<string, number>;

/**
 * The marker of a tag lives longer than the entry that needs it, so that it need not be renewed for each entry: every renewal
 * is announced to all processes, which then read the marker again.
 */
const lifeReserve = {factor: 1.25, ms: 10_000};
/** The longest life of a tag's marker: longer than any entry (30 days). */
const longestTagMs = 31 * 86_400_000;

/** An invalidation's script, and its effect on older entries. */
export type InvalidationKind = {
	readonly use: ScriptUse;
	/** True if older entries become stale, instead of misses. */
	readonly isSoft: boolean;
};

/** Replaces the generation of a namespace, and records the new one. */
export async function clearMarkers(
	parts: ChangeMarkersParts,
	{generationKey}: Namespace,
	{use, isSoft}: InvalidationKind,
): Promise<ScriptOutcome> {
	const token = newToken();
	const {lifeMs, checkMs} = parts.namespaceLife;
	const remember = remembering(parts);
	const outcome = await parts.scripts.run(clearScript, generationKey, [token, lifeMs, isSoft ? 1 : 0], use);
	if (outcome.status !== 'done') return outcome;
	const generation = parseMarker(outcome.more[0]);
	if (generation === undefined) return unexpected();
	remember.changed(generationKey, generation, checkMs);
	return outcome;
}

/** Invalidates tags, and records their markers. */
export async function invalidateMarkers(
	parts: ChangeMarkersParts,
	namespace: Namespace,
	tags: readonly string[],
	{use, isSoft}: InvalidationKind,
): Promise<ScriptOutcome> {
	const {generationKey, counterKey} = namespace;
	const {lifeMs, checkMs} = parts.namespaceLife;
	const tagKeys = tags.map((tag) => namespace.tagKey(tag));
	const remember = remembering(parts);
	const outcome = await parts.scripts.run(
		invalidateScript,
		[generationKey, counterKey, ...tagKeys],
		[newToken(), lifeMs, isSoft ? 1 : 0],
		use,
	);
	if (outcome.status !== 'done') return outcome;
	const [counter, ...found] = outcome.more.map(parseMarker);
	if (counter === undefined) return unexpected();
	remember.learn(counterKey, counter, checkMs);
	// A tag without a marker has no live entries. Its marker is created later, with this count of the counter or a higher one.
	for (const [index, tagKey] of tagKeys.entries()) remember.changed(tagKey, found[index] ?? counter, 0);
	return outcome;
}

/** Creates missing markers of a namespace and of tags, and records all of them. */
export async function ensureMarkers(
	parts: ChangeMarkersParts,
	namespace: Namespace,
	tags: TagLives,
): Promise<ScriptOutcome> {
	const {generationKey, counterKey} = namespace;
	const names = [...tags.keys()];
	const tagKeys = names.map((tag) => namespace.tagKey(tag));
	const {lifeMs, renewBelowMs, checkMs} = parts.namespaceLife;
	const args: Argument[] = [newToken(), newToken(), lifeMs, renewBelowMs];
	for (const tag of names) {
		const needed = Math.ceil(tags.get(tag) ?? 0);
		args.push(needed, Math.min(Math.ceil(needed * lifeReserve.factor) + lifeReserve.ms, longestTagMs));
	}
	const remember = remembering(parts);
	const outcome = await parts.scripts.run(ensureScript, [generationKey, counterKey, ...tagKeys], args);
	if (outcome.status !== 'done') return outcome;
	const [generation, counter, ...rest] = outcome.more;
	const found: (readonly [string, Marker | undefined, number])[] = [
		[generationKey, parseMarker(generation), checkMs],
		[counterKey, parseMarker(counter), checkMs],
		...tagKeys.map((tagKey, index) => [tagKey, parseMarker(rest[2 * index]), Number(rest[2 * index + 1])] as const),
	];
	if (!found.every(([, marker, livesMs]) => marker !== undefined && livesMs > 0)) return unexpected();
	for (const [markerKey, marker, livesMs] of found) remember.learn(markerKey, marker, livesMs);
	return outcome;
}

/** Call it before a script is sent: its reply may be outdated when it arrives, which is judged by the state at this time. */
function remembering({markers, changes}: ChangeMarkersParts) {
	const sequence = changes.now;
	const {epoch} = markers;
	return {
		learn: (markerKey: string, marker: Marker | undefined, livesMs: number) =>
			markers.learn(markerKey, marker, sequence, epoch, livesMs),
		changed: (markerKey: string, marker: Marker, livesMs: number) =>
			markers.changed(markerKey, marker, sequence, epoch, livesMs),
	};
}

function unexpected(): ScriptFailed {
	const error = new ServerError(
		'bug',
		'REPLY',
		'A script was not answered with the markers of a namespace: check what is between this program and Redis',
	);
	return {status: 'in-doubt', error, finalAt: localNow(), calls: 1};
}
