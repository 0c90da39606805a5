import {ask, type Effect, noEffects, type Step, type TakeReply, withEffects} from '../command.js';
import {withKeys} from '../slices.js';
import type {UiState} from '../ui-state.js';

/** Shows the value of a key. */
export function openKey(state: UiState, key: string): Step {
	return withEffects(withKeys(state, {open: {key, lines: undefined, details: undefined, top: 0}}), askForValue(key));
}

export const closeKey = (state: UiState): UiState => withKeys(state, {open: undefined});

/** Reads the open value again; the old one stays until the answer is there. */
export function refreshOpenKey(state: UiState): Step {
	const {open} = state.keys;
	return open ? withEffects(state, askForValue(open.key)) : noEffects(state);
}

const askForValue = (key: string): Effect => ask({name: 'inspect', args: [key]}, takeValue);

const takeValue: TakeReply<'inspect'> = (state, {call, reply}) => {
	const {open} = state.keys;
	const [key] = call.args;
	if (open?.key !== key) return noEffects(state);
	if (!reply.ok) return noEffects(withKeys(state, {open: {...open, lines: [reply.message], details: undefined}}));
	const details = reply.data;
	// The first line, and for a cache entry the second, says in words what `details` has as data.
	const skipped = details ? (details.entry ? 2 : 1) : 0;
	return noEffects(withKeys(state, {open: {...open, lines: reply.lines.slice(skipped), details}}));
};
