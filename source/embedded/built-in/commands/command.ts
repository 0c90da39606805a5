import type {Reply} from '../../../resp/reply.js';
import type {Client} from '../client/client.js';

/**
 * A request: the name of the command and its arguments, as latin1 strings. Arguments that the command's arity
 * guarantees may be read by index; check `length` before reading others.
 */
export type Args = readonly string[] & {
	readonly 0: string;
	readonly 1: string;
	readonly 2: string;
	readonly 3: string;
	readonly 4: string;
};

/** Runs a command. Returns undefined if it has no reply, or none yet. May throw a CommandError. */
export type Handler = (client: Client, args: Args) => Reply | undefined;

/**
 * Positions of the keys in a request: first, last (negative counts from the end) and step; or computed from the
 * request.
 */
type Keys = readonly [first: number, last: number, step: number] | ((args: readonly string[]) => number[]);

/** A command as its file defines it. */
export type Definition = {
	/** In lowercase; for a subcommand without the name of its container. */
	readonly name: string;
	/** Number of arguments including the name; negative for a minimum. */
	readonly arity: number;
	/** Flags as COMMAND shows them, separated by spaces. */
	readonly flags: string;
	/** ACL categories besides those that follow from the flags, without @, separated by spaces. */
	readonly categories?: string;
	readonly keys?: Keys;
	/** Positions that COMMAND shows for computed keys. Default: none. */
	readonly shownKeys?: readonly [first: number, last: number, step: number];
	readonly run: Handler;
	readonly subcommands?: readonly Definition[];
};

/** A command in the table. */
export type Command = {
	/** `client|list` */
	readonly fullName: string;
	readonly arity: number;
	readonly flags: ReadonlySet<string>;
	readonly isWrite: boolean;
	readonly isReadOnly: boolean;
	readonly denyOom: boolean;
	readonly categories: readonly string[];
	readonly group: string;
	readonly keys: Keys | undefined;
	readonly shownKeys: readonly [first: number, last: number, step: number];
	readonly run: Handler;
	readonly subcommands: ReadonlyMap<string, Command> | undefined;
	readonly stats: {calls: number; microseconds: number; rejected: number; failed: number};
};

/** The first argument is the only key. */
export const oneKey: Keys = [1, 1, 1];
/** Every argument is a key. */
export const allKeys: Keys = [1, -1, 1];

/** Positions of the keys in a request whose arity was checked. */
export function keyPlaces(command: Command, args: readonly string[]): number[] {
	const {keys} = command;
	if (keys === undefined) return [];
	if (typeof keys === 'function') return keys(args);
	const [first, last, step] = keys;
	const end = last < 0 ? args.length + last : last;
	const places: number[] = [];
	for (let place = first; place <= end && place < args.length; place += step) places.push(place);
	return places;
}

/** Keys of commands such as `ZUNION numkeys key …`: their number is at `countPlace`, and they follow it. */
export function countedKeys(countPlace: number, ...others: number[]): Keys {
	return (args) => {
		const count = Number(args[countPlace]);
		if (!Number.isInteger(count) || count < 1 || countPlace + count >= args.length) return [];
		return [...others, ...Array.from({length: count}, (_, index) => countPlace + 1 + index)];
	};
}
