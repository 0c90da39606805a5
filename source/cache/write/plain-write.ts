import type {Argument} from '../../pool/types.js';
import type {Namespace} from '../keys/namespace.js';
import type {Outcome} from '../scripts/script-call.js';
import type {Script} from '../scripts/scripts.js';
import {KeyWrite, type KeyWrites} from './key-writes.js';

/** A delete or a prolonged life. */
export class PlainWrite extends KeyWrite {
	readonly #resolve: (outcome: Outcome) => void;

	constructor(
		writes: KeyWrites,
		operation: 'delete' | 'expire' | 'touch',
		space: Namespace,
		physical: string,
		strict: boolean,
		script: Script,
		args: readonly Argument[],
		tags: readonly string[],
		resolve: (outcome: Outcome) => void,
	) {
		super(writes, operation, space, physical, strict, script, args, tags);
		this.#resolve = resolve;
	}

	protected told(outcome: Outcome): void {
		this.#resolve(outcome);
	}
}
