import {expect, test} from 'vitest';
import type {EngineEvent} from '../../../source/engine/protocol.js';
import {condenseLog} from '../../../source/ui/store/condense-log.js';
import {change, connected} from './mode-changes.js';

const event = (
	id: number,
	at: number,
	topic: EngineEvent['topic'],
	level: EngineEvent['level'] = 'warn',
	count = 1,
): EngineEvent => ({id, at, level, topic, text: `${topic} ${id}`, count, lastAt: at});

test('the overview shows the command errors of a span without Redis as one line, and no debug events', () => {
	const log = [
		event(1, 1000, 'server', 'info'),
		event(2, 9900, 'error', 'warn', 3),
		event(3, 10_000, 'mode'),
		event(4, 10_100, 'error', 'warn', 4),
		event(5, 10_200, 'error'),
		event(6, 10_300, 'error', 'error'),
		event(7, 20_000, 'journal', 'info'),
		event(8, 40_000, 'error'),
		event(9, 41_000, 'pool', 'debug'),
	];
	const modes = [connected, change('fallback', 10_000), change('connected', 20_000)];
	expect(condenseLog({log, modes}).map(({topic, count}) => [topic, count])).toEqual([
		['server', 1],
		['error', 8],
		['mode', 1],
		['error', 1],
		['journal', 1],
		['error', 1],
	]);
});
