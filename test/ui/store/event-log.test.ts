import {describe, expect, test} from 'vitest';
import type {EngineEvent} from '../../../source/engine/protocol.js';
import {addEvents, eventLimit} from '../../../source/ui/store/event-log.js';

describe('the event log', () => {
	const event = (id: number, text: string, count = 1): EngineEvent => ({
		id,
		at: id,
		level: 'info',
		topic: 'mode',
		text,
		count,
		lastAt: id,
	});

	test('replaces an event that is sent again', () => {
		const log = addEvents(addEvents([], [event(1, 'a'), event(2, 'b')]), [event(1, 'a', 7)]);
		expect(log.map(({id, count}) => [id, count])).toEqual([
			[1, 7],
			[2, 1],
		]);
	});

	test('joins repetitions into one line', () => {
		const log = addEvents([], [event(1, 'lost'), event(2, 'lost'), event(3, 'lost')]);
		expect(log).toHaveLength(1);
		expect(log[0]).toMatchObject({at: 1, lastAt: 3, count: 3});
	});

	test('is bounded', () => {
		const many = Array.from({length: eventLimit + 50}, (_, id) => event(id, `event ${id}`));
		const log = addEvents([], many);
		expect(log).toHaveLength(eventLimit);
		expect(log.at(-1)?.id).toBe(eventLimit + 49);
	});
});
