import type {ExpireResult, WriteOptions} from '../api/call-types.js';
import type {Duration} from '../api/duration.js';
import {UnavailableError} from '../api/errors.js';
import {localNow} from '../clock/local-now.js';
import {counterBytes, incarnationBytes, type Stamp} from '../entry/entry.js';
import type {DirtyKeys} from '../journal/dirty-keys.js';
import {checkKey} from '../keys/check-key.js';
import type {Namespace} from '../keys/namespace.js';
import type {MemoryEntry} from '../memory/memory-entry.js';
import {milliseconds} from '../options/duration.js';
import type {TtlRules} from '../options/ttl-rules.js';
import {expireScript} from '../scripts/key-scripts.js';
import type {ScriptDone, ScriptOutcome} from '../scripts/script-call.js';
import type {InvalidationHub} from '../tags/invalidation-hub.js';
import type {KnownMarkers} from '../tags/known-markers.js';
import {live} from '../tags/liveness.js';
import type {MarkerWriter} from '../tags/marker-writer.js';
import {type DeleteParts, deleteKey} from './delete.js';
import {KeyChange} from './key-write.js';

export type ExpireParts = DeleteParts & {
	readonly ttl: TtlRules;
	readonly markers: KnownMarkers;
	readonly markerWriter: MarkerWriter;
	readonly dirtyKeys: DirtyKeys;
	readonly hub: InvalidationHub;
};

const noTags: readonly string[] = [];
/** Any version of an entry that Redis has. */
const inRedisVersion = 1;
/** Makes the script restart the original TTL of the entry. */
const sameTtl = -1;

/**
 * `expire` and `touch`: changes how long an entry is fresh, in memory synchronously, then in Redis. The value is unchanged, so
 * the key is not pending meanwhile, and changes by others stay visible.
 *
 * @param ttl `undefined` for the original TTL of the entry.
 */
export async function expire(
	parts: ExpireParts,
	namespace: Namespace,
	key: string,
	ttl: Duration | undefined,
	options: WriteOptions | undefined,
): Promise<ExpireResult> {
	const {availability, dirtyKeys, hub} = parts;
	availability.assertOpen();
	checkKey(key);
	const ttlMs = ttl === undefined ? undefined : parts.ttl.cut(milliseconds(ttl, 'ttl'));
	const isStrict = options?.strict ?? parts.isStrict;
	if (ttlMs === 0) return expireAtOnce(parts, namespace, key, options);
	const redisKey = namespace.redisKey(key);
	const since = parts.changes.now;
	const isInMemory = extendInMemory(parts, namespace, key, ttlMs);
	if (availability.isConnectedTo(redisKey) && dirtyKeys.has(namespace, redisKey))
		return {stored: 'memory', applied: isInMemory};
	if (isStrict && !availability.isConnectedTo(redisKey)) {
		if (availability.isStarting) await availability.started;
		availability.assertConnectedTo(redisKey);
	}
	// Entries that are only read and extended must also keep the markers of their namespace alive.
	const ensured = ensureMarkers(parts, namespace, noTags, 0);
	const outcome = await expireInRedis(parts, namespace, redisKey, ttlMs);
	if (outcome.status === 'done') {
		// For caches without invalidation messages: replies in flight have the old TTL.
		hub.changed(redisKey);
		await ensured;
		return {stored: 'redis', applied: await isApplied(parts, namespace, outcome, since)};
	}
	if (isStrict) throw outcome.error ?? tooLate(key);
	// Memory may be older than Redis, so its entry is served only while Redis is out of use.
	if (availability.isConnectedTo(redisKey)) namespace.tier?.delete(key);
	return {stored: 'memory', applied: isInMemory};
}

/** Deletes the value. If Redis is not asked, memory decides if there was one. */
async function expireAtOnce(
	parts: ExpireParts,
	namespace: Namespace,
	key: string,
	options: WriteOptions | undefined,
): Promise<ExpireResult> {
	const since = parts.changes.now;
	const wasInMemory = liveInMemory(parts, namespace, key) !== undefined;
	const ensured = ensureMarkers(parts, namespace, noTags, 0);
	let done: ScriptDone | undefined;
	const onOutcome = (outcome: ScriptOutcome): void => {
		if (outcome.status === 'done') done = outcome;
	};
	const result = await deleteKey(parts, namespace, key, options, {script: expireScript, args: [0], onOutcome});
	if (done === undefined) return {...result, applied: wasInMemory};
	await ensured;
	return {...result, applied: await isApplied(parts, namespace, done, since)};
}

/**
 * Keeps the markers of the tags alive for as long as the entry.
 *
 * @param since Count of the change clock when the call began.
 * @returns False if there was no entry, or one that is older than an invalidation of its namespace or of one of its tags.
 */
async function isApplied(
	parts: ExpireParts,
	namespace: Namespace,
	{reply, more}: ScriptDone,
	since: number,
): Promise<boolean> {
	if (reply <= 0) return false;
	const [generation, lifeMs, tags] = more;
	const tagged = String(tags);
	const tagNames = tagged === '' ? noTags : tagged.slice(counterBytes).split('\0');
	if (tagNames.length > 0) await ensureMarkers(parts, namespace, tagNames, Number(lifeMs));
	const stamp: Stamp = {
		generation: Number(String(generation)),
		incarnation: Number(tagged.slice(0, incarnationBytes)),
		count: Number(tagged.slice(incarnationBytes, counterBytes)),
	};
	return parts.markers.liveUntil(namespace, tagNames, {version: inRedisVersion, stamp, since}) === live;
}

/** Never rejects: without a marker, entries are misses. */
async function ensureMarkers(
	{availability, markerWriter}: ExpireParts,
	namespace: Namespace,
	tags: readonly string[],
	lifeMs: number,
): Promise<void> {
	if (
		!availability.isConnectedTo(namespace.generationKey) ||
		markerWriter.areReady(namespace, tags, lifeMs, localNow())
	)
		return;
	await markerWriter.ensure({namespace, tags, lifeMs, operation: 'expire'}).catch(() => {});
}

function liveInMemory({markers}: ExpireParts, namespace: Namespace, key: string): MemoryEntry | undefined {
	const entry = namespace.tier?.get(key);
	if (entry === undefined || entry.kind !== 'value' || entry.freshUntil <= localNow()) return undefined;
	return markers.liveUntil(namespace, entry.tags, entry) === live ? entry : undefined;
}

/** @returns True if memory has a live entry. It is unverified until Redis is asked: Redis may have a newer one. */
function extendInMemory(parts: ExpireParts, namespace: Namespace, key: string, ttlMs: number | undefined): boolean {
	const {tier} = namespace;
	const entry = liveInMemory(parts, namespace, key);
	const now = localNow();
	if (entry === undefined) return false;
	const life = ttlMs ?? entry.ttlMs;
	tier?.put(key, {
		...entry,
		ttlMs: life,
		freshUntil: now + life,
		staleUntil: now + life + (entry.staleUntil - entry.freshUntil),
		epoch: -1,
	});
	return true;
}

function expireInRedis(
	{writer}: ExpireParts,
	namespace: Namespace,
	redisKey: string,
	ttlMs: number | undefined,
): Promise<ScriptOutcome> {
	const fields = {
		operation: ttlMs === undefined ? 'touch' : 'expire',
		namespace,
		redisKey,
		script: expireScript,
		args: [ttlMs ?? sameTtl],
		isStrict: false,
	} as const;
	return new Promise((resolve) => writer.write(new KeyChange(fields, resolve), localNow()));
}

function tooLate(key: string): UnavailableError {
	return new UnavailableError(
		`the TTL of ${JSON.stringify(key)} was not changed: the command reached Redis after its deadline; try again`,
	);
}
