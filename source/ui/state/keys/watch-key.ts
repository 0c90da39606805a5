import {ask, type Context, noEffects, type Step, type TakeReply, withEffects} from '../command.js';
import {isEmpty} from '../filter.js';
import type {UiState} from '../ui-state.js';
import type {OpenKey} from './keys-state.js';
import {askForValue, withOpen} from './open-key.js';

/** Milliseconds between two checks of the open key, by commands that do not count as a use of the key. */
const peekMs = 3000;

/** Milliseconds after which the value is read again in any case. */
const readMs = 10_000;

/** Tolerance in milliseconds: the resolution of the idle time that the server reports, and the time that a reply takes. */
const slackMs = 1500;

/** Bytes of memory up to which a used key is read again at once: reading a larger one costs the server too much. */
const maxBytes = 64 * 1024;

/** Milliseconds by which two remaining TTLs of the same expiration differ at most. */
const ttlSlackMs = 2000;

/** True if the value can be refreshed: false while text is typed or a search applies, which a refresh would discard. */
function isWatched({view, dialog, keys}: UiState, open: OpenKey): boolean {
	const isFree = open.lines !== undefined && isEmpty(open.filter) && !open.filter.isTyping && !open.elements.isLoading;
	return view === 'keys' && dialog.kind === 'none' && !keys.filter.isTyping && isFree;
}

/**
 * Checks the open key every few seconds, and reads its value again when a client has used the key. Reading an unused
 * value would make it look used to the server's eviction.
 */
export function watchOpenKey(state: UiState, {now}: Context): Step {
	const {open} = state.keys;
	if (!open || !isWatched(state, open) || now - open.peekedAt < peekMs) return noEffects(state);
	return withEffects(withOpen(state, open, {peekedAt: now}), ask({name: 'peek', args: [open.key]}, takeUse));
}

const takeUse: TakeReply<'peek'> = (state, {call, reply}, {now}) => {
	const {open} = state.keys;
	// If Redis is unreachable, the shown value stays.
	if (open?.key !== call.args[0] || !reply.ok || !isWatched(state, open)) return noEffects(state);
	const {details} = open;
	const use = reply.data;
	if (!use || !details) return use || details ? withEffects(state, askForValue(open.key)) : noEffects(state);
	const sinceRead = now - open.readAt;
	const {type, ttlMs, bytes, idleMs} = use;
	const isOther = type !== details.type || bytes !== details.bytes;
	const isUsed = idleMs !== undefined && idleMs + slackMs < sinceRead && (bytes ?? 0) <= maxBytes;
	// True if further pages were loaded, which a refresh would discard.
	const isReadOn = open.elements.wanted > 0;
	if (!isReadOn && (isOther || isUsed || sinceRead >= readMs)) return withEffects(state, askForValue(open.key));
	const expected = details.ttlMs === undefined ? undefined : details.ttlMs;
	const isSameTtl =
		ttlMs === expected || (ttlMs !== undefined && expected !== undefined && Math.abs(ttlMs - expected) < ttlSlackMs);
	return isSameTtl ? noEffects(state) : noEffects(withOpen(state, open, {details: {...details, ttlMs, bytes}}));
};
