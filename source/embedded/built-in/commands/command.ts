import type {Reply} from '../../../resp/reply.js';
import type {Client} from '../client/client.js';

/**
 * A request: the command's name, then its arguments, all as latin1 strings. The places that a command's arity
 * guarantees may be read by number; look at `length` before reading others.
 */
export type Args = readonly string[] & {
	readonly 0: string;
	readonly 1: string;
	readonly 2: string;
	readonly 3: string;
	readonly 4: string;
};

/** Undefined: it has no answer, or not yet. May throw a CommandError. */
export type Handler = (client: Client, args: Args) => Reply | undefined;

/** Places of the keys: first, last (negative: from the end), step; or computed from the request. */
export type Keys = readonly [first: number, last: number, step: number] | ((args: readonly string[]) => number[]);

/** A command as its family describes it. */
export type Definition = {
	/** Lower case; of a subcommand without its container. */
	readonly name: string;
	/** With the name itself; negative: at least. */
	readonly arity: number;
	/** As COMMAND shows them, separated by spaces. */
	readonly flags: string;
	/** ACL categories beside those that follow from the flags, without the @. */
	readonly categories?: string;
	readonly keys?: Keys;
	/** What COMMAND shows of keys that are computed; usually nothing. */
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

/** One key, the first argument. */
export const oneKey: Keys = [1, 1, 1];
/** All arguments are keys. */
export const allKeys: Keys = [1, -1, 1];

/** The places of the keys in a request whose arity has been checked. */
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

/** For commands such as `ZUNION numkeys key …`: the count is at `countPlace`, the keys follow it. */
export function countedKeys(countPlace: number, ...others: number[]): Keys {
	return (args) => {
		const count = Number(args[countPlace]);
		if (!Number.isInteger(count) || count < 1 || countPlace + count >= args.length) return [];
		return [...others, ...Array.from({length: count}, (_, index) => countPlace + 1 + index)];
	};
}
