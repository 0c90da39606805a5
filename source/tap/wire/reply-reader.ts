import {
	confirmationWords,
	countsAfter,
	kindOf,
	noSubscriptions,
	subscriberWords,
	subscriptionCommands,
} from '../../proxy/protocol/subscriptions.js';
import {pushType} from '../../resp/replies/reply-kinds.js';
import {ReplyFollower} from '../../resp/reply-follower.js';
import type {CommandRecord} from './command-record.js';
import {PendingCommands} from './pending-commands.js';
import {codeOf, ElementNotes, elementsOf, setError, setOutcome} from './reply-outcome.js';
import {TransactionReader} from './transaction-reader.js';

/** Commands that wait from which on those without a reply are reported before their turn. */
const maxSilent = 1024;

const array = '*'.charCodeAt(0);
const status = '+'.charCodeAt(0);

export type ReplyReaderOptions = {
	/** The reply to a command is complete, and noted in its record; or it gets none. In the order of the replies. */
	readonly onReply: (record: CommandRecord) => void;
	/** These bytes are no replies of Redis's protocol. No more of them may be read. */
	readonly onBroken: () => void;
};

/**
 * Reads the replies of one connection, and matches them with its commands. Messages of channels and pushes are left
 * out: they answer nothing.
 */
export class ReplyReader {
	readonly #follower = new ReplyFollower();
	readonly #notes = new ElementNotes();
	readonly #pending = new PendingCommands();
	readonly #transaction: TransactionReader;
	readonly #options: ReplyReaderOptions;
	#subscriptions = noSubscriptions;
	/** Confirmations that the front still waits for, if it is a (un)subscribe command that got one. */
	#confirmationsLeft = 0;
	/** Bytes of earlier chunks, and the number of bytes before the reply being read. */
	#before = 0;
	#start = 0;
	#repliedAt = 0;
	#isStopped = false;

	constructor(options: ReplyReaderOptions) {
		this.#options = options;
		this.#transaction = new TransactionReader(options.onReply);
	}

	/** Commands without a reply. */
	get waiting(): number {
		return this.#pending.length;
	}

	/** The command whose reply is next. */
	get oldest(): CommandRecord | undefined {
		return this.#pending.front;
	}

	get isSubscriber(): boolean {
		const {channels, patterns, shards} = this.#subscriptions;
		return channels + patterns + shards > 0;
	}

	/** A command was sent that gets a reply. */
	expect(record: CommandRecord): void {
		this.#pending.push(record);
	}

	/** A command was sent that gets no reply. Reported in its turn: what it concerns depends on the commands before it. */
	expectNone(record: CommandRecord): void {
		record.result = 'silent';
		if (this.#pending.length === 0 || this.#pending.length > maxSilent) this.#options.onReply(record);
		else this.#pending.push(record);
	}

	/** RESET was answered. */
	reset(): void {
		this.#subscriptions = noSubscriptions;
	}

	/** Reads no more. Reports the commands of an open transaction, and returns those that have no reply. */
	stop(): readonly CommandRecord[] {
		this.#isStopped = true;
		const waiting = this.#pending.drain();
		// Redis forgets what it has queued, unless EXEC has reached it.
		this.#transaction.end(waiting.some(({command}) => command === 'EXEC') ? 'lost' : 'discarded');
		return waiting;
	}

	/** Bytes of the server. @param now Time of their arrival, as those of a `CommandEvent`. */
	read(chunk: Buffer, now: number): void {
		const follower = this.#follower;
		let at = 0;
		while (at < chunk.length && !this.#isStopped) {
			if (follower.atBoundary) {
				this.#start = this.#before + at;
				this.#repliedAt = now;
				this.#prepare(this.#pending.front);
			}
			const stop = follower.next(chunk, at);
			at = follower.offset;
			if (stop === 'more') break;
			if (stop === 'broken') {
				this.#options.onBroken();
				break;
			}
			this.#match(this.#before + at - this.#start);
			this.#reportSilent();
		}
		this.#before += chunk.length;
	}

	/** Reports the commands without a reply whose turn has come. */
	#reportSilent(): void {
		for (let front = this.#pending.front; front?.result === 'silent'; front = this.#pending.front) {
			this.#pending.shift();
			this.#options.onReply(front);
		}
	}

	/** Decides what has to be read of the reply that begins. */
	#prepare(front: CommandRecord | undefined): void {
		const follower = this.#follower;
		const isOpen = this.#transaction.isOpen;
		follower.wantsText = isOpen || this.isSubscriber || getsConfirmations(front);
		const isExec = isOpen && front?.command === 'EXEC';
		const misses = front?.spec.misses;
		if (isExec || misses === 'each' || misses === 'fields') {
			this.#notes.begin(isExec);
			follower.watcher = this.#notes;
		} else {
			follower.watcher = undefined;
		}
	}

	/** A reply is complete: finds out what it is the answer to. */
	#match(bytes: number): void {
		const front = this.#pending.front;
		const {type, text, lastNumber} = this.#follower;
		const isOfExec = this.#transaction.isOpen && front?.command === 'EXEC';
		if (type !== pushType && (type !== array || text === '' || isOfExec)) {
			if (front !== undefined) this.#answer(front, bytes);
			return;
		}
		const isConfirmed = getsConfirmations(front);
		const isOutOfBand = type === pushType || (subscriberWords.has(text) && (this.isSubscriber || isConfirmed));
		if (!isOutOfBand) {
			if (front !== undefined) this.#answer(front, bytes);
			return;
		}
		if (!confirmationWords.has(text)) return;
		this.#subscriptions = countsAfter(this.#subscriptions, text, lastNumber);
		if (isConfirmed && text === front.command.toLowerCase()) this.#confirm(front, bytes);
	}

	/** One confirmation of a (un)subscribe command: without channels, there is one for each that was subscribed to. */
	#confirm(front: CommandRecord, bytes: number): void {
		const kind = kindOf(front.command.toLowerCase());
		if (this.#confirmationsLeft === 0) {
			this.#confirmationsLeft = front.argumentCount > 0 ? front.argumentCount : Number.POSITIVE_INFINITY;
			front.repliedAt = this.#repliedAt;
		}
		front.replyBytes += bytes;
		this.#confirmationsLeft--;
		if (this.#confirmationsLeft === Number.POSITIVE_INFINITY && this.#subscriptions[kind] === 0)
			this.#confirmationsLeft = 0;
		if (this.#confirmationsLeft > 0) return;
		this.#pending.shift();
		this.#options.onReply(front);
	}

	#answer(record: CommandRecord, bytes: number): void {
		const follower = this.#follower;
		this.#pending.shift();
		this.#confirmationsLeft = 0;
		record.replyBytes += bytes;
		record.repliedAt ??= this.#repliedAt;
		if (follower.isError) {
			this.#fail(record, codeOf(follower.text));
		} else if (this.#transaction.isOpen && follower.type === status && follower.text === 'QUEUED') {
			this.#transaction.queue(record);
			return;
		} else {
			const {misses, effect} = record.spec;
			if (misses !== undefined)
				setOutcome(record, elementsOf(follower, follower.watcher === undefined ? undefined : this.#notes));
			else if (effect === 'other') this.#transaction.follow(record, follower.size === -1, this.#notes);
		}
		this.#options.onReply(record);
	}

	#fail(record: CommandRecord, code: string): void {
		const isEnd = record.command === 'EXEC';
		// A transaction with a command that was redirected is refused for that.
		if (isEnd && code === 'EXECABORT' && this.#transaction.isRedirected) record.result = 'redirected';
		else if (!setError(record, code)) this.#transaction.redirect();
		if (isEnd) this.#transaction.end('discarded');
	}
}

function getsConfirmations(front: CommandRecord | undefined): front is CommandRecord {
	return front?.effect === 'other' && subscriptionCommands.has(front.command);
}
