import type {ServerNode} from '../../../inspect/server/info/read-node.js';
import type {Finding} from '../../../tap/findings/finding.js';
import {ServerSettingsRule} from '../../../tap/findings/server/server-settings.js';
import {readServerFigures} from './read-server-figures.js';

export type ServerFindings = {
	/** At most one: `server-settings`. */
	findings(): readonly Finding[];
	close(): void;
};

/**
 * Findings about a server without its traffic, from its INFO once a minute. It may hold other data than a cache, so a
 * setting is a problem only once the memory is nearly full, or keys are evicted that are still read.
 */
export function watchServerSettings(nodes: () => Promise<readonly ServerNode[]>): ServerFindings {
	const rule = new ServerSettingsRule();
	const stop = readServerFigures(nodes, (figures) => rule.onServer({...figures, at: Date.now()}));
	return {
		findings() {
			const problem = rule.find();
			return problem === undefined ? [] : [{...problem, id: 'server-settings'}];
		},
		close: stop,
	};
}
