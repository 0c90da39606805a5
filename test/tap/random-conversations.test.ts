import fc from 'fast-check';
import {expect, it} from 'vitest';
import type {CommandEvent} from '../../source/tap/traffic.js';
import {Conversation, type Told} from './support/conversation.js';
import {step} from './support/random-steps.js';
import {readInPieces} from './support/read-in-pieces.js';
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
