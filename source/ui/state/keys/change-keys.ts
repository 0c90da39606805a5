import type {CommandCall} from '../../../engine/specs/command-calls.js';
import {specOf} from '../../../engine/specs/command-specs.js';
import {printText} from '../../../inspect/escape-bytes.js';
import {formatDuration} from '../../../text/duration.js';
import {typedLifetime} from '../../../text/lifetime.js';
import {formatCount} from '../../../text/number.js';
import {lineOf} from '../../input/line-editor.js';
import {lineOfWords} from '../../input/split-command.js';
import {ask, type Context, noEffects, type Step, type TakeReply, withEffects} from '../command.js';
import {askFirst} from '../confirm.js';
import {openPalette} from '../palette/palette.js';
import {runThen, showReply} from '../reply.js';
import {withKeys} from '../slices.js';
import {type EditState, type UiState, withAnswer} from '../ui-state.js';
import {loadReport} from '../views/server-report.js';
import {writeText} from './edit-text.js';
import {selectedRow} from './keys-state.js';
import {loadKeys} from './load-keys.js';
import {refreshTree} from './load-tree.js';
import {refreshOpenKey} from './open-key.js';

/** Names of keys shown in a question before they are deleted. */
const sampleSize = 5;

const undoWords = 'Up to 64 MiB of them are saved first; :undo restores them. Entries of the cache are not saved.';

/** The word that confirms a deletion. */
const confirmation = 'delete';

/** The name of a key inside the cache's namespace; undefined for a key that is not a cache entry. */
function nameInCache(key: string, {snapshot}: Context): string | undefined {
	const prefix = snapshot?.keyPrefix;
	return prefix !== undefined && key.startsWith(prefix) ? key.slice(prefix.length) : undefined;
}

/** Asks for confirmation before keys are deleted. */
export function askToDelete(state: UiState, keys: readonly string[], context: Context): Step {
	const [first, ...others] = keys;
	if (first === undefined) return noEffects(state);
	const about = [
		`${keys.length === 1 ? 'This key' : `These ${formatCount(keys.length)} keys`} will be deleted from Redis:`,
		...keys.slice(0, sampleSize).map((name) => `  ${name}`),
		...(keys.length > sampleSize ? [`  and ${formatCount(keys.length - sampleSize)} more`] : []),
		undoWords,
	];
	const call = {name: 'remove', args: [first, ...others]} as const satisfies CommandCall;
	return askFirst(state, {title: 'Delete', call, word: confirmation, about}, context);
}

/** Counts the keys of a group, then asks for confirmation before they are deleted. */
export function askToSweep(state: UiState, pattern: string): Step {
	return runThen(state, {name: 'count', args: [pattern]}, takeCount);
}

const takeCount: TakeReply<'count'> = (state, {call, reply}, context) => {
	const {now} = context;
	if (!reply.ok) return noEffects(withAnswer(state, false, reply.message, now));
	const found = reply.data;
	if (found.keys === 0) return noEffects(withAnswer(state, false, 'the keys no longer exist', now));
	const answered: UiState = {...state, reply: {kind: 'none'}};
	if (state.dialog.kind !== 'none') return noEffects(answered);
	const [pattern] = call.args;
	const about = [
		`${found.complete ? '' : 'At least '}${formatCount(found.keys)} keys match ${pattern} and will be deleted from Redis, among them:`,
		...found.sample.slice(0, sampleSize).map((name) => `  ${name}`),
		`They are deleted in small batches; :sweep stop ends it. ${undoWords}`,
	];
	const sweep = {name: 'sweep', args: [pattern]} as const satisfies CommandCall;
	return askFirst(answered, {title: 'Delete', call: sweep, word: confirmation, about}, context);
};

/** Counts the keys of a pattern, then asks for confirmation before their TTL is changed. */
export function askToExpireAll(state: UiState, pattern: string, ttl: string): Step {
	return runThen(state, {name: 'count', args: [pattern]}, (current, {reply}, context) => {
		if (!reply.ok) return noEffects(withAnswer(current, false, reply.message, context.now));
		const {keys, sample, complete} = reply.data;
		const answered: UiState = {...current, reply: {kind: 'none'}};
		if (current.dialog.kind !== 'none') return noEffects(answered);
		const about = [
			`${complete ? '' : 'At least '}${formatCount(keys)} keys match ${pattern}. ${ttl === 'never' ? 'They will never expire' : `They will expire in ${ttl}`}, among them:`,
			...sample.slice(0, sampleSize).map((name) => `  ${name}`),
			'They are changed in small batches; :sweep stop ends it. Their present TTLs are not saved, and :undo does not restore them. Entries of the cache are left out.',
		];
		const call = {name: 'expire-all', args: [pattern, ttl]} as const satisfies CommandCall;
		return askFirst(answered, {title: 'Expire', call, word: 'expire', about}, context);
	});
}

/** Asks before the last deletion is undone. */
export function askToUndo(state: UiState, context: Context): Step {
	const about = ['The keys deleted last will be restored, with their TTLs. Keys that exist again stay as they are.'];
	const call = {name: 'undo', args: []} as const satisfies CommandCall;
	return askFirst(state, {title: 'Undo', call, word: 'restore', about}, context);
}

/** Kinds of writes, and commands on one key, after which the list of keys must be loaded again. */
const listWrites: ReadonlySet<unknown> = new Set(['removal', 'bulk']);
const listCommands: ReadonlySet<string> = new Set(['rename', 'copy']);

/** Runs a confirmed call, then reloads the keys that the view shows. */
export function runConfirmed(state: UiState, call: CommandCall): Step {
	return runThen(state, call, (current, answer, context) => {
		const shown = showReply(current, answer, context);
		return answer.reply.ok ? refreshAfter(shown, call) : noEffects(shown);
	});
}

/** Reloads the data of a view after a command has changed it. */
export function refreshAfter(state: UiState, {name}: CommandCall): Step {
	const {writes} = specOf(name);
	// Counting hot keys writes nothing; only its tab is updated.
	if (name === 'hotkeys')
		return state.view === 'server' && state.server.tab === name ? loadReport(state) : noEffects(state);
	if (writes === false) return noEffects(state);
	if (state.view === 'server') return loadReport(state);
	if (state.view !== 'keys') return noEffects(state);
	return listWrites.has(writes) || listCommands.has(name)
		? refreshKeys(withKeys(state, {marked: new Set(), open: undefined}))
		: refreshOpenKey(state);
}

/** Reloads the keys that are shown. */
function refreshKeys(state: UiState): Step {
	const listed = loadKeys(state);
	if (state.keys.shape === 'list') return listed;
	const tree = refreshTree(listed.state);
	return {state: tree.state, effects: [...listed.effects, ...tree.effects]};
}

/** The remaining TTL of a key, as it can be typed; for a cache entry, the time that it stays fresh. */
function lifetimeNow({keys}: UiState, key: string, {now, snapshot}: Context): string {
	const entry = keys.open?.key === key ? keys.open.details?.entry : undefined;
	if (entry) return entry.freshUntil > now ? typedLifetime(entry.freshUntil - now) : '';
	// The TTL of another entry of the cache includes its grace.
	if (snapshot !== undefined && key.startsWith(snapshot.keyPrefix)) return '';
	const row = selectedRow(keys);
	if (row?.key !== key) return '';
	return row.ttlMs === undefined ? 'never' : typedLifetime(row.ttlMs);
}

/** Opens the palette with the command that changes when a key expires, ready for the time. */
export function askForLifetime(state: UiState, key: string, context: Context): Step {
	const name = nameInCache(key, context);
	const line = name === undefined ? lineOfWords('lifetime', [key]) : lineOfWords('expire', [name]);
	return noEffects(openPalette(state, `${line} ${lifetimeNow(state, key, context)}`));
}

/** Reads a key, then opens the editor for it. */
export function askToEdit(state: UiState, key: string): Step {
	return withEffects(state, ask({name: 'inspect', args: [key]}, takeValueToEdit));
}

const takeValueToEdit: TakeReply<'inspect'> = (state, {call, reply}, context) => {
	const [key] = call.args;
	const refuse = (message: string) => noEffects(withAnswer(state, false, message, context.now));
	if (!reply.ok) return refuse(reply.message);
	if (state.dialog.kind !== 'none') return noEffects(state);
	const details = reply.data;
	if (!details) return refuse(`${key}: the key no longer exists`);
	const {entry, type, preview} = details;
	const name = nameInCache(key, context);
	if (entry?.json !== undefined && name !== undefined) {
		const {ttlMs, tags} = entry;
		const about = `Written through the cache with a TTL of ${formatDuration(ttlMs)}${tags.length > 0 ? ` and the tags ${tags.join(' ')}` : ''}. Valid JSON is stored as such, anything else as text.`;
		const target = {via: 'cache', name, before: entry.json, ttlMs: Math.max(1, ttlMs), tags} as const;
		return noEffects({...state, dialog: {kind: 'edit', key, line: lineOf(entry.json), about, target}});
	}
	const text = type === 'string' ? preview.parts[0]?.value : undefined;
	if (text !== undefined) {
		const about = 'Written to Redis as text; the TTL stays. Refused if another client has changed the value.';
		return noEffects({
			...state,
			dialog: {kind: 'edit', key, line: lineOf(text), about, target: {via: 'redis', before: text}},
		});
	}
	const edit = collectionEdits[type];
	if (edit !== undefined) return noEffects(openPalette(state, `${lineOfWords('edit', [key, edit])} `));
	return refuse(
		`${key} cannot be edited in one line: it is too long, not text, or of type ${type}; E opens a text in your editor`,
	);
};

/** The edit of an element that is opened for a type of collection. */
const collectionEdits: Readonly<Record<string, string>> = {hash: 'hset', list: 'lset', set: 'sadd', zset: 'zadd'};

function editCall({key, target}: EditState, text: string): CommandCall<'set' | 'edit'> {
	if (target.via === 'redis') return {name: 'edit', args: [key, 'set', printText(text), printText(target.before)]};
	return {name: 'set', args: [target.name, text, `${target.ttlMs}ms`, ...target.tags]};
}

/** Writes an edited value, then reads it again where it is shown. */
export function writeEdited(state: UiState, edit: EditState, text: string, context: Context): Step {
	return writeText(state, editCall(edit, text), {before: edit.target.before, after: text}, context);
}
