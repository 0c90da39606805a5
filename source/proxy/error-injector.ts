import {ReplyStream} from '../resp/reply-stream.js';
import {RequestScanner} from '../resp/request-scanner.js';
import {traitsOf} from './command-traits.js';
import {concerns, type ErrorFault, errorMessages} from './error-replies.js';
import {subscriptionCommands} from './subscriptions.js';

const discard = Buffer.from('*1\r\n$7\r\nDISCARD\r\n');
const abortedTransaction = Buffer.from('-EXECABORT Transaction discarded because of previous errors.\r\n');

/** Redis does not queue anything while it is out of memory, except for these. */
const duringFullTransaction = new Set(['EXEC', 'DISCARD', 'MULTI', 'QUIT', 'RESET']);

/** After these the server speaks without being asked. */
const endless = new Set(['MONITOR', 'SYNC', 'PSYNC']);

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
	readonly #replies: ReplyStream;
	#faults: readonly ErrorFault[] = [];
	#transaction: Transaction = {type: 'none'};
	#rawRequests = false;
	/** What happens to the bytes of the request frame being read. `open`: its head is not known yet, its bytes are kept back. */
	#frame: 'open' | 'forward' | 'drop' = 'forward';
	#keptBack: Buffer[] = [];

	constructor(
		private readonly toServer: (bytes: Buffer) => void,
		toClient: (bytes: Buffer) => void,
		private readonly random: () => number,
		private readonly onOpaque: () => void = () => {},
	) {
		this.#replies = new ReplyStream(toClient, () => this.#goRaw());
	}

	/** False while the client should be held back. */
	get ready(): boolean {
		return this.#replies.ready;
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
				// A transaction that lost a command has to fail also when nothing is wrong any more.
				if (this.#faults.length > 0 || this.#isBroken) {
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
		this.#replies.receive(chunk);
	}

	get #isBroken(): boolean {
		return this.#transaction.type === 'open' && this.#transaction.broken;
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
					this.#replies.owe({type: 'replaced', bytes: reply});
					return 'drop';
				}
			}
			const queued = transaction.type === 'open' && !duringFullTransaction.has(name);
			const concerned = {...traits, denyOom: traits.denyOom || queued};
			const fault = this.#faults.find((candidate) => concerns(candidate, concerned) && this.#happens(candidate));
			if (fault !== undefined) {
				if (transaction.type === 'open') this.#transaction = {...transaction, broken: true};
				this.#replies.inject(Buffer.from(`-${errorMessages[fault.error]}\r\n`));
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
			this.#replies.followReplyMode(words[1] ?? '');
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
		if (name === 'RESET') this.#replies.reset();
		if (subscriptionCommands.has(name))
			this.#replies.owe({
				type: 'confirmations',
				command: name.toLowerCase(),
				count: argc === 1 && name.includes('UNSUB') ? 'all' : Math.max(1, argc - 1),
			});
		else this.#replies.owe({type: 'real', count: 1});
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

	#goRaw(): void {
		if (this.#rawRequests) return;
		this.#rawRequests = true;
		this.#releaseKeptBack();
		this.#replies.goRaw();
		this.onOpaque();
	}

	#releaseKeptBack(): void {
		for (const bytes of this.#keptBack) this.toServer(bytes);
		this.#keptBack = [];
	}

	#forward(chunk: Buffer, from: number, to: number): void {
		if (to > from) this.toServer(from === 0 && to === chunk.length ? chunk : chunk.subarray(from, to));
	}
}
