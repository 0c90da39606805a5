import {isRefusalOfKeys} from '../../pool/commands/reply-error.js';
import {ConnectionLostError, DeadlineError, NotConnectedError, OverloadError, ServerError} from '../../pool/errors.js';
import {loopNow} from '../../pool/loop-clock.js';
import type {Lane, SendOptions} from '../../pool/types.js';
import {localNow} from '../clock/local-now.js';
import type {ServerClocks} from '../clock/server-clocks.js';
import {InDoubtWrites} from './in-doubt-writes.js';
import {isTooLate, type ScriptBatch, type ScriptCall, type ScriptOutcome, serverTimeIn} from './script-call.js';

export type ScriptSenderParts = {
	readonly clocks: ServerClocks;
	readonly deadlineMs: number;
	/** False: scripts have no deadline. Only in tests. */
	readonly isFencing: boolean;
	/** True while the server of the key is in use: otherwise nothing is sent again on behalf of calls. */
	readonly isInUse: (redisKey: string) => boolean;
	/** Calls whose outcome is not known. */
	readonly inProgress: Iterable<ScriptCall>;
	/** The lane of a key by now: it may have moved to another node. */
	readonly laneOf: (redisKey: string) => Lane;
	/** A script for this key is sent to the node that the key is on its way to. */
	readonly onMigrating: (redisKey: string) => void;
	/** Redis does not take several keys in one command. */
	readonly onSingleKeysOnly: () => void;
};

/** A batch on its way. */
export type Sending = {
	readonly lane: Lane;
	readonly batch: ScriptBatch;
	/** True if its keys are on their way to another node of the cluster, which may execute it. */
	readonly isMigrating?: boolean;
	/** Called once for each call of the batch, with an outcome that is final. */
	readonly onOutcome: (call: ScriptCall, outcome: ScriptOutcome) => void;
	/** Called before that if Redis has answered, or missed the deadline. */
	readonly onRoundTrip: (batch: ScriptBatch, isAnswered: boolean) => void;
	/** Called after outcomes were reported. @param isAnswered True if Redis has answered. */
	readonly onReported: (isAnswered: boolean) => void;
};

/** Times that a batch without effect is sent again: a starved process may be late several times in a row. */
const maxRepeats = 4;

/** The server's clock never reaches this. */
const never = Number.MAX_SAFE_INTEGER;

/**
 * Sends batches of script calls, and reports an outcome for each call that is final: a call that may still be executed is
 * not reported before the deadline after which the script does nothing.
 */
export class ScriptSender {
	readonly #parts: ScriptSenderParts;
	readonly #inDoubt = new InDoubtWrites();
	#sentCount = 0;

	constructor(parts: ScriptSenderParts) {
		this.#parts = parts;
	}

	/** The deadlines of the batch start now. */
	send(sending: Sending): void {
		const {clocks, deadlineMs, isFencing} = this.#parts;
		const {batch, lane, isMigrating} = sending;
		for (const call of batch.calls) call.sentAs = ++this.#sentCount;
		if (batch.firstSentAt === 0) batch.firstSentAt = loopNow();
		batch.finalAt = localNow() + deadlineMs;
		const lateMs = deadlineMs * (batch.calls[0].script.deadlines - 1);
		const clock = isMigrating === true ? clocks : clocks.ofLane(lane);
		batch.deadline = isFencing ? clock.notAfter(batch.finalAt + lateMs) : never;
		this.#sendBySha(sending);
	}

	/** Reports calls in doubt now: the cache closes. */
	release(): void {
		this.#inDoubt.release();
	}

	#sendBySha(sending: Sending, options?: Pick<SendOptions, 'deadlineMs'>): void {
		const sentAt = localNow();
		sending.lane.send('EVALSHA', sending.batch.arguments('sha'), {...options, ...redirectsOf(sending)}).then(
			(reply) => {
				this.#sampleClock(sending, sentAt, reply);
				this.#onReply(sending, reply);
			},
			(error: Error) => void this.#onError(sending, error),
		);
	}

	/** Each reply tells the server's time, so that a step of its clock is noticed by the next script and not by the heartbeat. */
	#sampleClock({lane, isMigrating}: Sending, sentAt: number, reply: unknown): void {
		const serverMicros = isMigrating === true ? undefined : serverTimeIn(reply);
		if (serverMicros !== undefined) this.#parts.clocks.ofLane(lane).sample(sentAt, serverMicros, localNow());
	}

	#onReply(sending: Sending, reply: unknown): void {
		const {batch, onOutcome, onReported} = sending;
		// It was in time by loop time and late by the server's: this process was blocked before it could write the command.
		if (isTooLate(reply) && this.#mayRepeat(batch)) {
			batch.repeats++;
			this.send(sending);
			return;
		}
		sending.onRoundTrip(batch, true);
		const outcomes = batch.outcomes(reply);
		let delayed = 0;
		for (let index = 0; index < batch.calls.length; index++) {
			const call = batch.calls[index] as ScriptCall;
			const outcome = outcomes[index] as ScriptOutcome;
			// An earlier write of the key that is in doubt may still be executed after this one: nothing is final before it is.
			const doubt = this.#inDoubt.of(call.redisKey);
			if (doubt === undefined) onOutcome(call, outcome);
			else {
				delayed++;
				void doubt.then(() => {
					onOutcome(call, outcome);
					onReported(true);
				});
			}
		}
		if (delayed < batch.calls.length) onReported(true);
	}

	async #onError(sending: Sending, error: Error): Promise<void> {
		const {lane, batch} = sending;
		if (error instanceof ServerError && isRedirection(error) && this.#mayRepeat(batch)) {
			batch.repeats++;
			// With a deadline of its own: that of the other node.
			const isMigrating = error.prefix === 'ASK';
			if (isMigrating) this.#noteMigration(batch);
			this.send({...sending, isMigrating, lane: isMigrating ? lane : this.#parts.laneOf(batch.calls[0].redisKey)});
			return;
		}
		if (error instanceof ServerError && !this.#isOvertaken(batch)) {
			const remaining = {deadlineMs: Math.max(1, batch.finalAt - localNow()), ...redirectsOf(sending)};
			if (error.prefix === 'NOSCRIPT') {
				lane.send('EVAL', batch.arguments('text'), remaining).then(
					(reply) => this.#onReply(sending, reply),
					(failure: Error) => void this.#fail(sending, failure),
				);
				return;
			}
			// Keys of several slots, or one that this user may not touch: the command was refused as a whole.
			if (isRefusalOfKeys(error) && batch.calls.length > 1) {
				this.#parts.onSingleKeysOnly();
				for (const single of batch.split()) this.#sendBySha({...sending, batch: single}, remaining);
				return;
			}
		}
		await this.#fail(sending, error);
	}

	#noteMigration({calls}: ScriptBatch): void {
		for (const {redisKey, moreKeys} of calls) for (const key of [redisKey, ...moreKeys]) this.#parts.onMigrating(key);
	}

	/** The calls of a batch were not executed, or are in doubt. */
	async #fail({batch, onOutcome, onRoundTrip, onReported}: Sending, error: Error): Promise<void> {
		const {calls, finalAt} = batch;
		if (error instanceof DeadlineError) onRoundTrip(batch, false);
		if (error instanceof ConnectionLostError)
			await this.#inDoubt.wait(
				calls.map(({redisKey}) => redisKey),
				finalAt,
			);
		const status = isRefusal(error) ? 'refused' : 'in-doubt';
		for (const call of calls) onOutcome(call, {status, error, finalAt, calls: calls.length});
		onReported(error instanceof ServerError);
	}

	/** Only within its first deadline, in loop time: so all attempts together take less than two. */
	#mayRepeat(batch: ScriptBatch): boolean {
		const {isInUse, deadlineMs} = this.#parts;
		const [{use, redisKey}] = batch.calls;
		if (use !== 'always' && !isInUse(redisKey)) return false;
		const isEarly = loopNow() - batch.firstSentAt < deadlineMs;
		return isEarly && batch.repeats < maxRepeats && !this.#isOvertaken(batch);
	}

	/** True if a later write of one of the keys was sent since: sent again, the batch would undo it. */
	#isOvertaken({calls}: ScriptBatch): boolean {
		const last = calls.at(-1)?.sentAs ?? 0;
		for (const other of this.#parts.inProgress) {
			if (other.sentAs > last && calls.some(({redisKey}) => redisKey === other.redisKey)) return true;
		}
		return false;
	}
}

/** A deadline holds on the node for which it was made, so a script is sent to another one with another deadline. */
function redirectsOf({isMigrating}: Sending): Pick<SendOptions, 'redirects'> {
	return {redirects: isMigrating === true ? 'ask' : 'none'};
}

/** True if another node of the cluster has the key, or will have it. */
function isRedirection({prefix}: ServerError): boolean {
	return prefix === 'MOVED' || prefix === 'ASK';
}

/** True if the script was certainly not executed. */
function isRefusal(error: Error): boolean {
	return error instanceof ServerError || error instanceof NotConnectedError || error instanceof OverloadError;
}
