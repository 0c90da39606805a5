import fc from 'fast-check';
import {expect, it} from 'vitest';
import {type Exchange, type Step, Conversation as WrittenConversation} from '../../tap/support/conversation.js';
import {exchange, step} from '../../tap/support/random-steps.js';
import {readInPieces} from '../../tap/support/read-in-pieces.js';
import {Conversation} from './conversation.js';
import {examples} from './examples.js';

/** The same twice: as the server means it, and as the client is told. */
type Both<Thing> = {readonly meant: Thing; readonly told: Thing};

const same = <Thing>(thing: Thing): Both<Thing> => ({meant: thing, told: thing});

const naming: fc.Arbitrary<Both<Exchange>> = fc.constantFrom(...examples).map(({words, answer, told}) => ({
	meant: {words, reply: answer},
	told: {words, reply: told},
}));

const several = fc.array(fc.oneof(naming, exchange.map(same)), {maxLength: 4});

const bothSteps = (build: (exchanges: readonly Exchange[]) => Step) => (all: readonly Both<Exchange>[]) => ({
	meant: build(all.map(({meant}) => meant)),
	told: build(all.map(({told}) => told)),
});

/** Commands of a client on RESP3, among them some whose replies name servers. */
const anyStep: fc.Arbitrary<Both<Step>> = fc.oneof(
	{weight: 2, arbitrary: step.map(same)},
	naming.map(
		({meant, told}): Both<Step> => ({
			meant: {type: 'command', exchange: meant},
			told: {type: 'command', exchange: told},
		}),
	),
	fc
		.tuple(several, fc.constantFrom('exec', 'null', 'discard'))
		.map(([all, end]) => bothSteps((exchanges) => ({type: 'transaction', exchanges, end}))(all)),
	fc
		.tuple(several, fc.constantFrom('OFF', 'SKIP'))
		.map(([all, mode]) => bothSteps((exchanges) => ({type: 'silent', mode, exchanges}))(all)),
);

it('changes the addresses in any conversation, and not another byte, however the streams are cut', () => {
	fc.assert(
		fc.property(
			fc.array(anyStep, {maxLength: 12}),
			fc.array(fc.nat(120), {minLength: 1, maxLength: 40}),
			(steps, cuts) => {
				const [meant, told] = [new WrittenConversation(), new WrittenConversation()];
				for (const one of steps) {
					meant.add(one.meant);
					told.add(one.told);
				}
				const connection = new Conversation();
				readInPieces(connection, meant, cuts);
				expect(connection.received).toBe(told.sent.map(({replies}) => replies).join(''));
				expect(connection.asked).toBe(meant.sent.map(({request}) => request).join(''));
			},
		),
		{numRuns: 400},
	);
});
