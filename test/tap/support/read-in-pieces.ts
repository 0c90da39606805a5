import type {Conversation} from './conversation.js';

/** Reader of the two streams of a connection. Text is latin1. */
type BothStreams = {
	sendBytes(text: string): void;
	reply(text: string): void;
};

/**
 * Lets a reader read both streams, cut at random: a reply may come once its request has, and may wait for long after that.
 *
 * @param cuts Numbers from 0 on that say who goes on, and with how many bytes.
 * @param turns Pieces after which it ends. Default: never before everything is read.
 */
export function readInPieces(
	traffic: BothStreams,
	{sent}: Conversation,
	cuts: readonly number[],
	turns = Infinity,
): void {
	let requests = '';
	let replies = '';
	const due: {readonly at: number; readonly length: number}[] = [];
	for (const {request, replies: reply} of sent) {
		requests += request;
		replies += reply;
		due.push({at: requests.length, length: replies.length});
	}
	let up = 0;
	let down = 0;
	for (let turn = 0; turn < turns && (up < requests.length || down < replies.length); turn++) {
		const cut = cuts[turn % cuts.length] ?? 0;
		const size = 1 + (cut >> 1) * (1 + (turn % 3));
		const allowed = due.findLast(({at}) => at <= up)?.length ?? 0;
		if (up === requests.length || (cut % 2 === 1 && down < allowed)) {
			traffic.reply(replies.slice(down, Math.min(down + size, allowed)));
			down = Math.min(down + size, allowed);
		} else {
			traffic.sendBytes(requests.slice(up, up + size));
			up = Math.min(up + size, requests.length);
		}
	}
}
