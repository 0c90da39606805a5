import {malformedReply} from '../../../pool/commands/reply-error.js';
import {DeadlineError, ServerError} from '../../../pool/errors.js';
import type {Argument, Lane, Pool, ReplyReceiver, SendOptions} from '../../../pool/types.js';
import {monotonicNow} from '../../../time/real-time.js';
import {localAt, localNow} from '../../clock/local-now.js';
import type {ServerClocks} from '../../clock/server-clocks.js';
import {UnorderedSet} from '../../support/unordered-set.js';
import type {BatchGroups, SlotCommands} from './batch-groups.js';
import {type DistributeParts, distributeReply, failReads} from './distribute-reply.js';
import {LaneRotation} from './lane-rotation.js';
import type {MgetBatch} from './mget-batch.js';
import type {ReadQueues} from './read-queues.js';

export type MgetSenderParts = {
	readonly pool: Pool;
	readonly clocks: ServerClocks;
	readonly deadlineMs: number;
	/** Most batches in flight. */
	readonly maxInFlight: number;
	/** False for a lane that may lead to another Redis. */
	readonly mayRead: (lane: Lane) => boolean;
	/**
	 * A command was answered.
	 *
	 * @param ms Milliseconds since the first of its reads was requested.
	 * @param redisKey One of its keys.
	 * @param now Milliseconds of the monotonic clock.
	 */
	readonly onCommand: (ms: number, redisKey: string, now: number) => void;
	/** A command has failed. @param calls Keys that it was to read. @param redisKey One of them. */
	readonly onCommandFailure: (error: Error, ms: number, calls: number, redisKey?: string) => void;
	readonly groups: BatchGroups;
	readonly queues: Pick<ReadQueues, 'of' | 'sizeOf'>;
	readonly distribution: DistributeParts;
	/**
	 * Called for a key that is read from a node to which its slot is being migrated: changes of the key are not announced yet.
	 */
	readonly onMigrating: (redisKey: string) => void;
	/** Queues each read of a batch again, because its group no longer exists. */
	readonly regroup: (batch: MgetBatch) => void;
};

/** Number of keys from which a batch may be sent as two. The fixed cost of a command is that of about 20 keys. */
const spreadFrom = 64;

/** Fraction of the deadline that a batch gets in any case, even if it has waited long: Redis may just be back. */
const leastPart = 1 / 4;

/**
 * Sends batches that the queue admits, and passes the replies to their reads. Repeats a failed batch with fewer keys if that
 * may help.
 */
export class MgetSender {
	/** Number of commands sent, and of keys in them. */
	readonly counts = {batches: 0, keys: 0};
	readonly #parts: MgetSenderParts;
	readonly #lanes: LaneRotation;
	readonly #onAsk: (keys: readonly Argument[]) => void;
	/** Batches that were sent and not answered. */
	readonly #sent = new UnorderedSet<MgetBatch>();

	constructor(parts: MgetSenderParts) {
		this.#parts = parts;
		this.#lanes = new LaneRotation(parts.pool, parts.mayRead);
		const {onMigrating} = parts;
		this.#onAsk = (keys) => {
			for (const redisKey of keys) onMigrating(String(redisKey));
		};
	}

	/** Batches in flight. */
	get inFlight(): number {
		return this.#sent.size;
	}

	/** @param now Loop time. */
	send(batch: MgetBatch, now: number): void {
		const {queues, groups} = this.#parts;
		const queue = queues.of(batch.group);
		const isTooLarge = batch.entryKeys > queues.sizeOf(batch.group).maxKeys;
		const isSplit = isTooLarge || this.#isWorthSpreading(batch, queue.waitingCalls);
		if (isSplit && this.#putBackHalves(batch, true)) {
			queue.release(batch);
			return;
		}
		batch.sentBytes = batch.bytes;
		this.#sent.add(batch);
		this.counts.batches++;
		this.counts.keys += batch.size;
		const lane = this.#lanes.next(batch);
		const options = this.#sendOptions(batch, now);
		const commands = groups.commandsOf(batch.keys);
		if (commands === undefined) lane.sendFor(new BatchReceiver(this, batch), 'MGET', batch.keys, options);
		else
			void lane.sendEach('MGET', commands.keys, options).then((replies) => {
				queue.release(batch);
				if (this.#sent.delete(batch)) this.#onReplies(batch, commands, replies, monotonicNow());
				queues.of(batch.group).proceed(replies.some((reply) => !(reply instanceof Error) || isAnswer(reply)));
			});
	}

	/** @internal */
	onReply(batch: MgetBatch, reply: unknown, at: number): void {
		const queue = this.#parts.queues.of(batch.group);
		queue.release(batch);
		if (this.#sent.delete(batch)) this.#onReply(batch, reply, at);
		queue.proceed(true);
	}

	/** @internal */
	onError(batch: MgetBatch, error: Error): void {
		const queue = this.#parts.queues.of(batch.group);
		queue.release(batch);
		if (this.#sent.delete(batch) && !this.#sendAgain(batch, error)) this.fail(batch, error);
		queue.proceed(isAnswer(error));
	}

	/**
	 * True for a batch that would be the only one in flight, and is large enough to be split in two: Redis then executes one
	 * half while this process reads the reply to the other. Callers that read again immediately remain in two groups from then
	 * on.
	 */
	#isWorthSpreading(batch: MgetBatch, waitingCalls: number): boolean {
		if (batch.entryKeys < spreadFrom || this.#sent.size > 0 || waitingCalls > 0) return false;
		return this.#parts.maxInFlight > 1 && !this.#parts.groups.areSlotsApart && this.#lanes.isSpread;
	}

	/** Fails the reads of a batch, and counts it as a failed command. All parts of a refused batch count as one. */
	fail(batch: MgetBatch, error: Error): void {
		this.#parts.onCommandFailure(batch.refusal ?? error, localNow() - batch.askedAt, batch.size, batch.keys[0]);
		failReads(this.#parts.distribution, batch, error);
	}

	/** Removes and returns all batches in flight, or those for which `isTaken` is true. Their replies are ignored. */
	takeSent(isTaken?: (batch: MgetBatch) => boolean): readonly MgetBatch[] {
		if (isTaken === undefined) return this.#sent.take();
		const taken = [...this.#sent].filter(isTaken);
		for (const batch of taken) this.#sent.delete(batch);
		return taken;
	}

	/**
	 * The parts of a refused batch share its deadline. Time in the queue while Redis answered nothing counts against it, too.
	 */
	#sendOptions(batch: MgetBatch, now: number): SendOptions {
		const {queues} = this.#parts;
		const onAsk = this.#onAsk;
		if (batch.expiresAt > 0) return {deadlineMs: Math.max(1, batch.expiresAt - now), onAsk};
		const waitedMs = queues.of(batch.group).waitedInVain(batch, now);
		const deadlineMs = Math.max(this.#parts.deadlineMs * leastPart, this.#parts.deadlineMs - waitedMs);
		batch.expiresAt = now + deadlineMs;
		return {deadlineMs, onAsk};
	}

	/**
	 * Repeats a batch with fewer keys in a command: one that was refused because of some of its keys, until only these fail; or
	 * one whose reply was too large to be transferred within a deadline.
	 *
	 * @returns False if the batch cannot be split.
	 */
	#sendAgain(batch: MgetBatch, error: Error): boolean {
		if (error instanceof DeadlineError)
			this.#parts.queues.sizeOf(batch.group).missed(batch.entryKeys, error.receivedBytes);
		if (isTransfer(error)) {
			batch.expiresAt = 0;
			return this.#putBackHalves(batch) || this.#putBackOnce(batch);
		}
		const refusal = this.#parts.groups.refused(error);
		if (refusal === undefined) return false;
		batch.refusal ??= error;
		if (refusal === 'slots') {
			this.#parts.regroup(batch);
			return true;
		}
		return this.#putBackHalves(batch);
	}

	/**
	 * Puts the two halves of a batch at the front of the queue.
	 *
	 * @param withMarkers True if the first half also reads the additional markers: not for a batch that was refused.
	 * @returns False if the batch has one read.
	 */
	#putBackHalves(batch: MgetBatch, withMarkers = false): boolean {
		const halves = batch.halves(withMarkers);
		if (halves === undefined) return false;
		const queue = this.#parts.queues.of(batch.group);
		queue.putBack(halves[1]);
		queue.putBack(halves[0]);
		return true;
	}

	/**
	 * Repeats the read of a single value that was being transferred: on a busy machine another deadline may suffice. @returns
	 * False if it was already repeated.
	 */
	#putBackOnce(batch: MgetBatch): boolean {
		if (batch.isRepeated) return false;
		batch.isRepeated = true;
		this.#parts.queues.of(batch.group).putBack(batch);
		return true;
	}

	/** Handles the replies of a pipeline, each of which is a success or an error. */
	#onReplies(batch: MgetBatch, {keys, positions}: SlotCommands, replies: readonly unknown[], answeredAt: number): void {
		const values: unknown[] = new Array(batch.keys.length).fill(null);
		let errors: (Error | undefined)[] | undefined;
		for (let index = 0; index < keys.length; index++) {
			const reply = replies[index];
			const places = positions[index] as readonly number[];
			if (Array.isArray(reply) && reply.length === places.length) {
				for (let each = 0; each < places.length; each++) values[places[each] as number] = reply[each];
				continue;
			}
			errors ??= [];
			const error = reply instanceof Error ? reply : malformedReply(notOneValueEach);
			for (const place of places) errors[place] = error;
		}
		const failed = errors === undefined ? [] : [...batch.takeFailed(errors)];
		if (batch.size > 0) this.#onReply(batch, values, answeredAt);
		for (const [error, part] of failed) if (!this.#sendAgain(part, error)) this.fail(part, error);
	}

	/** @param answeredAt Milliseconds of the monotonic clock. */
	#onReply(batch: MgetBatch, values: unknown, answeredAt: number): void {
		const {clocks, onCommand, distribution, queues} = this.#parts;
		if (!Array.isArray(values) || values.length !== batch.keys.length) {
			this.fail(batch, malformedReply(notOneValueEach));
			return;
		}
		const {sequence, askedAt} = batch;
		const at = localAt(answeredAt);
		const clock = clocks.of(batch.keys[0] ?? '');
		onCommand(at - askedAt, batch.keys[0] ?? '', answeredAt);
		const reply = {sequence, askedAt, at, serverNow: clock.estimate(at), serverLatest: clock.notBefore(at)};
		const bytes = distributeReply(distribution, batch, values, reply);
		queues.sizeOf(batch.group).answered(batch.entryKeys, bytes);
	}
}

/** Receives the outcome of a batch with one command. Cheaper than a promise and its callbacks. */
class BatchReceiver implements ReplyReceiver {
	readonly #sender: MgetSender;
	readonly #batch: MgetBatch;

	constructor(sender: MgetSender, batch: MgetBatch) {
		this.#sender = sender;
		this.#batch = batch;
	}

	onReply(reply: unknown, at: number): void {
		this.#sender.onReply(this.#batch, reply, at);
	}

	onError(error: Error): void {
		queueMicrotask(() => this.#sender.onError(this.#batch, error));
	}
}

const notOneValueEach = 'MGET was not answered with one value for each key';

/** True if Redis has answered, even if with an error, or was transferring a reply. */
function isAnswer(error: Error): boolean {
	return error instanceof ServerError || isTransfer(error);
}

function isTransfer(error: Error): boolean {
	return error instanceof DeadlineError && error.isTransfer;
}
