import {randomBytes} from 'node:crypto';
import type {Server} from '../server.js';
import {
	commandStatsFields,
	errorStatsFields,
	keyspaceFields,
	persistenceFields,
	statsFields,
} from './activity-sections.js';
import type {Fields} from './fields.js';
import {clientFields, cpuFields, memoryFields, replicationFields, serverFields} from './server-sections.js';

type Section = {readonly title: string; readonly isDefault: boolean; readonly fields: (server: Server) => Fields};

const runId = randomBytes(20).toString('hex');

const sections: readonly Section[] = [
	{title: 'Server', isDefault: true, fields: (server) => serverFields(server, runId)},
	{title: 'Clients', isDefault: true, fields: clientFields},
	{title: 'Memory', isDefault: true, fields: memoryFields},
	{title: 'Persistence', isDefault: true, fields: persistenceFields},
	{title: 'Stats', isDefault: true, fields: statsFields},
	{title: 'Replication', isDefault: true, fields: () => replicationFields(runId)},
	{title: 'CPU', isDefault: true, fields: cpuFields},
	{title: 'Modules', isDefault: true, fields: () => []},
	{title: 'Commandstats', isDefault: false, fields: commandStatsFields},
	{title: 'Errorstats', isDefault: true, fields: errorStatsFields},
	{title: 'Cluster', isDefault: true, fields: () => [['cluster_enabled', 0]]},
	{title: 'Keyspace', isDefault: true, fields: keyspaceFields},
];

/** The text of INFO. @param names Sections; none for the default ones. */
export function infoText(server: Server, names: readonly string[]): string {
	const wanted = new Set(names.map((name) => name.toLowerCase()));
	const all = wanted.has('all') || wanted.has('everything');
	const defaults = wanted.size === 0 || wanted.has('default');
	return sections
		.filter(({title, isDefault}) => all || (defaults && isDefault) || wanted.has(title.toLowerCase()))
		.map(({title, fields}) => {
			const lines = fields(server).map(([name, value]) => `${name}:${value}\r\n`);
			return `# ${title}\r\n${lines.join('')}`;
		})
		.join('\r\n');
}
