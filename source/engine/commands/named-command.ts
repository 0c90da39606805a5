import {closestMatch} from 'leven';
import {type CommandName, commandNames, findCommand, specOf} from '../specs/command-specs.js';
import {wordsProblem} from '../specs/usage.js';
import {CommandError} from './command.js';

/**
 * The command that a word names.
 *
 * @throws {CommandError} There is none.
 */
export function namedCommand(word: string): CommandName {
	const name = findCommand(word);
	if (name) return name;
	const meant = closestMatch(word, commandNames, {maxDistance: 2});
	throw new CommandError(
		`unknown command ${JSON.stringify(word)}${meant ? `; did you mean ${meant}?` : '; press ? for the list'}`,
	);
}

/** @throws {CommandError} The command takes another number of words. */
export function checkWords(name: CommandName, args: readonly string[]): void {
	const problem = wordsProblem(specOf(name), args.length);
	if (problem !== undefined) throw new CommandError(problem);
}
