import type {EngineSnapshot} from '../../../engine/protocol.js';
import {formatCountOf} from '../../../text/number.js';
import {tapWords} from './application-state.js';

/** The words in place of findings: how to get some, or how much was seen without one. */
export function noFindingWords(snapshot: EngineSnapshot | undefined): string {
	if (!snapshot) return 'starting';
	const {application, source} = snapshot;
	if (!application && source === 'server')
		return 'None about the settings of the server, whose figures are compared once a minute: 1 shows what is the matter now. Findings about an application: run `redis-cache-tui tap --url <its Redis>`, and let it connect to the tap.';
	if (!application)
		return 'Findings are about an application: run `redis-cache-tui tap --url <its Redis>`, and let it connect to the tap.';
	const {connections, commands} = application;
	if (connections.opened === 0)
		return `No application has connected yet: point it at ${tapWords(application)} (y copies it).`;
	if (commands.total === 0) return 'Connected, and no command was answered yet.';
	return `None so far, in ${formatCountOf(commands.total, 'command')} on ${formatCountOf(connections.opened, 'connection')}.`;
}
