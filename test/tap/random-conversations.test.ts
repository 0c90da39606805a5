import fc from 'fast-check';
import {expect, it} from 'vitest';
import type {CommandEvent} from '../../source/tap/traffic.js';
import {Conversation, type Told} from './support/conversation.js';
import {step} from './support/random-steps.js';
import {ReadTraffic} from './support/read-traffic.js';

const told = ({
	command,
	result,
	error,
	keys,
	hits,
	misses,
	missedKeys,
	db,
	inTransaction,
	...rest
}: CommandEvent): Told => ({
	command,
	result,
	error,
	keys,
	hits,
	misses,
	missedKeys,
	db,
	inTransaction,
	requestBytes: rest.requestBytes,
	replyBytes: rest.replyBytes,
});

/**
 * Lets a reader read both streams, cut at random: a reply may come once its request has, and may wait for long after that.
 *
 * @param cuts Numbers from 0 on that say who goes on, and with how many bytes.
 * @param turns Pieces after which it ends. Default: never before everything is read.
 */
function readInPieces(traffic: ReadTraffic, {sent}: Conversation, cuts: readonly number[], turns = Infinity): void {
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

it('tells of each command once and rightly, however the streams are cut and whatever else is sent', () => {
	fc.assert(
		fc.property(
			fc.array(step, {maxLength: 12}),
			fc.array(fc.nat(120), {minLength: 1, maxLength: 40}),
			(steps, cuts) => {
				const conversation = new Conversation();
				for (const one of steps) conversation.add(one);
				const traffic = new ReadTraffic();
				readInPieces(traffic, conversation, cuts);
				const events = traffic.commands.map(told);
				expect(events).toEqual(conversation.told);
				expect(traffic.reader.snapshot()).toMatchObject({waiting: 0, isSubscriber: false, commands: events.length});
				expect(traffic.changes).toEqual([]);
			},
		),
		{numRuns: 200},
	);
});

it('tells of each command once if the connection ends anywhere, of those without a reply as lost', () => {
	fc.assert(
		fc.property(
			fc.array(step, {maxLength: 8}),
			fc.array(fc.nat(120), {minLength: 1, maxLength: 40}),
			fc.nat(30),
			(steps, cuts, turns) => {
				const conversation = new Conversation();
				for (const one of steps) conversation.add(one);
				const traffic = new ReadTraffic();
				readInPieces(traffic, conversation, cuts, turns);
				const {commands} = traffic.reader.snapshot();
				traffic.reader.close({by: 'server', isReset: true}, 1);
				expect(traffic.commands).toHaveLength(commands);
				const lost = traffic.commands.filter(({result}) => result === 'lost');
				expect(traffic.changes).toEqual([expect.objectContaining({type: 'closed', commands, lost: lost.length})]);
				expect(lost.every(({hits, misses, error}) => hits + misses === 0 && error === undefined)).toBe(true);
				const answered = traffic.commands.filter(({result}) => result === 'ok' || result === 'error').map(told);
				expect(conversation.told).toEqual(expect.arrayContaining(answered));
			},
		),
		{numRuns: 100},
	);
});
