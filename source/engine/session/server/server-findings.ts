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
 * Findings about a server whose traffic is not seen, from its INFO once a minute. Nobody knows if it holds nothing but a
 * cache, so that a setting is a problem only once its memory is nearly full, or keys are evicted that are still read.
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
