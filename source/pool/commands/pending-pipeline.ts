import {monotonicNow} from '../../time/real-time.js';
import type {ServerError} from '../errors.js';
import type {Argument, ReplyReceiver} from '../types.js';
import {encodeCommand} from './encode-command.js';
import {type CommandObserver, PendingCommand} from './pending-command.js';
import {isReplyError} from './reply-error.js';

/** Also called for each error reply, which concerns one command of the pipeline. */
export type PipelineObserver = CommandObserver & {
	onErrorReply(command: PendingCommand, error: Error): ServerError;
};

/**
 * Several commands of one name that form one unit: they are written together, and have one deadline and one outcome. ioredis
 * has it in its queue once for each command, and gives it their replies one after the other.
 *
 * It never fails as a whole: its receiver gets a list with a reply or an error for each command.
 */
export class PendingPipeline extends PendingCommand {
	readonly #argumentLists: readonly (readonly Argument[])[];
	readonly #observer: PipelineObserver;
	readonly #replies: unknown[] = [];
	#isWritten = false;

	constructor(
		observer: PipelineObserver,
		name: string,
		argumentLists: readonly (readonly Argument[])[],
		deadlineMs: number,
		receiver: ReplyReceiver,
	) {
		// Only tracers of ioredis read the arguments; to them the pipeline is one command.
		super(observer, name, argumentLists[0] ?? [], deadlineMs, receiver);
		this.#observer = observer;
		this.#argumentLists = argumentLists;
	}

	override get size(): number {
		return this.#argumentLists.length;
	}

	override get missing(): number {
		return this.size - this.#replies.length;
	}

	/** Gives the caller the replies that have arrived, and the error in place of the others. */
	override fail(error: Error): void {
		const errors = Array.from({length: this.missing}, () => error);
		this.receiver.onReply([...this.#replies, ...errors], monotonicNow());
	}

	/** All commands are written with the first one. */
	override toWritable(): string | Buffer {
		if (this.#isWritten) return '';
		this.#isWritten = true;
		let text = '';
		const parts: Buffer[] = [];
		for (const args of this.#argumentLists) {
			const encoded = encodeCommand(this.name, args);
			if (typeof encoded === 'string') text += encoded;
			else {
				parts.push(Buffer.from(text), encoded);
				text = '';
			}
		}
		return parts.length === 0 ? text : Buffer.concat([...parts, Buffer.from(text)]);
	}

	override resolve(reply: unknown): void {
		this.#take(reply);
	}

	override reject(error: Error): void {
		if (this.phase !== 'done' && isReplyError(error)) this.#take(this.#observer.onErrorReply(this, error));
		else this.observer.onFailure(this, error);
	}

	#take(reply: unknown): void {
		if (this.#replies.push(reply) < this.size) return;
		const isAwaited = this.phase === 'pending';
		const at = this.observer.onReply(this);
		if (isAwaited) this.receiver.onReply(this.#replies, at);
	}
}
