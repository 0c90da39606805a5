import {isRefusalOfKeys} from '../../pool/commands/reply-error.js';
import {ConnectionLostError, DeadlineError, ServerError} from '../../pool/errors.js';
import {loopNow} from '../../pool/loop-clock.js';
import type {Lane, SendOptions} from '../../pool/types.js';
import {localNow, monotonic} from '../clock/local-now.js';
import type {ServerClocks} from '../clock/server-clocks.js';
import {InDoubtWrites} from './in-doubt-writes.js';
import {isTooLate, type ScriptBatch, serverTimeIn} from './script-batch.js';
import type {ScriptCall, ScriptOutcome} from './script-call.js';
import {isRedirection, isRefusal, redirectsOf} from './sending.js';

export type ScriptSenderParts = {
	readonly clocks: ServerClocks;
	readonly deadlineMs: number;
	/** If false, scripts have no deadline. Only in tests. */
	readonly isFencing: boolean;
	/** True if calls of a turn are sent as a pipeline: then replies are not looked at in the order in which the calls were sent. */
	readonly isPipelining: () => boolean;
	/** True while the server of the key is in use. Otherwise no call is sent again. */
	readonly isInUse: (redisKey: string) => boolean;
	/** Calls whose outcome is not known. */
	readonly inProgress: Iterable<ScriptCall>;
	/** The current lane of a key, which may have moved to another node. */
	readonly laneOf: (redisKey: string) => Lane;
	/** Called when a script is sent to the node to which the slot of this key is being migrated. */
	readonly onMigrating: (redisKey: string) => void;
	/** Called when Redis refuses several keys in one command. */
	readonly onSingleKeysOnly: () => void;
};

/**
 * Most times that a batch that came too late is sent again: a process that is short of CPU time may be late several times in a
 * row.
 */
const maxRepeats = 4;

/** A deadline that the server's clock never reaches. */
const never = Number.MAX_SAFE_INTEGER;

/**
 * Sends batches of script calls, and reports a final outcome for each call: a call that may still be executed is not reported
 * before the deadline after which its script has no effect.
 */
export class ScriptSender {
	readonly #parts: ScriptSenderParts;
	readonly #inDoubt = new InDoubtWrites();
	/** By Redis key, the number of its calls that were sent and have no outcome. */
	readonly #open = new Map<string, number>();
	/** By Redis key, the highest `sentAs` of its changes that have an outcome; kept while other calls of the key have none. */
	readonly #finished = new Map<string, number>();
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
		// Reported once for all batches, so that the calls that follow share a pipeline, too.
		if (isReported) observer.onReported(true);
	}

	#begin(batch: ScriptBatch, loopTime: number, now: number): void {
		const {clocks, deadlineMs, isFencing} = this.#parts;
		const {calls, lane, isMigrating} = batch;
		const isPipelining = this.#parts.isPipelining();
		for (const call of calls) {
			if (call.sentAs === 0) {
				call.sentAs = ++this.#sentCount;
				if (isPipelining) this.#open.set(call.redisKey, (this.#open.get(call.redisKey) ?? 0) + 1);
			}
			call.sentOn = lane.id;
		}
		if (batch.firstSentAt === 0) batch.firstSentAt = loopTime;
		batch.sentAt = now;
		batch.finalAt = now + deadlineMs;
		const lateMs = deadlineMs * (calls[0].script.deadlines - 1);
		const clock = isMigrating ? clocks : clocks.ofLane(lane);
		batch.deadline = isFencing ? clock.notAfter(batch.finalAt + lateMs) : never;
	}

	/** Reports calls in doubt now, because the cache closes. */
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

	/**
	 * Each reply contains the server's time, so that a step of its clock is noticed by the next script, and not only by the
	 * heartbeat.
	 */
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

	/**
	 * True if the batch was in time by loop time but late by the server's clock: this process was blocked before it could write
	 * the command.
	 */
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
			// An earlier write of the key that is in doubt may still be executed after this one, so this one is not final
			// before it.
			const doubt = this.#inDoubt.of(call.redisKey);
			if (doubt === undefined) this.#finish(batch, call, outcome);
			else {
				delayed++;
				void doubt.then(() => {
					this.#finish(batch, call, outcome.status === 'done' ? {...outcome, at: localNow()} : outcome);
					observer.onReported(true);
				});
			}
		}
		return delayed < calls.length;
	}

	/** @param calls Number of calls that failed with the error, including those of other batches of the pipeline. */
	async #onError(batch: ScriptBatch, error: Error, calls = batch.calls.length): Promise<void> {
		const {lane} = batch;
		if (error instanceof ServerError && isRedirection(error) && this.#mayFollow(batch, error)) {
			// If a later write has been executed meanwhile, a repetition would undo it, so there is none.
			batch.repeats = this.#isOvertaken(batch) ? maxRepeats : batch.repeats + 1;
			// With ASK, the deadline must be in the time of the other node.
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
			// Redis refused the whole command because of keys of several slots, or one key that the user has no right to.
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

	#finish({observer}: ScriptBatch, call: ScriptCall, outcome: ScriptOutcome): void {
		const {redisKey, sentAs, script} = call;
		const open = this.#open.size > 0 ? (this.#open.get(redisKey) ?? 0) : 0;
		if (open > 1) {
			this.#open.set(redisKey, open - 1);
			if (!script.isHarmless) this.#finished.set(redisKey, Math.max(sentAs, this.#finished.get(redisKey) ?? 0));
		} else if (open === 1) {
			this.#open.delete(redisKey);
			if (this.#finished.size > 0) this.#finished.delete(redisKey);
		}
		observer.onOutcome(call, outcome);
	}

	/** The calls of a batch were not executed, or are in doubt. */
	async #fail(batch: ScriptBatch, error: Error, calls: number): Promise<void> {
		const {calls: failed, finalAt, firstSentAt, observer} = batch;
		if (error instanceof DeadlineError) observer.onMissed(firstSentAt);
		if (error instanceof ConnectionLostError && failed.some(({script}) => !script.isHarmless))
			await this.#inDoubt.wait(
				failed.map(({redisKey}) => redisKey),
				finalAt,
			);
		const status = isRefusal(error) ? 'refused' : 'in-doubt';
		for (const call of failed) this.#finish(batch, call, {status, error, finalAt, calls});
		observer.onReported(error instanceof ServerError);
	}

	/** When a slot has moved, later writes on the same lane are refused as well, and follow in order. */
	#mayFollow(batch: ScriptBatch, {prefix}: ServerError): boolean {
		return this.#mayRepeat(batch, prefix === 'MOVED' ? batch.lane.id : undefined);
	}

	/** Only within its first deadline, in loop time, so that all attempts together take less than two deadlines. */
	#mayRepeat(batch: ScriptBatch, exceptOn?: number): boolean {
		const {isInUse, deadlineMs} = this.#parts;
		const [{use, redisKey}] = batch.calls;
		if (use !== 'always' && !isInUse(redisKey)) return false;
		const isEarly = loopNow() - batch.firstSentAt < deadlineMs;
		return isEarly && batch.repeats < maxRepeats && !this.#isOvertaken(batch, exceptOn);
	}

	/**
	 * True if a later write of one of the keys was sent since, which a repetition of the batch would undo. The later one may
	 * have its outcome already: replies to a pipeline are looked at when all of them are there, and that to a single command at
	 * once.
	 *
	 * @param exceptOn Id of a lane on which later writes do not count.
	 */
	#isOvertaken({calls}: ScriptBatch, exceptOn?: number): boolean {
		if (calls.some(({redisKey, sentAs}) => (this.#finished.get(redisKey) ?? 0) > sentAs)) return true;
		const last = calls.at(-1)?.sentAs ?? 0;
		for (const other of this.#parts.inProgress) {
			if (other.sentAs <= last || other.sentOn === exceptOn) continue;
			if (calls.some(({redisKey}) => redisKey === other.redisKey)) return true;
		}
		return false;
	}
}
