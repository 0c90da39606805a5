import {traitsOf} from './command-traits.js';
import {concerns, type ErrorFault, errorMessages} from './error-replies.js';
import {ReplyLedger} from './reply-ledger.js';
import {ReplyScanner} from './reply-scanner.js';
import {RequestScanner} from './request-scanner.js';
import {
	confirmations,
	countedWith,
	kindOf,
	noSubscriptions,
	subscriberWords,
	subscriptionCommands,
} from './subscriptions.js';

const discard = Buffer.from('*1\r\n$7\r\nDISCARD\r\n');
const abortedTransaction = Buffer.from('-EXECABORT Transaction discarded because of previous errors.\r\n');

const push = '>'.charCodeAt(0);
const array = '*'.charCodeAt(0);

/** Redis does not queue anything while it is out of memory, except for these. */
const duringFullTransaction = new Set(['EXEC', 'DISCARD', 'MULTI', 'QUIT', 'RESET']);

/** After these the server speaks without being asked. */
const endless = new Set(['MONITOR', 'SYNC', 'PSYNC']);

/** Replies that one connection may owe before its requests are held back. */
const maxLedger = 65_536;

type Transaction =
	| {readonly type: 'none'}
	/** What has been queued so far; `broken`: a command in it was answered with an error, so EXEC has to fail. */
	| {
			readonly type: 'open';
			readonly broken: boolean;
			readonly writes: boolean;
			readonly denyOom: boolean;
			readonly keys: boolean;
	  };

/**
 * Sits at the server's end of a connection and follows requests and replies frame by frame, so that an error in place of an
 * answer is always in step. It follows also while no error is wanted: nothing but following tells where a frame ends and how
 * many replies are owed when one is.
 *
 * Bytes that are not the Redis protocol are passed on untouched for the rest of the connection.
 */
export class ErrorInjector {
	readonly #requests = new RequestScanner();
	readonly #replies = new ReplyScanner();
	readonly #ledger = new ReplyLedger();
	#faults: readonly ErrorFault[] = [];
	#transaction: Transaction = {type: 'none'};
	#replyMode: 'on' | 'off' | 'skip next' = 'on';
	#subscriptions = noSubscriptions;
	#rawRequests = false;
	/** What happens to the bytes of the request frame being read. `open`: its head is not known yet, its bytes are kept back. */
	#frame: 'open' | 'forward' | 'drop' = 'forward';
	#keptBack: Buffer[] = [];
	/** The reply being read is dropped. */
	#dropping = false;

	constructor(
		private readonly toServer: (bytes: Buffer) => void,
		private readonly toClient: (bytes: Buffer) => void,
		private readonly random: () => number,
		private readonly onOpaque: () => void = () => {},
	) {}

	/** False while the client should be held back. */
	get ready(): boolean {
		return this.#ledger.length < maxLedger;
	}

	/** Whether the connection can still be given error replies. */
	get opaque(): boolean {
		return this.#rawRequests;
	}

	/** In force from the next frame on. */
	setFaults(faults: readonly ErrorFault[]): void {
		this.#faults = faults;
	}

	/** Bytes from the client. */
	request(chunk: Buffer): void {
		if (this.#rawRequests) {
			this.toServer(chunk);
			return;
		}
		// Bytes from `start` on have not been dealt with.
		let start = 0;
		let offset = 0;
		for (;;) {
			if (this.#requests.atBoundary) {
				if (offset === chunk.length) break;
				if (this.#faults.length > 0) {
					this.#forward(chunk, start, offset);
					start = offset;
					this.#frame = 'open';
				} else {
					this.#frame = 'forward';
				}
			}
			const found = this.#requests.scan(chunk, offset);
			offset = this.#requests.offset;
			if (found === 'more') break;
			if (found === 'garbage') {
				this.#goRaw();
				break;
			}
			if (found === 'head') {
				const verdict = this.#judge(this.#frame === 'open');
				if (this.#frame === 'open' && verdict === 'drop') this.#keptBack = [];
				if (this.#frame === 'open') {
					this.#frame = verdict;
					this.#releaseKeptBack();
				}
				if (this.#rawRequests) break;
			} else {
				// A frame without a command, such as an empty line, ends without a head.
				if (this.#frame === 'open') this.#releaseKeptBack();
				if (this.#frame === 'drop') start = offset;
				this.#frame = 'forward';
			}
		}
		if (this.#frame === 'open' && !this.#rawRequests) this.#keptBack.push(chunk.subarray(start));
		else if (this.#frame !== 'drop') this.#forward(chunk, start, chunk.length);
	}

	/** Bytes from the server. */
	reply(chunk: Buffer): void {
		if (this.#ledger.front?.type === 'raw' && this.#replies.atBoundary) {
			this.toClient(chunk);
			return;
		}
		let start = 0;
		let offset = 0;
		while (offset < chunk.length) {
			const front = this.#ledger.front;
			if (this.#replies.atBoundary) {
				if (front?.type === 'raw') break;
				this.#replies.curious = this.#subscribed || front?.type === 'confirmations';
				if (front?.type === 'replaced' && chunk[offset] !== push) {
					this.#pass(chunk, start, offset);
					this.#dropping = true;
				}
			}
			const found = this.#replies.scan(chunk, offset);
			offset = this.#replies.offset;
			if (found === 'more') break;
			if (found === 'garbage') {
				this.#goRaw();
				while (this.#ledger.front !== undefined && this.#ledger.front.type !== 'raw') this.#ledger.drop();
				this.#dropping = false;
				break;
			}
			if (this.#dropping) {
				start = offset;
				this.#dropping = false;
				if (front?.type === 'replaced') this.toClient(front.bytes);
				this.#ledger.settle();
			} else {
				this.#settle();
			}
			if (this.#ledger.front?.type === 'injected') {
				this.#pass(chunk, start, offset);
				start = offset;
				this.#flush();
			}
		}
		if (!this.#dropping) this.#pass(chunk, start, chunk.length);
	}

	/** A whole reply has come: what was it the answer to? */
	#settle(): void {
		const front = this.#ledger.front;
		const {type, firstWord, lastNumber} = this.#replies;
		const expected = front?.type === 'confirmations';
		const outOfBand =
			type === push || (type === array && subscriberWords.has(firstWord) && (this.#subscribed || expected));
		if (!outOfBand) {
			// An error, or QUEUED inside a transaction: there will be no confirmations.
			if (expected) this.#ledger.drop();
			else this.#ledger.settle();
			return;
		}
		if (!confirmations.has(firstWord)) return;
		this.#subscriptions = countedWith(this.#subscriptions, firstWord, lastNumber);
		if (!expected || firstWord !== front.command) return;
		if (front.count !== 'all' || this.#subscriptions[kindOf(firstWord)] === 0) this.#confirm(front.count);
	}

	#confirm(count: number | 'all'): void {
		if (count === 'all') this.#ledger.drop();
		else this.#ledger.settle();
	}

	get #subscribed(): boolean {
		const {channels, patterns, shards} = this.#subscriptions;
		return channels + patterns + shards > 0;
	}

	/** Takes note of the command whose head is known, and decides whether it reaches the server. */
	#judge(mayInject: boolean): 'forward' | 'drop' {
		const {name, words, argc} = this.#requests;
		const transaction = this.#transaction;
		if (mayInject) {
			const traits = traitsOf(name);
			if (name === 'EXEC' && transaction.type === 'open') {
				const reply = transaction.broken ? abortedTransaction : this.#refusalOfExec(transaction);
				if (reply !== undefined) {
					this.#transaction = {type: 'none'};
					this.toServer(discard);
					this.#owe({type: 'replaced', bytes: reply});
					return 'drop';
				}
			}
			const queued = transaction.type === 'open' && !duringFullTransaction.has(name);
			const concerned = {...traits, denyOom: traits.denyOom || queued};
			const fault = this.#faults.find((candidate) => concerns(candidate, concerned) && this.#happens(candidate));
			if (fault !== undefined) {
				if (transaction.type === 'open') this.#transaction = {...transaction, broken: true};
				this.#owe({type: 'injected', bytes: Buffer.from(`-${errorMessages[fault.error]}\r\n`)});
				this.#flush();
				return 'drop';
			}
		}
		this.#follow(name, words, argc);
		return 'forward';
	}

	#follow(name: string, words: readonly string[], argc: number): void {
		const transaction = this.#transaction;
		if (endless.has(name) || (name === 'CLIENT' && words[0] === 'REPLY' && transaction.type === 'open')) {
			this.#goRaw();
			return;
		}
		if (name === 'CLIENT' && words[0] === 'REPLY') {
			this.#followReplyMode(words[1] ?? '');
			return;
		}
		if (name === 'MULTI' && transaction.type === 'none') {
			this.#transaction = {type: 'open', broken: false, writes: false, denyOom: false, keys: false};
		} else if (name === 'EXEC' || name === 'DISCARD' || name === 'RESET') {
			this.#transaction = {type: 'none'};
		} else if (transaction.type === 'open') {
			const traits = traitsOf(name);
			this.#transaction = {
				...transaction,
				writes: transaction.writes || traits.writes,
				denyOom: transaction.denyOom || traits.denyOom,
				keys: transaction.keys || traits.keys,
			};
		}
		if (name === 'RESET') {
			this.#replyMode = 'on';
			this.#subscriptions = noSubscriptions;
		}
		if (subscriptionCommands.has(name))
			this.#owe({
				type: 'confirmations',
				command: name.toLowerCase(),
				count: argc === 1 && name.includes('UNSUB') ? 'all' : Math.max(1, argc - 1),
			});
		else this.#owe({type: 'real', count: 1});
	}

	#followReplyMode(mode: string): void {
		if (mode === 'OFF') this.#replyMode = 'off';
		else if (mode === 'SKIP' && this.#replyMode === 'on') this.#replyMode = 'skip next';
		else if (mode === 'ON') {
			this.#replyMode = 'on';
			this.#owe({type: 'real', count: 1});
		} else if (mode !== 'SKIP') this.#owe({type: 'real', count: 1});
	}

	#owe(due: Parameters<ReplyLedger['push']>[0]): void {
		if (this.#replyMode === 'off') return;
		if (this.#replyMode === 'skip next') {
			this.#replyMode = 'on';
			return;
		}
		if (due.type === 'real') this.#ledger.real();
		else this.#ledger.push(due);
	}

	#refusalOfExec(transaction: Extract<Transaction, {type: 'open'}>): Buffer | undefined {
		const traits = {
			writes: transaction.writes,
			denyOom: transaction.denyOom,
			keys: transaction.keys,
			whileLoading: true,
		};
		const fault = this.#faults.find((candidate) => concerns(candidate, traits) && this.#happens(candidate));
		if (fault === undefined) return undefined;
		const message = errorMessages[fault.error];
		// Redis says so itself: a cluster's refusal is given plain, any other one as the reason of the abort.
		return Buffer.from(
			fault.error === 'CLUSTERDOWN' ? `-${message}\r\n` : `-EXECABORT Transaction discarded because of: ${message}\r\n`,
		);
	}

	#happens(fault: ErrorFault): boolean {
		const probability = fault.probability ?? 1;
		return probability >= 1 || this.random() < probability;
	}

	/** Injected replies whose turn has come go out, if no reply of the server is under way. */
	#flush(): void {
		if (!this.#replies.atBoundary) return;
		for (let front = this.#ledger.front; front?.type === 'injected'; front = this.#ledger.front) {
			this.toClient(front.bytes);
			this.#ledger.settle();
		}
	}

	#goRaw(): void {
		if (this.#rawRequests) return;
		this.#rawRequests = true;
		this.#releaseKeptBack();
		this.#ledger.push({type: 'raw'});
		this.onOpaque();
	}

	#releaseKeptBack(): void {
		for (const bytes of this.#keptBack) this.toServer(bytes);
		this.#keptBack = [];
	}

	#forward(chunk: Buffer, from: number, to: number): void {
		if (to > from) this.toServer(from === 0 && to === chunk.length ? chunk : chunk.subarray(from, to));
	}

	#pass(chunk: Buffer, from: number, to: number): void {
		if (to > from) this.toClient(from === 0 && to === chunk.length ? chunk : chunk.subarray(from, to));
	}
}
