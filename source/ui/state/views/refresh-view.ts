import {type Context, noEffects, type Step} from '../command.js';
import type {UiState} from '../ui-state.js';
import {refreshReport} from './server-report.js';

/** Reads again what the view shows of the server, if it is time for it. Nothing is read while the screen is paused. */
export function refreshView(state: UiState, context: Context): Step {
	if (state.isPaused || context.isTooSmall) return noEffects(state);
	return state.view === 'server' ? refreshReport(state, context) : noEffects(state);
}
