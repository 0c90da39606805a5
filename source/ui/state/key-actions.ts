import {emptyLine, lineOf} from '../input/line-editor.js';
import {lineOfCall} from '../input/split-command.js';
import {type Context, noEffects, type Step, withEffects} from './message.js';
import {writeRefusal} from './palette-model.js';
import type {KeyFacts} from './reply-data.js';
import type {UiState} from './ui-state.js';
import {openPalette} from './update-palette.js';

/** Keys named in a question before anything is deleted. */
const sampleSize = 5;

/** The answer to a key whose command may not be run; undefined when it may. */
function refusedStep(state: UiState, name: string, context: Context): Step | undefined {
	const message = writeRefusal(name, context);
	if (message === undefined) return undefined;
	const reply = {ok: false, code: 'ERR_READ_ONLY', message} as const;
	return noEffects({...state, reply: {kind: 'answered', call: {name, args: []}, reply, at: context.now}});
}

/** The name that the cache's own commands take; undefined for a key that is not the cache's. */
export function nameInCache(key: string, {snapshot}: Context): string | undefined {
	const prefix = snapshot?.keyPrefix;
	return prefix !== undefined && key.startsWith(prefix) ? key.slice(prefix.length) : undefined;
}

/** Asks for a word before these keys are deleted. */
export function askToDelete(state: UiState, keys: readonly string[], context: Context): Step {
	if (keys.length === 0) return noEffects(state);
	const refused = refusedStep(state, 'remove', context);
	if (refused) return refused;
	const what = keys.length === 1 ? 'This key' : `These ${keys.length} keys`;
	const about = [
		`${what} will be deleted from Redis:`,
		...keys.slice(0, sampleSize).map((name) => `  ${name}`),
		...(keys.length > sampleSize ? [`  and ${keys.length - sampleSize} more`] : []),
	];
	const calls = [{name: 'remove', args: [...keys]}];
	return noEffects({
		...state,
		overlay: {kind: 'confirm', title: 'Delete', calls, word: 'delete', about, line: emptyLine},
	});
}

/** Counts the keys of a group first; the question follows when the number is known. */
export function askToSweep(state: UiState, pattern: string, context: Context): Step {
	const refused = refusedStep(state, 'sweep', context);
	if (refused) return refused;
	const call = {name: 'count', args: [pattern]};
	return withEffects({...state, reply: {kind: 'waiting', call}}, {type: 'run', purpose: 'count', call});
}

/** Opens the palette with what changes the life of a key, but for the time. */
export function askForLifetime(state: UiState, key: string, context: Context): Step {
	const name = nameInCache(key, context);
	const call = name === undefined ? {name: 'lifetime', args: [key]} : {name: 'expire', args: [name]};
	const refused = refusedStep(state, call.name, context);
	return refused ?? noEffects(openPalette(state, `${lineOfCall(call)} `));
}

/** Reads the key that is to be edited; the editor opens with the answer. */
export function askToEdit(state: UiState, key: string, context: Context): Step {
	const refused = refusedStep(state, 'edit', context);
	return refused ?? withEffects(state, {type: 'run', purpose: 'edit', call: {name: 'inspect', args: [key]}});
}

const elementWords: Readonly<Record<string, string>> = {
	hash: 'hset',
	list: 'lset',
	set: 'sadd',
	zset: 'zadd',
};

/** Opens what fits the type: a line for the value, or the palette for an element of a collection. */
export function openEditor(state: UiState, key: string, facts: KeyFacts, context: Context): UiState {
	const {entry, text} = facts;
	const name = nameInCache(key, context);
	if (entry && name !== undefined && entry.json !== undefined) {
		const ttl = `${Math.max(1, entry.ttlMs)}ms`;
		const about = `Written through the cache, fresh for another ${Math.round(entry.ttlMs / 1000)} s${entry.tags.length > 0 ? `, tags ${entry.tags.join(' ')}` : ''}. JSON is taken as such, anything else as text.`;
		return {
			...state,
			overlay: {
				kind: 'edit',
				key,
				line: lineOf(entry.json),
				name: 'set',
				before: [name],
				after: [ttl, ...entry.tags],
				about,
			},
		};
	}
	if (text !== undefined)
		return {
			...state,
			overlay: {
				kind: 'edit',
				key,
				line: lineOf(text),
				name: 'edit',
				before: [key, 'set'],
				after: [text],
				about: 'Written to Redis as it is; the TTL stays. Refused if somebody else changes it meanwhile.',
			},
		};
	const word = elementWords[facts.type];
	if (word !== undefined) return openPalette(state, `${lineOfCall({name: 'edit', args: [key, word]})} `);
	const message = `${key} cannot be edited in one line: it is too long, not text, or of type ${facts.type}`;
	const reply = {ok: false, code: 'ERR_COMMAND', message} as const;
	return {...state, reply: {kind: 'answered', call: {name: 'edit', args: [key]}, reply, at: context.now}};
}
