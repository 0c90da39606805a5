import {hasSecret} from '../../input/secret-line.js';
import {noEffects, type Step, withEffects} from '../command.js';
import type {UiState} from '../ui-state.js';

/** Lines kept in the history. */
const historyLimit = 200;

/** Adds a line to the history, once, here and on disk. A line with a secret is kept nowhere. */
export function remember(state: UiState, line: string): Step {
	if (line === '' || hasSecret(line)) return noEffects(state);
	const history = [...state.history.filter((known) => known !== line), line].slice(-historyLimit);
	return withEffects({...state, history}, {type: 'remember', line});
}
