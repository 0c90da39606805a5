import type {Command, Context} from './command.js';

/** Why a command may not run in this session; undefined when it may. */
export function writeRefusal(
	{name, writes}: Pick<Command, 'name' | 'writes'>,
	{snapshot}: Context,
): string | undefined {
	if (!writes || !snapshot?.readOnly) return undefined;
	const {connection} = snapshot.target;
	const isBreaking = snapshot.source === 'application' && name === 'drill';
	const what = isBreaking ? 'breaks the connections of the application' : 'writes';
	return connection === undefined
		? `${name} ${what}, and this session is read-only; start without --read-only`
		: `${name} ${what}, and the connection ${connection.name} is read-only`;
}

/** The command that a typed word names, by its name or an alias, in any case. */
export function findTyped(word: string, {commands}: Context): Command | undefined {
	const wanted = word.toLowerCase();
	return commands.find(
		({group, name, aliases}) => group !== undefined && (name === wanted || aliases?.includes(wanted)),
	);
}
