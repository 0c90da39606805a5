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
	readonly kind: ArgumentKind;
	readonly optional?: boolean;
	/** What to type there, as the end of "get needs …". Default: by its kind. */
	readonly asks?: string;
	/** For `choice`. */
	readonly choices?: readonly string[];
	/** Takes all words that are left. */
	readonly rest?: boolean;
};

/** One command, described once: keys, palette, menus, help, footer and the read-only gate all read this. */
export type CommandSpec = {
	readonly name: string;
	readonly aliases?: readonly string[];
	readonly group: 'cache' | 'outage' | 'workload' | 'pool' | 'server' | 'screen';
	/** One line, starting with a verb. */
	readonly summary: string;
	readonly args: readonly ArgumentSpec[];
	/** Refused with --read-only. */
	readonly writes: boolean;
	/** Who carries it out. */
	readonly where: 'engine' | 'screen';
	/** Keys of the dashboard that run it without arguments, as Ink names them: `o`, `ctrl+l`. */
	readonly keys?: readonly string[];
	/** Wants a word typed before it is done. */
	readonly confirm?: string;
};
