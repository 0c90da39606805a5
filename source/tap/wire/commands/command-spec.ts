import type {CommandEffect, GivenTtl} from '../../traffic.js';

/** Where the names of keys stand among the arguments of a command; argument 0 is the command itself. */
export type KeyPlaces =
	| {
			readonly type: 'range';
			readonly first: number;
			/** Negative: counted from the end, -1 is the last argument. */
			readonly last: number;
			readonly step: number;
	  }
	/**
	 * The argument at `countAt` is the number of keys that follow. ZUNIONSTORE and others also have a destination key as
	 * argument 1.
	 */
	| {readonly type: 'counted'; readonly countAt: number; readonly destination: boolean}
	/** The first half of the arguments after STREAMS. */
	| {readonly type: 'streams'};

/**
 * How a reply shows missing keys:
 *
 * - `null`: a null is a miss
 * - `each`: it has one element for each key, and a null element is a miss
 * - `fields`: the key is a miss if all elements are null
 * - `empty`: an empty collection is a miss, since Redis keeps no empty ones
 */
export type MissReply = 'null' | 'each' | 'fields' | 'empty';

/** The properties of a command that determine how it is read. */
export type CommandSpec = {
	/** In upper case. */
	readonly name: string;
	readonly effect: CommandEffect;
	readonly keys: KeyPlaces | undefined;
	readonly misses: MissReply | undefined;
	/**
	 * Index of the first argument on which `ttl`, `blocks` or the state of the connection depends. Undefined if there is none.
	 */
	readonly wordsFrom: number | undefined;
	/** True if its first argument is the name of a subcommand. */
	readonly isContainer: boolean;
	/**
	 * Determines the TTL that the command gives, from its words in upper case. @param now Returns the Unix time in
	 * milliseconds.
	 */
	readonly ttl: ((words: readonly string[], now: () => number) => GivenTtl | undefined) | undefined;
	readonly blocks: ((words: readonly string[]) => boolean) | undefined;
};
