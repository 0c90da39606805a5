import {type Context, noEffects, type Step} from '../command.js';
import {watchOpenKey} from '../keys/watch-key.js';
import type {UiState} from '../ui-state.js';
import {isElsewhere} from './process-views.js';
import {refreshReport} from './server-report.js';

/** Refreshes the view's data of the server or of a key, if a refresh is due. Nothing is read while the screen is paused. */
export function refreshView(state: UiState, context: Context): Step {
	if (state.isPaused || context.isTooSmall || isElsewhere(state.view, context.snapshot?.source))
		return noEffects(state);
	switch (state.view) {
		case 'server':
			return refreshReport(state, context);
		case 'keys':
			return watchOpenKey(state, context);
		default:
			return noEffects(state);
	}
}
