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

/** Number of waiting commands from which on silent ones are reported before their turn. */
const maxSilent = 1024;

const array = '*'.charCodeAt(0);
const status = '+'.charCodeAt(0);

export type ReplyReaderOptions = {
	/** Called in the order of the replies, when the reply to a command is complete and recorded, or if it gets none. */
	readonly onReply: (record: CommandRecord) => void;
	/** Called when the bytes are not replies of Redis's protocol. Do not call `read` after that. */
	readonly onBroken: () => void;
};

/**
 * Reads the replies of one connection, and matches them with its commands. Channel messages and pushes are skipped, since they
 * are no replies.
 */
export class ReplyReader {
	readonly #follower = new ReplyFollower();
	readonly #notes = new ElementNotes();
	readonly #pending = new PendingCommands();
	readonly #transaction: TransactionReader;
	readonly #options: ReplyReaderOptions;
	#subscriptions = noSubscriptions;
	/** Confirmations that the oldest command still waits for, if it is a (un)subscribe command that has got some of them. */
	#confirmationsLeft = 0;
	/** Total bytes of earlier chunks, and of everything before the reply that is being read. */
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

	/** A command was sent that gets no reply. Reported in its turn, because its meaning depends on the commands before it. */
	expectNone(record: CommandRecord): void {
		record.result = 'silent';
		if (this.#pending.length === 0 || this.#pending.length > maxSilent) this.#options.onReply(record);
		else this.#pending.push(record);
	}

	/** RESET was answered. */
	reset(): void {
		this.#subscriptions = noSubscriptions;
	}

	/** Stops reading. Reports the commands of an open transaction, and returns those that have no reply. */
	stop(): readonly CommandRecord[] {
		this.#isStopped = true;
		const waiting = this.#pending.drain();
		// Redis discards the queued commands, unless EXEC has reached it.
		this.#transaction.end(waiting.some(({command}) => command === 'EXEC') ? 'lost' : 'discarded');
		return waiting;
	}

	/** Bytes from the server. @param now Time of their arrival, as in `CommandEvent`. */
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

	/** Reports the silent commands whose turn has come. */
	#reportSilent(): void {
		for (let front = this.#pending.front; front?.result === 'silent'; front = this.#pending.front) {
			this.#pending.shift();
			this.#options.onReply(front);
		}
	}

	/** Decides which parts of the reply that begins must be read. */
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

	/** A reply is complete: matches it with its command. */
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

	/** One confirmation of a (un)subscribe command. UNSUBSCRIBE without channels gets one for each subscribed channel. */
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
		// A transaction with a redirected command is aborted because of the redirection.
		if (isEnd && code === 'EXECABORT' && this.#transaction.isRedirected) record.result = 'redirected';
		else if (!setError(record, code)) this.#transaction.redirect();
		if (isEnd) this.#transaction.end('discarded');
	}
}

function getsConfirmations(front: CommandRecord | undefined): front is CommandRecord {
	return front?.effect === 'other' && subscriptionCommands.has(front.command);
}
