import type {Argument} from '../types.js';

/** Commands that change the state of a connection for good. */
const stateful = new Set([
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

/** Subcommands of CLIENT that do not change the state of the connection. */
const statelessClient = new Set([
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

/** Watches the commands of a borrower to detect state that the next borrower would inherit. */
export class SessionState {
	#isInTransaction = false;
	#isWatching = false;
	/** The first word of a command that has changed the connection for good. */
	#changedBy: string | undefined;

	observe(command: string, args: readonly Argument[]): void {
		const name = command.toLowerCase();
		if (name === 'multi') this.#isInTransaction = true;
		else if (name === 'watch') this.#isWatching = true;
		else if (name === 'unwatch') this.#isWatching = false;
		else if (name === 'exec' || name === 'discard') {
			this.#isInTransaction = false;
			this.#isWatching = false;
		} else if (stateful.has(name) || (name === 'client' && !statelessClient.has(String(args[0]).toLowerCase()))) {
			this.#changedBy = name.toUpperCase();
		}
	}

	get isInTransaction(): boolean {
		return this.#isInTransaction;
	}

	/** The reason why the connection cannot be lent again; `undefined` if it can. */
	get unusableReason(): string | undefined {
		if (this.#isInTransaction) return 'a transaction is open';
		if (this.#isWatching) return 'keys are watched';
		return this.#changedBy === undefined ? undefined : `${this.#changedBy} has changed its state`;
	}
}
