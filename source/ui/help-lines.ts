import type {CommandSpec} from '../engine/command-spec.js';
import {usageOf} from '../engine/command-specs.js';
import {type Binding, bindings} from './keymap.js';

export type HelpLine =
	| {readonly kind: 'title'; readonly text: string}
	| {readonly kind: 'entry'; readonly name: string; readonly text: string};

const places: readonly (readonly [Binding['where'], string])[] = [
	['everywhere', 'Keys everywhere'],
	['overview', 'On the overview'],
	['keys', 'In the list of keys'],
	['pool', 'In the pool'],
	['server', 'In the server view'],
	['faults', 'Among the faults'],
	['log', 'In the log'],
	['palette', 'In the command palette'],
	['menus', 'In menus and texts'],
];

const groups: readonly (readonly [CommandSpec['group'], string])[] = [
	['cache', 'Commands of the cache'],
	['outage', 'Outages and drills'],
	['workload', 'The workload'],
	['pool', 'The pool'],
	['server', 'The server'],
	['screen', 'The screen'],
];

/** Keys and commands in sections, only those with all the words looked for. */
export function helpLines(commands: readonly CommandSpec[], search: string): readonly HelpLine[] {
	const words = search.toLowerCase().split(/\s+/u).filter(Boolean);
	const section = (title: string, entries: readonly (readonly [name: string, text: string])[]): HelpLine[] => {
		const found = entries.filter(([name, text]) => {
			const all = `${title} ${name} ${text}`.toLowerCase();
			return words.every((word) => all.includes(word));
		});
		return found.length === 0
			? []
			: [{kind: 'title', text: title}, ...found.map(([name, text]): HelpLine => ({kind: 'entry', name, text}))];
	};
	return [
		...places.flatMap(([where, title]) =>
			section(
				title,
				bindings.filter((binding) => binding.where === where).map((binding) => [binding.keys, binding.help]),
			),
		),
		...groups.flatMap(([group, title]) =>
			section(
				title,
				commands
					.filter((spec) => spec.group === group)
					.map((spec) => [`:${usageOf(spec)}`, `${spec.summary}${spec.writes ? ' (writes)' : ''}`]),
			),
		),
	];
}
