import {monotonicNow} from '../../time/real-time.js';
import type {Argument, Lane, ReplyReceiver, SendOptions} from '../types.js';

/** Sends a command that was answered with a redirection to another node. Rejects with any other error. */
export type Redirect = (refused: RefusedCommand, error: unknown) => Promise<unknown>;

/** A command that was answered with an error. */
export type RefusedCommand = {
	readonly lane: Lane;
	readonly command: string;
	readonly args: readonly Argument[];
	readonly redirects: NonNullable<SendOptions['redirects']>;
	readonly onAsk: SendOptions['onAsk'];
	/** The deadline, in milliseconds of the monotonic clock. */
	readonly endsAt: number;
};

/** A pipeline some of whose commands may have been answered with errors. */
export type RefusedPipeline = Omit<RefusedCommand, 'args'> & {
	readonly argumentLists: readonly RefusedCommand['args'][];
};

/** Follows the redirection if a command is answered with one, and passes the outcome to the receiver of the command. */
export class FollowingReceiver implements ReplyReceiver {
	readonly #redirect: Redirect;
	readonly #refused: Omit<RefusedCommand, 'endsAt'>;
	readonly #deadlineMs: number;
	readonly #receiver: ReplyReceiver;

	constructor(
		redirect: Redirect,
		refused: Omit<RefusedCommand, 'endsAt'>,
		deadlineMs: number,
		receiver: ReplyReceiver,
	) {
		this.#redirect = redirect;
		this.#refused = refused;
		this.#deadlineMs = deadlineMs;
		this.#receiver = receiver;
	}

	onReply(reply: unknown, at: number): void {
		this.#receiver.onReply(reply, at);
	}

	onError(error: Error, sentAt: number): void {
		// In a microtask, because following may send commands and change the lanes, while the caller is still iterating over
		// commands.
		queueMicrotask(() => {
			this.#redirect({...this.#refused, endsAt: sentAt + this.#deadlineMs}, error).then(
				(reply) => this.#receiver.onReply(reply, monotonicNow()),
				(failure: Error) => this.#receiver.onError(failure, sentAt),
			);
		});
	}
}

/** Follows the redirections among the replies of a pipeline. @returns A reply or an error for each of its commands. */
export async function followEach(
	redirect: Redirect,
	{argumentLists, ...refused}: RefusedPipeline,
	replies: readonly unknown[],
): Promise<readonly unknown[]> {
	if (!replies.some(isError)) return replies;
	return Promise.all(
		replies.map((reply, index) =>
			isError(reply) ? redirect({...refused, args: argumentLists[index] ?? []}, reply).catch(itself) : reply,
		),
	);
}

function isError(reply: unknown): reply is Error {
	return reply instanceof Error;
}

function itself(error: Error): Error {
	return error;
}
