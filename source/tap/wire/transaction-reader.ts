import type {CommandResult} from '../traffic.js';
import type {CommandRecord} from './command-record.js';
import {type ElementNotes, setError, setOutcome} from './reply-outcome.js';

/** Follows MULTI to EXEC in the replies of one connection, and gives each queued command its part of EXEC's reply. */
export class TransactionReader {
	readonly #report: (record: CommandRecord) => void;
	/** The commands queued so far; undefined outside of a transaction. */
	#queued: CommandRecord[] | undefined;
	#isRedirected = false;

	constructor(report: (record: CommandRecord) => void) {
		this.#report = report;
	}

	get isOpen(): boolean {
		return this.#queued !== undefined;
	}

	/** True if one of its commands was redirected to another node instead of being queued. */
	get isRedirected(): boolean {
		return this.#isRedirected;
	}

	redirect(): void {
		this.#isRedirected = this.isOpen;
	}

	/** Keeps a command that was answered with QUEUED. */
	queue(record: CommandRecord): void {
		this.#queued?.push(record);
	}

	/**
	 * A command outside the queue was answered without an error. If it ends a transaction, reports the queued commands first.
	 */
	follow({command}: CommandRecord, isNull: boolean, notes: ElementNotes): void {
		if (command === 'MULTI') this.#begin();
		else if (command === 'EXEC' && !isNull && !notes.isOverfull) this.#execute(notes);
		else if (command === 'EXEC') this.end(isNull ? 'discarded' : 'ok');
		else if (command === 'DISCARD' || command === 'RESET') this.end('discarded');
	}

	/** Reports the queued commands, all with one result. */
	end(result: CommandResult): void {
		const queued = this.#queued ?? [];
		this.#queued = undefined;
		for (const record of queued) {
			record.result = result;
			this.#report(record);
		}
	}

	#begin(): void {
		this.#queued = [];
		this.#isRedirected = false;
	}

	#execute({results}: ElementNotes): void {
		const queued = this.#queued ?? [];
		this.#queued = undefined;
		for (const [index, record] of queued.entries()) {
			const result = results[index];
			if (result?.error !== undefined) {
				setError(record, result.error);
			} else if (result !== undefined) {
				setOutcome(record, result);
			}
			this.#report(record);
		}
	}
}
