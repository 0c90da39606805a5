import type {Argument} from './types.js';

/** Commands after which the connection is no longer like a new one. */
const LASTING = new Set([
	'subscribe',
	'psubscribe',
	'ssubscribe',
	'monitor',
	'select',
	'auth',
	'hello',
	'reset',
	'readonly',
	'readwrite',
	'asking',
	'quit',
	'sync',
	'psync',
]);

/** Subcommands of CLIENT that change nothing about the connection. */
const HARMLESS_CLIENT = new Set([
	'id',
	'info',
	'list',
	'getname',
	'getredir',
	'trackinginfo',
	'kill',
	'pause',
	'unpause',
	'unblock',
	'help',
]);

/** What a caller has done to its connection that the next one must not inherit. */
export class SessionState {
	#transaction = false;
	#watching = false;
	#lasting: string | undefined;

	observe(command: string, args: readonly Argument[]): void {
		const name = command.toLowerCase();
		if (name === 'multi') this.#transaction = true;
		else if (name === 'watch') this.#watching = true;
		else if (name === 'unwatch') this.#watching = false;
		else if (name === 'exec' || name === 'discard') {
			this.#transaction = false;
			this.#watching = false;
		} else if (LASTING.has(name) || (name === 'client' && !HARMLESS_CLIENT.has(String(args[0]).toLowerCase()))) {
			this.#lasting = name.toUpperCase();
		}
	}

	/** Why it cannot be lent again, or `undefined`. */
	get dirt(): string | undefined {
		if (this.#transaction) return 'a transaction is open';
		if (this.#watching) return 'keys are watched';
		return this.#lasting === undefined ? undefined : `${this.#lasting} has changed its state`;
	}
}
