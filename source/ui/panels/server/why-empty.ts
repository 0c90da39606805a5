import type {EngineSnapshot} from '../../../engine/protocol.js';
import {useEngine} from '../../hooks/use-screen.js';

/**
 * The reason for missing figures of the server: the user lacks the right to read them, the server does not answer, or it has
 * answered only once.
 */
export function whyEmpty(snapshot: EngineSnapshot | undefined): string {
	const refused = snapshot?.activity.refused.find(({command}) => command === 'INFO');
	if (refused) return `${refused.reason}: ${refused.command}`;
	return snapshot?.activity.verdict.problems.some(({id}) => id === 'silent') ? 'no answer' : 'measuring';
}

export const useWhyEmpty = (): string => useEngine(({snapshot}) => whyEmpty(snapshot));
