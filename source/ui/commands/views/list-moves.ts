import {faultCatalogue} from '../../../faults/catalogue.js';
import {type Context, noEffects, type Step} from '../../state/command.js';
import {outageItems} from '../../state/faults/outage-menu.js';
import {treeLines} from '../../state/keys/key-tree.js';
import {isRanked, selectedKey} from '../../state/keys/keys-state.js';
import {loadMoreKeys} from '../../state/keys/load-keys.js';
import {openKey} from '../../state/keys/open-key.js';
import type {Scope} from '../../state/scopes.js';
import {type Motion, moveSelection, type ScrollScope, type Viewport} from '../../state/scroll.js';
import {withFaults, withKeys, withLog, withServer, withTree} from '../../state/slices.js';
import type {UiState} from '../../state/ui-state.js';
import {findingsOf, selectedFinding} from '../../state/views/findings-state.js';
import {selectedEvent, visibleEvents} from '../../state/views/log-state.js';
import {poolLineCount} from '../../state/views/pool-lines.js';
import {lineCount} from '../../state/views/server-state.js';

type Move = (state: UiState, motion: Motion, viewport: Viewport, context: Context) => Step;

/** While a value is open, it follows the selection. */
function withOpenKey(before: UiState, {state, effects}: Step): Step {
	const {open} = before.keys;
	const key = selectedKey(state.keys);
	if (!open || key === undefined || key === open.key) return {state, effects};
	const opened = openKey(state, key);
	return {state: opened.state, effects: [...effects, ...opened.effects]};
}

/** Moves the selection of each list. */
export const listMoves = {
	'key-list': (state, motion, viewport) => {
		const {keys} = state;
		const selected = moveSelection(motion, keys.selected, keys.rows.length, viewport);
		const moved = withKeys(state, {selected});
		const isAtEnd = selected === keys.rows.length - 1 && motion !== 'up' && !isRanked(keys.sort);
		return withOpenKey(state, isAtEnd ? loadMoreKeys(moved) : noEffects(moved));
	},
	'key-tree': (state, motion, viewport) => {
		const {tree} = state.keys;
		const count = treeLines(tree).length;
		const selected = moveSelection(motion, Math.min(tree.selected, count - 1), count, viewport);
		return withOpenKey(state, noEffects(withTree(state, {selected})));
	},
	pool: (state, motion, viewport, {snapshot}) => {
		const count = poolLineCount(snapshot);
		return noEffects({...state, pool: {selected: moveSelection(motion, state.pool.selected, count, viewport)}});
	},
	server: (state, motion, viewport, {snapshot}) => {
		const count = lineCount(state.server, snapshot?.server);
		return noEffects(withServer(state, {selected: moveSelection(motion, state.server.selected, count, viewport)}));
	},
	'fault-list': (state, motion, viewport) => {
		const selected = moveSelection(motion, state.faults.selectedFault, faultCatalogue.length, viewport);
		return noEffects(withFaults(state, {selectedFault: selected}));
	},
	'drill-list': (state, motion, viewport) => {
		const {drills, selectedDrill} = state.faults;
		return noEffects(withFaults(state, {selectedDrill: moveSelection(motion, selectedDrill, drills.length, viewport)}));
	},
	log: (state, motion, viewport, context) => {
		const events = visibleEvents(context, state.log);
		const next = moveSelection(motion, selectedEvent(events, state.log), events.length, viewport);
		// If the last event is selected, the log follows the newest events again.
		const follows = next >= events.length - 1 && motion !== 'up';
		return noEffects(withLog(state, {selected: follows ? undefined : events[next]?.id}));
	},
	findings: (state, motion, viewport, {snapshot}) => {
		const findings = findingsOf(snapshot);
		const next = moveSelection(motion, selectedFinding(findings, state.findings), findings.length, viewport);
		return noEffects({...state, findings: {selected: findings[next]?.id}});
	},
	'outage-menu': (state, motion, viewport, context) => {
		const {dialog} = state;
		if (dialog.kind !== 'outage-menu') return noEffects(state);
		const {length} = outageItems(context.snapshot);
		return noEffects({
			...state,
			dialog: {...dialog, selected: moveSelection(motion, dialog.selected, length, viewport)},
		});
	},
	connections: (state, motion, viewport) => {
		const {dialog} = state;
		if (dialog.kind !== 'connections') return noEffects(state);
		const selected = moveSelection(motion, dialog.selected, dialog.items.length, viewport);
		return noEffects({...state, dialog: {...dialog, selected}});
	},
} as const satisfies Partial<Record<ScrollScope, Move>>;

export const isList = (scope: Scope): scope is keyof typeof listMoves => Object.hasOwn(listMoves, scope);
