import {mergeKeyTree} from '../../inspect/keys/key-tree.js';
import {count} from '../format.js';
import {emptyLine} from '../input/line-editor.js';
import {openEditor} from './key-actions.js';
import {isRanked, type KeyRow, keyRowLimit, rankedLimit, rankedScanLimit, sortRows} from './keys-state.js';
import {treePageLimit} from './keys-tree.js';
import {type Context, type Message, noEffects, type Step, withEffects} from './message.js';
import {readKeyCount, readKeyFacts, readKeyPage, readTreePage} from './reply-data.js';
import type {UiState} from './ui-state.js';
import {keysCall} from './views.js';

type Reply = Extract<Message, {readonly type: 'reply'}>;

/** A page of keys. A ranked list goes on by itself until it has seen everything or enough. */
export function takeKeys(state: UiState, {purpose, call, reply}: Reply, now: number): Step {
	const {keys} = state;
	// An answer to a question that was changed meanwhile: the pattern or the order.
	const asked = keysCall(state, undefined);
	const isStale = call.name !== asked.name || asked.args.some((word, index) => call.args[index] !== word);
	if (isStale) return noEffects(state);
	if (!reply.ok) return noEffects({...state, keys: {...keys, load: {kind: 'failed', message: reply.message}}});
	const page = readKeyPage(reply.data);
	if (!page)
		return noEffects({
			...state,
			keys: {...keys, load: {kind: 'failed', message: 'the list of keys could not be read'}},
		});
	const isMore = purpose === 'more-keys';
	const known = new Map<string, KeyRow>(isMore ? keys.rows.map((row) => [row.key, row]) : []);
	for (const row of page.rows) known.set(row.key, row);
	const rows = sortRows([...known.values()], keys.sort).slice(0, isRanked(keys.sort) ? rankedLimit : keyRowLimit);
	const selected = Math.min(keys.selected, Math.max(0, rows.length - 1));
	const scanned = (isMore ? keys.scanned : 0) + page.scanned;
	const goesOn = isRanked(keys.sort) && page.cursor !== undefined && scanned < rankedScanLimit;
	const next: UiState = {
		...state,
		keys: {
			...keys,
			rows,
			scanned,
			cursor: page.cursor,
			selected,
			load: goesOn ? {kind: 'loading'} : {kind: 'loaded', at: now},
		},
	};
	// Only while somebody looks.
	return goesOn && state.view === 'keys'
		? withEffects(next, {type: 'run', purpose: 'more-keys', call: keysCall(next, page.cursor)})
		: noEffects(goesOn ? {...next, keys: {...next.keys, load: {kind: 'loaded', at: now}}} : next);
}

/** A stretch below a prefix. Goes on by itself for a while, so that counts become whole. */
export function takeTree(state: UiState, {call, reply}: Reply): Step {
	const [prefix = '', cursor] = call.args;
	const {tree} = state.keys;
	const node = tree.nodes.get(prefix);
	if (!node) return noEffects(state);
	const nodes = new Map(tree.nodes);
	const put = (changed: typeof node): UiState => {
		nodes.set(prefix, changed);
		return {...state, keys: {...state.keys, tree: {...tree, nodes}}};
	};
	const page = reply.ok ? readTreePage(reply.data) : undefined;
	if (!page) {
		const message = reply.ok ? 'the tree of keys could not be read' : reply.message;
		return noEffects(put({...node, load: {kind: 'failed', message}}));
	}
	const whole = cursor !== undefined && node.page ? mergeKeyTree(node.page, page) : page;
	const goesOn =
		page.cursor !== undefined &&
		node.pages < treePageLimit &&
		state.view === 'keys' &&
		state.keys.shape === 'tree' &&
		tree.unfolded.has(prefix);
	if (page.cursor === undefined || !goesOn) return noEffects(put({...node, page: whole, load: {kind: 'loaded'}}));
	return withEffects(put({page: whole, load: {kind: 'loading'}, pages: node.pages + 1}), {
		type: 'run',
		purpose: 'tree',
		call: {name: 'tree', args: [prefix, page.cursor]},
	});
}

export function takeInspection(state: UiState, {call, reply}: Reply): UiState {
	const {open} = state.keys;
	if (!open || open.key !== call.args[0]) return state;
	const facts = reply.ok ? readKeyFacts(reply.data) : undefined;
	// The first line says what the facts say; that of an entry, the second, too.
	const skipped = facts ? (facts.entry ? 2 : 1) : 0;
	const lines = reply.ok ? reply.lines.slice(skipped) : [reply.message];
	return {...state, keys: {...state.keys, open: {...open, lines, facts}}};
}

export function takeEdit(state: UiState, {call, reply}: Reply, context: Context): UiState {
	const [key = ''] = call.args;
	const facts = reply.ok ? readKeyFacts(reply.data) : undefined;
	if (facts) return state.overlay.kind === 'none' ? openEditor(state, key, facts, context) : state;
	const message = reply.ok ? `${key}: there is no such key any more` : reply.message;
	return {
		...state,
		reply: {kind: 'answered', call, reply: {ok: false, code: 'ERR_COMMAND', message}, at: context.now},
	};
}

/** The number of keys that a group has: now the question can be asked. */
export function takeCount(state: UiState, {call, reply}: Reply, now: number): UiState {
	const found = reply.ok ? readKeyCount(reply.data) : undefined;
	if (!found || found.keys === 0 || state.overlay.kind !== 'none') {
		const message = reply.ok ? 'there are no such keys any more' : reply.message;
		return {...state, reply: {kind: 'answered', call, reply: {ok: false, code: 'ERR_COMMAND', message}, at: now}};
	}
	const [pattern = ''] = call.args;
	const about = [
		`${found.isComplete ? '' : 'At least '}${count(found.keys)} keys match ${pattern} and will be deleted from Redis, among them:`,
		...found.sample.slice(0, 5).map((name) => `  ${name}`),
		'A few at a time; :sweep stop ends it.',
	];
	const calls = [{name: 'sweep', args: [pattern]}];
	return {
		...state,
		reply: {kind: 'none'},
		overlay: {kind: 'confirm', title: 'Delete', calls, word: 'delete', about, line: emptyLine},
	};
}
