import type {CommandTraits} from './command-traits.js';
import type {LinkRules} from './link-rules.js';

export type ErrorFault = LinkRules['errors'][number];

/** What Redis says, without the dash before it and the line feed after it. */
export const errorMessages: Readonly<Record<ErrorFault['error'], string>> = {
	LOADING: 'LOADING Redis is loading the dataset in memory',
	READONLY: "READONLY You can't write against a read only replica.",
	OOM: "OOM command not allowed when used memory > 'maxmemory'.",
	CLUSTERDOWN: 'CLUSTERDOWN The cluster is down',
};

/** Whether Redis in that state answers such a command with its error. */
export function concerns(fault: ErrorFault, traits: CommandTraits): boolean {
	switch (fault.error) {
		case 'LOADING':
			return !traits.whileLoading;
		case 'READONLY':
			return traits.writes;
		case 'OOM':
			return traits.denyOom;
		case 'CLUSTERDOWN':
			return traits.keys;
	}
}
