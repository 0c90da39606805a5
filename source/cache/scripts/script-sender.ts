import {isRefusalOfKeys} from '../../pool/commands/reply-error.js';
import {ConnectionLostError, DeadlineError, ServerError} from '../../pool/errors.js';
import {loopNow} from '../../pool/loop-clock.js';
import type {Lane, SendOptions} from '../../pool/types.js';
import {localNow, monotonic} from '../clock/local-now.js';
import type {ServerClocks} from '../clock/server-clocks.js';
import {InDoubtWrites} from './in-doubt-writes.js';
import {isTooLate, type ScriptBatch, serverTimeIn} from './script-batch.js';
import type {ScriptCall} from './script-call.js';
import {isRedirection, isRefusal, redirectsOf} from './sending.js';

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

	/** Sends a batch. Its deadline starts now. */
	send(batch: ScriptBatch): void {
		const now = localNow();
		this.#begin(batch, loopNow(monotonic(now)), now);
		this.#sendBySha(batch, redirectsOf(batch));
	}

	/** Sends several batches of one lane in one pipeline. Each succeeds or fails separately. */
	async sendPipeline(batches: readonly [ScriptBatch, ...ScriptBatch[]]): Promise<void> {
		const [first] = batches;
		const {lane, observer} = first;
		const sentAt = localNow();
		const loopTime = loopNow(monotonic(sentAt));
		for (const batch of batches) this.#begin(batch, loopTime, sentAt);
		const argumentLists = batches.map((batch) => batch.arguments('sha'));
		const replies = await lane.sendEach('EVALSHA', argumentLists, redirectsOf(first));
		const answered = replies.findLast((reply) => !(reply instanceof Error));
		const now = localNow();
		this.#sampleClock(first, answered, now);
		const callsWith = (error: Error): number =>
			batches.reduce((sum, batch, index) => (replies[index] === error ? sum + batch.calls.length : sum), 0);
		let calls = 0;
		let isReported = false;
		for (const [index, batch] of batches.entries()) {
			const reply = replies[index];
			if (reply instanceof Error) void this.#onError(batch, reply, callsWith(reply));
			else if (this.#isToRepeat(batch, reply)) this.#repeat(batch);
			else {
				calls += batch.calls.length;
				if (this.#report(batch, reply, now)) isReported = true;
			}
		}
		if (calls > 0) observer.onAnswered(calls, loopTime, loopNow());
		// Once for all: what is sent next shares a pipeline, too.
		if (isReported) observer.onReported(true);
	}

	#begin(batch: ScriptBatch, loopTime: number, now: number): void {
		const {clocks, deadlineMs, isFencing} = this.#parts;
		const {calls, lane, isMigrating} = batch;
		for (const call of calls) {
			if (call.sentAs === 0) call.sentAs = ++this.#sentCount;
			call.sentOn = lane.id;
		}
		if (batch.firstSentAt === 0) batch.firstSentAt = loopTime;
		batch.sentAt = now;
		batch.finalAt = now + deadlineMs;
		const lateMs = deadlineMs * (calls[0].script.deadlines - 1);
		const clock = isMigrating ? clocks : clocks.ofLane(lane);
		batch.deadline = isFencing ? clock.notAfter(batch.finalAt + lateMs) : never;
	}

	/**
	 * A call was executed, and others of its key have no outcome yet: those that were sent before are not sent again. The reply to a
	 * pipeline is looked at after that to a command behind it, if both come at once.
	 */
	executed({redisKey, sentAs}: ScriptCall): void {
		for (const other of this.#parts.inProgress)
			if (other.sentAs > 0 && other.sentAs < sentAs && other.redisKey === redisKey) other.isOvertaken = true;
	}

	/** Reports calls in doubt now: the cache closes. */
	release(): void {
		this.#inDoubt.release();
	}

	#sendBySha(batch: ScriptBatch, options: SendOptions): void {
		batch.lane.send('EVALSHA', batch.arguments('sha'), options).then(
			(reply) => {
				const now = localNow();
				this.#sampleClock(batch, reply, now);
				this.#onReply(batch, reply, now);
			},
			(error: Error) => void this.#onError(batch, error),
		);
	}

	/** Each reply tells the server's time, so that a step of its clock is noticed by the next script and not by the heartbeat. */
	#sampleClock({lane, isMigrating, sentAt}: ScriptBatch, reply: unknown, now: number): void {
		const serverMicros = isMigrating ? undefined : serverTimeIn(reply);
		if (serverMicros !== undefined) this.#parts.clocks.ofLane(lane).sample(sentAt, serverMicros, now);
	}

	#onReply(batch: ScriptBatch, reply: unknown, now: number): void {
		if (this.#isToRepeat(batch, reply)) {
			this.#repeat(batch);
			return;
		}
		const {observer, calls, firstSentAt} = batch;
		observer.onAnswered(calls.length, firstSentAt, loopNow(monotonic(now)));
		if (this.#report(batch, reply, now)) observer.onReported(true);
	}

	/** True if it was in time by loop time and late by the server's: this process was blocked before it could write the command. */
	#isToRepeat(batch: ScriptBatch, reply: unknown): boolean {
		return isTooLate(reply) && this.#mayRepeat(batch);
	}

	#repeat(batch: ScriptBatch): void {
		batch.repeats++;
		this.send(batch);
	}

	/** @returns True if at least one outcome was reported now, and not only later. */
	#report(batch: ScriptBatch, reply: unknown, now: number): boolean {
		const {calls, observer} = batch;
		const common = batch.commonOutcome(reply, now);
		let delayed = 0;
		for (let index = 0; index < calls.length; index++) {
			const call = calls[index] as ScriptCall;
			const outcome = common ?? batch.outcomeOf(index, reply, now);
			// An earlier write of the key that is in doubt may still be executed after this one: nothing is final before it is.
			const doubt = this.#inDoubt.of(call.redisKey);
			if (doubt === undefined) observer.onOutcome(call, outcome);
			else {
				delayed++;
				void doubt.then(() => {
					observer.onOutcome(call, outcome.status === 'done' ? {...outcome, at: localNow()} : outcome);
					observer.onReported(true);
				});
			}
		}
		return delayed < calls.length;
	}

	/** @param calls Number of calls that failed with the error, those of other batches of the pipeline included. */
	async #onError(batch: ScriptBatch, error: Error, calls = batch.calls.length): Promise<void> {
		const {lane} = batch;
		if (error instanceof ServerError && isRedirection(error) && this.#mayFollow(batch, error)) {
			// Behind a later write that has been executed meanwhile it would undo that: it follows no second time.
			batch.repeats = this.#isOvertaken(batch) ? maxRepeats : batch.repeats + 1;
			// With a deadline of its own: that of the other node.
			batch.isMigrating = error.prefix === 'ASK';
			if (batch.isMigrating) this.#noteMigration(batch);
			else batch.lane = this.#parts.laneOf(batch.calls[0].redisKey);
			this.send(batch);
			return;
		}
		if (error instanceof ServerError && !this.#isOvertaken(batch)) {
			const remaining = {deadlineMs: Math.max(1, batch.finalAt - localNow()), ...redirectsOf(batch)};
			if (error.prefix === 'NOSCRIPT') {
				lane.send('EVAL', batch.arguments('text'), remaining).then(
					(reply) => this.#onReply(batch, reply, localNow()),
					(failure: Error) => void this.#fail(batch, failure, batch.calls.length),
				);
				return;
			}
			// Keys of several slots, or one that this user may not touch: the command was refused as a whole.
			if (isRefusalOfKeys(error) && batch.calls.length > 1) {
				this.#parts.onSingleKeysOnly();
				const sentAt = localNow();
				for (const single of batch.split()) {
					single.sentAt = sentAt;
					this.#sendBySha(single, remaining);
				}
				return;
			}
		}
		await this.#fail(batch, error, calls);
	}

	#noteMigration({calls}: ScriptBatch): void {
		for (const {redisKey, moreKeys} of calls) for (const key of [redisKey, ...moreKeys]) this.#parts.onMigrating(key);
	}

	/** The calls of a batch were not executed, or are in doubt. */
	async #fail(
		{calls: failed, finalAt, firstSentAt, observer}: ScriptBatch,
		error: Error,
		calls: number,
	): Promise<void> {
		if (error instanceof DeadlineError) observer.onMissed(firstSentAt);
		if (error instanceof ConnectionLostError && failed.some(({script}) => !script.isHarmless))
			await this.#inDoubt.wait(
				failed.map(({redisKey}) => redisKey),
				finalAt,
			);
		const status = isRefusal(error) ? 'refused' : 'in-doubt';
		for (const call of failed) observer.onOutcome(call, {status, error, finalAt, calls});
		observer.onReported(error instanceof ServerError);
	}

	/** Where a slot has moved, later writes on the same lane are refused as well, and follow after it. */
	#mayFollow(batch: ScriptBatch, {prefix}: ServerError): boolean {
		return this.#mayRepeat(batch, prefix === 'MOVED' ? batch.lane.id : undefined);
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
	 * True if a later write of one of the keys was sent since, and has no outcome yet or was executed: sent again, the batch would
	 * undo it.
	 *
	 * @param exceptOn Id of a lane on which later writes do not count.
	 */
	#isOvertaken({calls}: ScriptBatch, exceptOn?: number): boolean {
		if (calls.some(({isOvertaken}) => isOvertaken)) return true;
		const last = calls.at(-1)?.sentAs ?? 0;
		for (const other of this.#parts.inProgress) {
			if (other.sentAs <= last || other.sentOn === exceptOn) continue;
			if (calls.some(({redisKey}) => redisKey === other.redisKey)) return true;
		}
		return false;
	}
}
