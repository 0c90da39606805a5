import type {CommandSpec} from '../engine/command-spec.js';
import {usageOf} from '../engine/command-specs.js';
import {type Binding, bindings} from './keymap.js';
import {widthOf} from './text/row.js';
import {wrapWords} from './text/wrap.js';

export type HelpLine =
	| {readonly kind: 'title'; readonly text: string}
	/** `nameWidth` is the same for all entries of a section; further lines of a long text have no name. */
	| {readonly kind: 'entry'; readonly name: string; readonly text: string; readonly nameWidth: number};

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

type Entry = readonly [name: string, text: string];

function entryLines([name, text]: Entry, nameWidth: number, width: number): HelpLine[] {
	const isLong = widthOf(name) > nameWidth;
	const lines = wrapWords(text, Math.max(10, width - nameWidth - 4)).map(
		(part, index): HelpLine => ({
			kind: 'entry',
			name: index === 0 && !isLong ? name : '',
			text: part,
			nameWidth,
		}),
	);
	return isLong ? [{kind: 'entry', name, text: '', nameWidth: widthOf(name)}, ...lines] : lines;
}

/** Keys and commands in sections, as lines of at most `width` cells, only those with all the words looked for. */
export function helpLines(commands: readonly CommandSpec[], search: string, width: number): readonly HelpLine[] {
	const words = search.toLowerCase().split(/\s+/u).filter(Boolean);
	const section = (title: string, entries: readonly Entry[]): HelpLine[] => {
		const found = entries.filter(([name, text]) => {
			const all = `${title} ${name} ${text}`.toLowerCase();
			return words.every((word) => all.includes(word));
		});
		if (found.length === 0) return [];
		const longest = Math.max(...found.map(([name]) => widthOf(name)));
		const nameWidth = Math.min(longest, Math.floor(width * 0.4));
		return [{kind: 'title', text: title}, ...found.flatMap((entry) => entryLines(entry, nameWidth, width))];
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
