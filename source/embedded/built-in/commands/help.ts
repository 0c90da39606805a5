import {status} from '../../../resp/reply.js';
import type {Definition} from './command.js';

/** Defines a command that consists of subcommands, and adds HELP to them. */
export function container(
	name: string,
	categories: string,
	helpCategories: string,
	subcommands: readonly Definition[],
): Definition {
	const names = subcommands.map((sub) => sub.name.toUpperCase()).sort();
	const help: Definition = {
		name: 'help',
		arity: 2,
		flags: 'loading stale',
		categories: helpCategories,
		run: () =>
			[
				`${name.toUpperCase()} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:`,
				...names,
				'HELP',
				'    Print this help.',
			].map(status),
	};
	return {name, arity: -2, flags: '', categories, subcommands: [...subcommands, help], run: () => undefined};
}
