import type {EngineSnapshot} from '../../../engine/protocol.js';
import {useEngine} from '../../hooks/use-screen.js';

/** The reason for missing figures of the server: the user may not ask for them, or they need a second answer. */
export function whyEmpty(snapshot: EngineSnapshot | undefined): string {
	const refused = snapshot?.activity.refused.find(({command}) => command === 'INFO');
	return refused ? `${refused.reason}: ${refused.command}` : 'measuring';
}

export const useWhyEmpty = (): string => useEngine(({snapshot}) => whyEmpty(snapshot));
