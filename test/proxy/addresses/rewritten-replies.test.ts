import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {cutAt} from '../../support/resp.js';
import {Conversation} from './conversation.js';
import {examples} from './examples.js';

describe('addresses in replies', () => {
	it.each(examples)('are those of the proxy, and nothing else changes: $name', ({words, answer, told}) => {
		const connection = new Conversation().ask(...words).answer(answer);
		expect(connection.received).toBe(told);
	});

	it.each(examples)('are rewritten wherever the reply is cut: $name', ({words, answer, told}) => {
		const bytes = Buffer.from(answer, 'latin1');
		for (let place = 1; place < bytes.length; place++) {
			const connection = new Conversation().ask(...words);
			connection.answerIn([bytes.subarray(0, place), bytes.subarray(place)]);
			expect(connection.received).toBe(told);
		}
	});

	it('are rewritten in pipelines of any commands, wherever the stream is cut', () => {
		const places = fc.array(fc.nat(), {maxLength: 30});
		fc.assert(
			fc.property(fc.array(fc.constantFrom(...examples), {maxLength: 8}), places, (asked, cuts) => {
				const connection = new Conversation();
				for (const {words} of asked) connection.ask(...words);
				const answers = asked.map(({answer}) => answer).join('');
				connection.answerIn(cutAt(Buffer.from(answers, 'latin1'), cuts));
				expect(connection.received).toBe(asked.map(({told}) => told).join(''));
			}),
			{numRuns: 500},
		);
	});
});
