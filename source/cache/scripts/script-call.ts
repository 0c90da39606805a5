import type {Argument} from '../../pool/types.js';
import type {UnorderedSetItem} from '../support/unordered-set.js';
import type {Script} from './scripts.js';

/** What became of a script. */
export type Outcome =
	| {readonly done: true; readonly reply: number}
	/** `unknown`: it may have been carried out, or may be until `settledAt`. `refused`: it certainly was not. */
	| {
			readonly done: false;
			readonly certainty: 'unknown' | 'refused';
			readonly error: Error | undefined;
			readonly settledAt: number;
			/** How many calls failed with this error, as they went together. */
			readonly calls?: number;
	  };

/** A script to be run once, and who is told what became of it. On the way of every write: no promise of its own. */
export abstract class ScriptCall implements UnorderedSetItem {
	place = -1;
	/** Local time at which the turn of the event loop ended in which it was asked for. */
	since = 0;
	/** Its number among those that were sent; 0: not sent. */
	run = 0;

	constructor(
		readonly script: Script,
		readonly key: string,
		/** What follows the deadline in ARGV. */
		readonly args: readonly Argument[],
		/** Whether it is to be run although Redis is out of use: to bring it back. */
		readonly always: boolean,
	) {}

	/** Told once. Must not throw. */
	abstract settled(outcome: Outcome): void;
}

export class PromisedCall extends ScriptCall {
	readonly #resolve: (outcome: Outcome) => void;

	constructor(
		script: Script,
		key: string,
		args: readonly Argument[],
		always: boolean,
		resolve: (outcome: Outcome) => void,
	) {
		super(script, key, args, always);
		this.#resolve = resolve;
	}

	settled(outcome: Outcome): void {
		this.#resolve(outcome);
	}
}
