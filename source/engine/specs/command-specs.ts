import {cacheSpecs} from './cache-specs.js';
import type {CommandSpec, NamedSpec} from './command-spec.js';
import {keyspaceSpecs} from './keyspace-specs.js';
import {serverSpecs} from './server-specs.js';
import {trafficSpecs} from './traffic-specs.js';

/** Every command of the engine, in the order of the help. */
export const commandSpecs = {...cacheSpecs, ...serverSpecs, ...keyspaceSpecs, ...trafficSpecs} as const;

export type CommandName = keyof typeof commandSpecs;

export const commandNames = Object.keys(commandSpecs) as readonly CommandName[];

/** A command's spec with its name. */
export function specOf<Name extends CommandName>(name: Name): NamedSpec & {readonly name: Name} {
	const spec: CommandSpec = commandSpecs[name];
	return {name, ...spec};
}

const nameOfWord: ReadonlyMap<string, CommandName> = new Map(
	commandNames.flatMap((name) => [name, ...(specOf(name).aliases ?? [])].map((word) => [word, name] as const)),
);

/** The command that a word names, by its name or an alias, in any case. */
export function findCommand(word: string): CommandName | undefined {
	return nameOfWord.get(word.toLowerCase());
}
