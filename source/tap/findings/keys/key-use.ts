import type {KnownKey} from '../../known-keys.js';
import type {CommandEvent} from '../../traffic.js';
import type {Load} from '../loads/load.js';

/**
 * Effect of a command on one key:
 *
 * - `hit`, `miss`: read it, and it existed, or not
 * - `look`: read something about it; the reply does not show if it existed
 * - `set`: gave it a value regardless of the previous one, as a cache does: SET, MSET, HSET
 * - `change`: changed it depending on its previous value, or with a reply that depends on it, as locks, counters and queues
 *   do: SET with NX, INCR, LPUSH, BLPOP
 * - `delete`, `expire`: removed it; changed when it expires
 * - `script`: a script or function did something
 */
export type KeyUseKind = 'hit' | 'miss' | 'look' | 'set' | 'change' | 'delete' | 'expire' | 'script';

/** The use of one key by a command that succeeded. */
export type KeyUse = {
	readonly kind: KeyUseKind;
	readonly event: CommandEvent;
	readonly known: KnownKey;
	/** For a `set`: the preceding misses of the key. Undefined if none is known. */
	readonly load: Load | undefined;
};

/** Commands that replace a value, or fields of it, and whose reply does not depend on the previous content. */
const plainSets: ReadonlySet<string> = new Set([
	'SET',
	'SETEX',
	'PSETEX',
	'MSET',
	'HSET',
	'HMSET',
	'HSETEX',
	'JSON.SET',
	'RESTORE',
]);

/** The plain sets that replace the whole value. Two of them after one miss each are two loads of the same value. */
const wholeSets: ReadonlySet<string> = new Set(['SET', 'SETEX', 'PSETEX', 'MSET', 'JSON.SET']);

export function setsWholeValue(event: CommandEvent): boolean {
	return wholeSets.has(event.command);
}

/**
 * True for SET with NX, XX or GET. A plain SET has its key, its value, and the pairs EX, PX, EXAT or PXAT with their number: an
 * even number of words. KEEPTTL is a single word, but is recognized separately.
 */
function isConditionalSet(event: CommandEvent): boolean {
	return event.command === 'SET' && event.argumentCount % 2 === 1 && event.ttlMs !== 'kept';
}

/** The kind of use of the keys of a command, except the missed ones; undefined if it uses no keys. */
export function kindOf(event: CommandEvent): KeyUseKind | undefined {
	switch (event.effect) {
		case 'read':
			return event.hits + event.misses === 0 ? 'look' : 'hit';
		case 'write':
			return plainSets.has(event.command) && !isConditionalSet(event) ? 'set' : 'change';
		case 'other':
			return undefined;
		default:
			return event.effect;
	}
}
