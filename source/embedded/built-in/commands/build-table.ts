import type {Command, Definition} from './command.js';
import {areCounted} from './key-places.js';

/** ACL categories in the order in which Redis lists them. */
const categoryOrder =
	'keyspace read write set sortedset list hash string bitmap hyperloglog geo stream pubsub admin fast slow blocking dangerous connection transaction scripting'.split(
		' ',
	);

/** Builds the table of commands by lowercase name. */
export function buildTable(families: readonly (readonly Definition[])[]): Map<string, Command> {
	const table = new Map<string, Command>();
	for (const definition of families.flat()) table.set(definition.name, build(definition, ''));
	return table;
}

function build(definition: Definition, prefix: string): Command {
	const fullName = prefix + definition.name;
	const flags = new Set(definition.flags.split(' ').filter((flag) => flag !== ''));
	if (areCounted(definition.keys)) flags.add('movablekeys');
	const own = (definition.categories ?? '').split(' ').filter((category) => category !== '');
	const subcommands = definition.subcommands?.map((sub) => [sub.name, build(sub, `${fullName}|`)] as const);
	return {
		fullName,
		arity: definition.arity,
		flags,
		isWrite: flags.has('write'),
		isReadOnly: flags.has('readonly'),
		denyOom: flags.has('denyoom'),
		categories: categoriesOf(flags, own),
		group: own[0] ?? 'server',
		keys: definition.keys,
		access: definition.access ?? 'RO access',
		accessOf: definition.accessOf,
		keyNotes: definition.keyNotes,
		run: definition.run,
		subcommands: subcommands && new Map(subcommands),
		stats: {calls: 0, microseconds: 0, rejected: 0, failed: 0},
	};
}

function categoriesOf(flags: ReadonlySet<string>, own: readonly string[]): string[] {
	const all = new Set(own);
	if (flags.has('write')) all.add('write');
	if (flags.has('readonly') && !all.has('scripting')) all.add('read');
	if (flags.has('admin')) all.add('admin').add('dangerous');
	if (flags.has('pubsub')) all.add('pubsub');
	if (flags.has('blocking')) all.add('blocking');
	all.add(flags.has('fast') ? 'fast' : 'slow');
	return categoryOrder.filter((category) => all.has(category)).map((category) => `@${category}`);
}
