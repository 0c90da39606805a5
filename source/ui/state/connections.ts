import type {ConnectionSummary} from '../../engine/target/connection.js';
import type {TargetSnapshot} from '../../engine/target-snapshot.js';
import {type Answer, type Context, noEffects, type Step} from './command.js';
import {initialKeys} from './keys/keys-state.js';
import {loadKeys} from './keys/load-keys.js';
import {runThen, showReply} from './reply.js';
import {withServer, withTree} from './slices.js';
import type {ConnectionsState, UiState} from './ui-state.js';
import {loadReport} from './views/server-report.js';

/** The last item of the list: a Redis that this program starts. */
const privateRedis = {name: 'private', url: 'a Redis of this program', readOnly: false, color: undefined};

/** Opens the list of connections, once the engine has sent it. */
export function listConnections(state: UiState): Step {
	return runThen(state, {name: 'connections', args: []}, (current, answer, context) => {
		const {reply} = answer;
		if (!reply.ok || current.dialog.kind !== 'none') return noEffects(showReply(current, answer, context));
		const target = context.snapshot?.target;
		const items: readonly ConnectionSummary[] = [
			...reply.data,
			{...privateRedis, isCurrent: target !== undefined && target.kind !== 'external'},
		];
		const selected = Math.max(
			0,
			items.findIndex(({isCurrent}) => isCurrent),
		);
		return noEffects({...current, reply: {kind: 'none'}, dialog: {kind: 'connections', items, selected}});
	});
}

/** Switches to the selected connection. */
export function switchConnection(state: UiState, {items, selected}: ConnectionsState): Step {
	const item = items[selected];
	const closed: UiState = {...state, dialog: {kind: 'none'}};
	return item ? runThen(closed, {name: 'connect', args: [item.name]}, afterConnect) : noEffects(closed);
}

/** Shows the reply to `connect`, and drops all data of the previous server. */
export function afterConnect(state: UiState, answer: Answer<'connect'>, context: Context): Step {
	const {reply} = answer;
	const shown = showReply(state, answer, context);
	return reply.ok ? forgetServer(shown, reply.data) : noEffects(shown);
}

function forgetServer(state: UiState, {connection}: TargetSnapshot): Step {
	const {delimiter} = state.keys.tree;
	const keys = withTree({...state, keys: initialKeys}, {delimiter: connection?.delimiter ?? delimiter});
	const next = withServer(keys, {load: {kind: 'none'}, selected: 0});
	if (next.view === 'keys') return loadKeys(next);
	return next.view === 'server' ? loadReport(next) : noEffects(next);
}
