import type {EngineSnapshot} from '../../../engine/protocol.js';
import {formatCountOf} from '../../../text/number.js';
import {tapWords} from './application-state.js';

/** The text if there are no findings: how to get some, or how much traffic was analyzed without one. */
export function noFindingWords(snapshot: EngineSnapshot | undefined): string {
	if (!snapshot) return 'starting';
	const {application, source} = snapshot;
	if (!application && source === 'server')
		return 'None about the settings of the server, which are checked once a minute; view 1 shows its present state, and the tab Config of view 4 marks the settings that can hurt a cache. For findings about an application, run `redis-cache-tui tap --url <its Redis>`, and connect the application to the tap.';
	if (!application)
		return 'Findings need an application: run `redis-cache-tui tap --url <its Redis>`, and connect the application to the tap.';
	const {connections, commands} = application;
	if (connections.opened === 0)
		return `No application has connected yet: point it at ${tapWords(application)} (y copies it).`;
	if (commands.total === 0) return 'Connected, but no command was answered yet.';
	return `None so far, in ${formatCountOf(commands.total, 'command')} on ${formatCountOf(connections.opened, 'connection')}.`;
}
