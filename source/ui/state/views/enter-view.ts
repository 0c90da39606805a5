import type {Source} from '../../../engine/protocol.js';
import {ask, noEffects, type Step, withEffects} from '../command.js';
import {loadKeys} from '../keys/load-keys.js';
import type {ViewName} from '../names.js';
import {withFaults} from '../slices.js';
import type {UiState} from '../ui-state.js';
import {isElsewhere} from './process-views.js';
import {loadReport} from './server-report.js';

/** Goes to a view, and loads what it needs. */
export function enterView(state: UiState, view: ViewName, source?: Source): Step {
	const next: UiState = {...state, view, enlarged: undefined, dialog: {kind: 'none'}};
	if (isElsewhere(view, source)) return noEffects(next);
	const {load, rows} = state.keys;
	const isLoaded =
		load.kind === 'loading' ||
		load.kind === 'paused' ||
		load.kind === 'asking' ||
		(load.kind === 'loaded' && rows.length > 0);
	if (view === 'keys' && !isLoaded) return loadKeys(next);
	if (view === 'server') return loadReport(next);
	if (view === 'faults' && state.faults.drills.length === 0) return withEffects(next, loadDrills);
	return noEffects(next);
}

const loadDrills = ask({name: 'drills', args: []}, (state, {reply}) =>
	noEffects(reply.ok ? withFaults(state, {drills: reply.data}) : state),
);
