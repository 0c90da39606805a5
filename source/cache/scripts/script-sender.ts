import {isRefusalOfKeys} from '../../pool/commands/reply-error.js';
import {ConnectionLostError, DeadlineError, ServerError} from '../../pool/errors.js';
import {loopNow} from '../../pool/loop-clock.js';
import type {Lane, SendOptions} from '../../pool/types.js';
import {localNow} from '../clock/local-now.js';
import type {ServerClocks} from '../clock/server-clocks.js';
import {InDoubtWrites} from './in-doubt-writes.js';
import {isTooLate, type ScriptBatch, type ScriptCall, type ScriptOutcome, serverTimeIn} from './script-call.js';
import {isRedirection, isRefusal, redirectsOf, type Sending, type SendingAll, type SendingParts} from './sending.js';

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

	/** Sends a batch, or several in one pipeline. Their deadlines start now. */
	send({batches, ...parts}: SendingAll): void {
		if (batches.length === 1) this.#sendOne({...parts, batch: batches[0]});
		else void this.#sendPipeline(batches, parts);
	}

	#sendOne(sending: Sending): void {
		this.#begin(sending.batch, sending, loopNow(), localNow());
		this.#sendBySha(sending);
	}

	#begin(batch: ScriptBatch, {lane, isMigrating}: SendingParts, loopTime: number, now: number): void {
		const {clocks, deadlineMs, isFencing} = this.#parts;
		for (const call of batch.calls) {
			if (call.sentAs === 0) call.sentAs = ++this.#sentCount;
			call.sentOn = lane.id;
		}
		if (batch.firstSentAt === 0) batch.firstSentAt = loopTime;
		batch.finalAt = now + deadlineMs;
		const lateMs = deadlineMs * (batch.calls[0].script.deadlines - 1);
		const clock = isMigrating === true ? clocks : clocks.ofLane(lane);
		batch.deadline = isFencing ? clock.notAfter(batch.finalAt + lateMs) : never;
	}

	/** Each batch succeeds or fails by itself. */
	async #sendPipeline(batches: readonly ScriptBatch[], parts: SendingParts): Promise<void> {
		const {lane, onRoundTrip, onReported} = parts;
		const sentAt = localNow();
		const loopTime = loopNow();
		for (const batch of batches) this.#begin(batch, parts, loopTime, sentAt);
		const argumentLists = batches.map((batch) => batch.arguments('sha'));
		const replies = await lane.sendEach('EVALSHA', argumentLists, {redirects: 'none'});
		const answered = replies.findLast((reply) => !(reply instanceof Error));
		const now = localNow();
		this.#sampleClock(parts, sentAt, answered, now);
		const callsWith = (error: Error): number =>
			batches.reduce((sum, batch, index) => (replies[index] === error ? sum + batch.calls.length : sum), 0);
		let calls = 0;
		let isReported = false;
		for (const [index, batch] of batches.entries()) {
			const reply = replies[index];
			const sending = {...parts, batch};
			if (reply instanceof Error) void this.#onError(sending, reply, callsWith(reply));
			else if (this.#isToRepeat(batch, reply)) this.#repeat(sending);
			else {
				calls += batch.calls.length;
				if (this.#report(sending, reply, now)) isReported = true;
			}
		}
		if (calls > 0) onRoundTrip(calls, loopTime, true);
		// Once for all: what is sent next shares a pipeline, too.
		if (isReported) onReported(true);
	}

	/** Reports calls in doubt now: the cache closes. */
	release(): void {
		this.#inDoubt.release();
	}

	#sendBySha(sending: Sending, options?: Pick<SendOptions, 'deadlineMs'>): void {
		const sentAt = localNow();
		sending.lane.send('EVALSHA', sending.batch.arguments('sha'), {...options, ...redirectsOf(sending)}).then(
			(reply) => {
				const now = localNow();
				this.#sampleClock(sending, sentAt, reply, now);
				this.#onReply(sending, reply, now);
			},
			(error: Error) => void this.#onError(sending, error),
		);
	}

	/** Each reply tells the server's time, so that a step of its clock is noticed by the next script and not by the heartbeat. */
	#sampleClock({lane, isMigrating}: SendingParts, sentAt: number, reply: unknown, now: number): void {
		const serverMicros = isMigrating === true ? undefined : serverTimeIn(reply);
		if (serverMicros !== undefined) this.#parts.clocks.ofLane(lane).sample(sentAt, serverMicros, now);
	}

	#onReply(sending: Sending, reply: unknown, now: number): void {
		const {batch, onRoundTrip, onReported} = sending;
		if (this.#isToRepeat(batch, reply)) {
			this.#repeat(sending);
			return;
		}
		onRoundTrip(batch.calls.length, batch.firstSentAt, true);
		if (this.#report(sending, reply, now)) onReported(true);
	}

	/** True if it was in time by loop time and late by the server's: this process was blocked before it could write the command. */
	#isToRepeat(batch: ScriptBatch, reply: unknown): boolean {
		return isTooLate(reply) && this.#mayRepeat(batch);
	}

	#repeat(sending: Sending): void {
		sending.batch.repeats++;
		this.#sendOne(sending);
	}

	/** @returns True if at least one outcome was reported now, and not only later. */
	#report({batch, onOutcome, onReported}: Sending, reply: unknown, now: number): boolean {
		const outcomes = batch.outcomes(reply, now);
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
					onOutcome(call, outcome.status === 'done' ? {...outcome, at: localNow()} : outcome);
					onReported(true);
				});
			}
		}
		return delayed < batch.calls.length;
	}

	/** @param calls Number of calls that failed with the error, those of other batches of the pipeline included. */
	async #onError(sending: Sending, error: Error, calls = sending.batch.calls.length): Promise<void> {
		const {lane, batch} = sending;
		if (error instanceof ServerError && isRedirection(error) && this.#mayFollow(sending, error)) {
			// Behind a later write that has been executed meanwhile it would undo that: it follows no second time.
			batch.repeats = this.#isOvertaken(batch) ? maxRepeats : batch.repeats + 1;
			// With a deadline of its own: that of the other node.
			const isMigrating = error.prefix === 'ASK';
			if (isMigrating) this.#noteMigration(batch);
			this.#sendOne({...sending, isMigrating, lane: isMigrating ? lane : this.#parts.laneOf(batch.calls[0].redisKey)});
			return;
		}
		if (error instanceof ServerError && !this.#isOvertaken(batch)) {
			const remaining = {deadlineMs: Math.max(1, batch.finalAt - localNow()), ...redirectsOf(sending)};
			if (error.prefix === 'NOSCRIPT') {
				lane.send('EVAL', batch.arguments('text'), remaining).then(
					(reply) => this.#onReply(sending, reply, localNow()),
					(failure: Error) => void this.#fail(sending, failure, batch.calls.length),
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
		await this.#fail(sending, error, calls);
	}

	#noteMigration({calls}: ScriptBatch): void {
		for (const {redisKey, moreKeys} of calls) for (const key of [redisKey, ...moreKeys]) this.#parts.onMigrating(key);
	}

	/** The calls of a batch were not executed, or are in doubt. */
	async #fail({batch, onOutcome, onRoundTrip, onReported}: Sending, error: Error, calls: number): Promise<void> {
		const {finalAt} = batch;
		if (error instanceof DeadlineError) onRoundTrip(batch.calls.length, batch.firstSentAt, false);
		if (error instanceof ConnectionLostError && batch.calls.some(({script}) => !script.isHarmless))
			await this.#inDoubt.wait(
				batch.calls.map(({redisKey}) => redisKey),
				finalAt,
			);
		const status = isRefusal(error) ? 'refused' : 'in-doubt';
		for (const call of batch.calls) onOutcome(call, {status, error, finalAt, calls});
		onReported(error instanceof ServerError);
	}

	/** Where a slot has moved, later writes on the same lane are refused as well, and follow after it. */
	#mayFollow({batch, lane}: Sending, {prefix}: ServerError): boolean {
		return this.#mayRepeat(batch, prefix === 'MOVED' ? lane.id : undefined);
	}

	/** Only within its first deadline, in loop time: so all attempts together take less than two. */
	#mayRepeat(batch: ScriptBatch, exceptOn?: number): boolean {
		const {isInUse, deadlineMs} = this.#parts;
		const [{use, redisKey}] = batch.calls;
		if (use !== 'always' && !isInUse(redisKey)) return false;
		const isEarly = loopNow() - batch.firstSentAt < deadlineMs;
		return isEarly && batch.repeats < maxRepeats && !this.#isOvertaken(batch, exceptOn);
	}

	/**
	 * True if a later write of one of the keys was sent since: sent again, the batch would undo it.
	 *
	 * @param exceptOn Id of a lane on which later writes do not count.
	 */
	#isOvertaken({calls}: ScriptBatch, exceptOn?: number): boolean {
		const last = calls.at(-1)?.sentAs ?? 0;
		for (const other of this.#parts.inProgress) {
			if (other.sentAs <= last || other.sentOn === exceptOn) continue;
			if (calls.some(({redisKey}) => redisKey === other.redisKey)) return true;
		}
		return false;
	}
}
