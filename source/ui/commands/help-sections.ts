import type {CommandGroup} from '../../engine/specs/command-spec.js';
import {usageOf} from '../../engine/specs/usage.js';
import {hasWords} from '../state/filter.js';
import type {Scope} from '../state/scopes.js';
import {bindings, shownKeystrokes} from './keymap.js';
import {commands} from './registry.js';

/** An entry of the help: keystrokes or a command line, and what they do. */
export type HelpEntry = {readonly name: string; readonly text: string};

type HelpSection = {readonly title: string; readonly entries: readonly HelpEntry[]};

const placeTitles = {
	everywhere: 'Keys everywhere',
	overview: 'On the overview',
	keys: 'In the list of keys',
	pool: 'In the pool',
	server: 'On the server view',
	faults: 'On the faults view',
	log: 'In the log',
	findings: 'On the findings view',
	palette: 'In the command palette',
	dialogs: 'In dialogs and while typing',
} as const;

type Place = keyof typeof placeTitles;

const placeOf: Readonly<Record<Scope, Place>> = {
	everywhere: 'everywhere',
	always: 'everywhere',
	'too-small': 'everywhere',
	overview: 'overview',
	keys: 'keys',
	'key-list': 'keys',
	'key-tree': 'keys',
	'key-value': 'keys',
	pool: 'pool',
	server: 'server',
	'server-report': 'server',
	'server-clients': 'server',
	'server-hot-keys': 'server',
	'server-memory': 'server',
	faults: 'faults',
	'fault-list': 'faults',
	'drill-list': 'faults',
	'fault-settings': 'faults',
	'fault-choice': 'faults',
	log: 'log',
	findings: 'findings',
	palette: 'palette',
	redis: 'palette',
	filter: 'dialogs',
	help: 'dialogs',
	'outage-menu': 'dialogs',
	connections: 'dialogs',
	explain: 'dialogs',
	text: 'dialogs',
	edit: 'dialogs',
	confirm: 'dialogs',
	prompt: 'dialogs',
};

const groupTitles: Readonly<Record<CommandGroup, string>> = {
	cache: 'Commands of the cache',
	outage: 'Outages and drills',
	workload: 'The workload',
	pool: 'The pool',
	server: 'The server',
	screen: 'The screen',
};

function keystrokeSection(place: Place, title: string): HelpSection {
	const entries = new Map<string, HelpEntry>();
	for (const {command, shortcut, scope} of bindings) {
		if (placeOf[scope] !== place) continue;
		const entry = {name: shownKeystrokes(shortcut), text: shortcut.help ?? command.summary};
		const id = `${entry.name} ${entry.text}`;
		if (!entries.has(id)) entries.set(id, entry);
	}
	return {title, entries: [...entries.values()]};
}

function commandSection(group: CommandGroup, title: string): HelpSection {
	const entries = commands
		.filter((command) => command.group === group)
		.map((command) => ({
			name: `:${usageOf(command)}`,
			text: `${command.summary}${command.writes ? ' (writes)' : ''}`,
		}));
	return {title, entries};
}

const sections: readonly HelpSection[] = [
	...Object.entries(placeTitles).map(([place, title]) => keystrokeSection(place as Place, title)),
	...Object.entries(groupTitles).map(([group, title]) => commandSection(group as CommandGroup, title)),
];

/** All keystrokes and commands, or those that contain all words. */
export function helpSections(words: readonly string[]): readonly HelpSection[] {
	return sections
		.map(({title, entries}) => ({
			title,
			entries: entries.filter(({name, text}) => hasWords(`${title} ${name} ${text}`, words)),
		}))
		.filter(({entries}) => entries.length > 0);
}
