import {unfitCommand} from '../../engine/attached/unfit-command.js';
import type {AttachedSnapshot} from '../../engine/protocol.js';
import {findCommand} from '../../engine/specs/command-specs.js';
import type {Command, Context} from './command.js';

/** The reason why a command cannot run in this session; undefined if it can. */
export function writeRefusal(command: Pick<Command, 'name' | 'writes'>, {snapshot}: Context): string | undefined {
	const {name, writes} = command;
	const ofProcess = snapshot?.attached && processRefusal(name, snapshot.attached, snapshot.target.url);
	if (ofProcess !== undefined) return ofProcess;
	if (!writes || !snapshot?.readOnly) return undefined;
	const {connection} = snapshot.target;
	const isBreaking = snapshot.source === 'application' && name === 'drill';
	const what = isBreaking ? 'breaks the connections of the application' : 'writes';
	return connection === undefined
		? `${name} ${what}, and this session is read-only; start without --read-only`
		: `${name} ${what}, and the connection ${connection.name} is read-only`;
}

/**
 * The reason why a live process cannot execute or does not accept a command; undefined for commands of the screen, which do not
 * concern it.
 */
function processRefusal(word: string, {name, commands}: AttachedSnapshot, url: string): string | undefined {
	const found = findCommand(word);
	if (found === undefined) return undefined;
	const unfit = unfitCommand(found, url);
	if (unfit !== undefined || commands) return unfit;
	return `${name} accepts no commands: give its cache inspect: {commands: true} to use ${word}`;
}

/** The command that a typed word names, by its name or an alias, in any case. */
export function findTyped(word: string, {commands}: Context): Command | undefined {
	const wanted = word.toLowerCase();
	return commands.find(
		({group, name, aliases}) => group !== undefined && (name === wanted || aliases?.includes(wanted)),
	);
}
