import {tellEndpoints} from '../../../source/proxy/addresses/tell-endpoint.js';
import {ProtocolFollower} from '../../../source/proxy/protocol/protocol-follower.js';
import type {RewriteAddress} from '../../../source/proxy/types.js';
import {request} from '../../support/resp.js';

/** A port that shows by its host what address was asked for. */
export const via: RewriteAddress = (address) => {
	const colon = address.lastIndexOf(':');
	return {host: `via-${address.slice(0, colon)}`, port: Number(address.slice(colon + 1)) + 10_000};
};

export type ConversationOptions = {
	/** Default 10.0.0.1. */
	readonly serverHost?: string;
	readonly speaksTls?: boolean;
	readonly rewrite?: RewriteAddress;
	readonly localAddress?: string;
};

/** A connection through the proxy, as its client and its server see it. Text is latin1. */
export class Conversation {
	/** Bytes that were sent to the client. */
	received = '';
	/** Bytes that were sent to the server. */
	asked = '';
	longReplies = 0;
	readonly follower: ProtocolFollower;

	constructor({serverHost = '10.0.0.1', speaksTls = false, rewrite = via, localAddress}: ConversationOptions = {}) {
		this.follower = new ProtocolFollower({
			toServer: (bytes) => {
				this.asked += bytes.toString('latin1');
			},
			toClient: (bytes) => {
				this.received += bytes.toString('latin1');
			},
			random: Math.random,
			onOpaque: () => {},
			rewriting: {
				tell: tellEndpoints({rewrite, serverHost, localAddress}),
				speaksTls,
				onLong: () => {
					this.longReplies++;
				},
			},
		});
	}

	ask(...words: readonly string[]): this {
		this.follower.request(Buffer.from(request(...words), 'latin1'));
		return this;
	}

	/** Bytes of the client, cut anywhere. */
	sendBytes(text: string): void {
		this.follower.request(Buffer.from(text, 'latin1'));
	}

	/** Bytes of the server, cut anywhere. */
	reply(text: string): void {
		this.answer(text);
	}

	answer(text: string): this {
		this.answerIn([Buffer.from(text, 'latin1')]);
		return this;
	}

	/** Answers in pieces, whose memory is used again for other bytes. */
	answerIn(pieces: readonly Buffer[]): void {
		for (const piece of pieces) {
			const memory = Buffer.from(piece);
			this.follower.reply(memory);
			memory.fill('?');
		}
	}
}
