import type {Reply} from '../../../resp/reply.js';
import type {Client} from '../client/client.js';
import type {Keys} from './key-places.js';

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
	/**
	 * The access of the command to its keys: the flags of their specifications in COMMAND INFO, separated by spaces. If the
	 * access to the first key differs from that to the keys after it: both, separated by a comma. Default: `RO access`.
	 */
	readonly access?: string;
	/** The access of one request to its keys, for a command whose `access` has `variable_flags`. */
	readonly accessOf?: (args: readonly string[]) => string;
	/** A remark on `access` in COMMAND INFO. */
	readonly keyNotes?: string;
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
	readonly access: string;
	readonly accessOf: ((args: readonly string[]) => string) | undefined;
	readonly keyNotes: string | undefined;
	readonly run: Handler;
	readonly subcommands: ReadonlyMap<string, Command> | undefined;
	readonly stats: {calls: number; microseconds: number; rejected: number; failed: number};
};
