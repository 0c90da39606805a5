import type {Keystroke} from '../input/keystroke.js';
import {editLine, emptyLine, lineOf} from '../input/line-editor.js';
import {bodySize, overlaySize} from '../layout.js';
import {overviewLayout} from '../overview-layout.js';
import {eventLines} from '../panels/events.js';
import {vitalsOrder} from '../panels/vitals.js';
import {poolLines} from '../views/pool-lines.js';
import {serverLines} from '../views/server-lines.js';
import {levels, visibleEvents} from './log-state.js';
import {type Context, noEffects, type Step, withEffects} from './message.js';
import {moveList, moveSelection} from './move.js';
import type {UiState} from './ui-state.js';

/** The panels that are on the screen, in the order in which Tab visits them. */
export function panelsOnScreen(context: Pick<Context, 'size'>): readonly string[] {
	const layout = overviewLayout(bodySize(context.size));
	return layout.style === 'vitals' ? vitalsOrder : layout.places.map((place) => place.panel);
}

const forward = new Set(['tab', 'right', 'down', 'l', 'j']);
const backward = new Set(['shift+tab', 'left', 'up', 'h', 'k']);

export function updateOverview(state: UiState, key: Keystroke, context: Context): Step | undefined {
	const order = panelsOnScreen(context);
	const here = state.focus === undefined ? -1 : order.indexOf(state.focus);
	const by = forward.has(key.name) ? 1 : backward.has(key.name) ? -1 : 0;
	if (by !== 0) {
		const from = here === -1 && by === -1 ? 0 : here;
		const focus = order[(from + by + order.length) % order.length];
		return noEffects({...state, focus, enlarged: state.enlarged === undefined ? undefined : focus});
	}
	const focus = state.focus ?? order[0];
	switch (key.name) {
		case 'enter':
			return noEffects({...state, focus, enlarged: state.enlarged === undefined ? focus : undefined});
		case 'i':
			return focus === undefined
				? noEffects(state)
				: noEffects({...state, focus, overlay: {kind: 'explain', subject: state.enlarged ?? focus, top: 0}});
		case 'esc':
			return noEffects(state.enlarged === undefined ? {...state, focus: undefined} : {...state, enlarged: undefined});
		default:
			return undefined;
	}
}

export function updatePool(state: UiState, key: Keystroke, context: Context): Step | undefined {
	const pool = context.snapshot?.cache.pool;
	if (pool && (key.name === '+' || key.name === '-' || key.name === '=')) {
		const lanes = Math.min(64, Math.max(1, pool.lanes.length + (key.name === '-' ? -1 : 1)));
		if (lanes === pool.lanes.length) return noEffects(state);
		const call = {name: 'pool', args: ['resize', String(lanes)]};
		return withEffects({...state, reply: {kind: 'waiting', call}}, {type: 'run', purpose: 'menu', call});
	}
	const rows = bodySize(context.size).rows - 3;
	const list = moveList(key.name, state.pool, poolLines(context.snapshot).length, rows);
	return list && noEffects({...state, pool: list});
}

export function updateServer(state: UiState, key: Keystroke, context: Context): Step | undefined {
	const {server} = state;
	const change = (part: Partial<UiState['server']>): Step => noEffects({...state, server: {...server, ...part}});
	if (server.isFiltering) {
		if (key.name === 'esc') return change({isFiltering: false, filter: emptyLine, list: {selected: 0, top: 0}});
		if (key.name === 'enter') return change({isFiltering: false});
		const filter = editLine(server.filter, key);
		return filter ? change({filter, list: {selected: 0, top: 0}}) : noEffects(state);
	}
	if (key.name === '/') return change({isFiltering: true});
	if (key.name === 'esc' && server.filter.before + server.filter.after !== '') return change({filter: emptyLine});
	const list = moveList(
		key.name,
		server.list,
		serverLines(context.snapshot, server.filter).length,
		bodySize(context.size).rows - 3,
	);
	return list && change({list});
}

export function updateLog(state: UiState, key: Keystroke, context: Context): Step | undefined {
	const {log} = state;
	const change = (part: Partial<UiState['log']>): Step => noEffects({...state, log: {...log, ...part}});
	if (log.isFiltering) {
		if (key.name === 'esc') return change({isFiltering: false, filter: emptyLine});
		if (key.name === 'enter') return change({isFiltering: false});
		const filter = editLine(log.filter, key);
		return filter ? change({filter}) : noEffects(state);
	}
	switch (key.name) {
		case '/':
			return change({isFiltering: true});
		case 'v':
			return change({level: levels[(levels.indexOf(log.level) + 1) % levels.length] ?? 'info'});
		case 'f':
			return change({selected: undefined});
		case 'enter': {
			const events = visibleEvents(context, log);
			const event = log.selected === undefined ? events.at(-1) : events.findLast(({id}) => id <= (log.selected ?? 0));
			if (!event) return noEffects(state);
			const columns = overlaySize(context.size).columns - 4;
			const call = {name: 'log', args: [String(event.id)]};
			return noEffects({...state, overlay: {kind: 'reply', call, lines: eventLines(event, columns), top: 0}});
		}
		case 'esc':
			if (log.selected !== undefined) return change({selected: undefined});
			return log.filter.before + log.filter.after === '' ? undefined : change({filter: lineOf('')});
		default: {
			const events = visibleEvents(context, log);
			const at =
				log.selected === undefined
					? events.length - 1
					: events.findLastIndex((event) => event.id <= (log.selected ?? 0));
			const next = moveSelection(key.name, at, events.length, bodySize(context.size).rows - 4);
			if (next === undefined) return undefined;
			// At the end, the log follows again.
			return change({
				selected: next >= events.length - 1 && key.name !== 'up' && key.name !== 'k' ? undefined : events[next]?.id,
			});
		}
	}
}
