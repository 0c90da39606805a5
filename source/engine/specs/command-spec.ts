import type {WriteKind} from '../consent/write-kind.js';

export type ArgumentKind =
	| 'key'
	| 'value'
	| 'duration'
	| 'number'
	| 'url'
	| 'tag'
	| 'fault'
	| 'fault-in-force'
	| 'drill'
	| 'choice'
	| 'text'
	| 'command';

export type ArgumentSpec = {
	readonly name: string;
	/** Selects the completions. */
	readonly kind: ArgumentKind;
	readonly optional?: boolean;
	/** Ends the message "get needs …". Default: by `kind`. */
	readonly asks?: string;
	/** The words to choose from, for `choice`. */
	readonly choices?: readonly string[];
	/** Takes all remaining words. */
	readonly rest?: boolean;
};

/** Section of the help that lists the command. */
export type CommandGroup = 'cache' | 'outage' | 'workload' | 'pool' | 'server' | 'screen';

/**
 * A command as typed: a name and arguments. Pure data, shared by the engine, which checks and runs it, and by the
 * screen, which completes, explains and confirms it.
 */
export type CommandSpec = {
	readonly group: CommandGroup;
	/** One line, starting with a verb. */
	readonly summary: string;
	readonly args: readonly ArgumentSpec[];
	/**
	 * What the command changes for applications; false if nothing. A command that writes is refused with `--read-only`, and
	 * needs consent on a Redis that this program did not start.
	 */
	readonly writes: WriteKind | false;
	/** First arguments, in lower case, with which the command writes nothing, such as `stop`. The handler ignores case. */
	readonly harmless?: readonly string[];
	/** Other names of the command. */
	readonly aliases?: readonly string[];
	/** A word that must be typed before the command runs. */
	readonly confirm?: string;
};

/** A command with its name in the table. */
export type NamedSpec = CommandSpec & {readonly name: string};

/** The tuple type of the words for a list of arguments. */
export type ArgumentWords<Args extends readonly ArgumentSpec[]> = Args extends readonly [
	infer First extends ArgumentSpec,
	...infer Others extends readonly ArgumentSpec[],
]
	? First extends {readonly rest: true}
		? First extends {readonly optional: true}
			? readonly string[]
			: readonly [string, ...string[]]
		: First extends {readonly optional: true}
			? readonly [string?, ...ArgumentWords<Others>]
			: readonly [string, ...ArgumentWords<Others>]
	: readonly [];
