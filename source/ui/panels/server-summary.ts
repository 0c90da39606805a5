import {bar} from '../charts/bar.js';
import {age, bytes, count, duration, noData, percent} from '../format.js';
import {padEnd, type Row, span} from '../text/row.js';
import type {Panel} from './panel.js';

/** Seconds after which the server's figures are called old. */
export const serverOldMs = 5000;

export const serverPanel: Panel = {
	id: 'server',
	title: 'Server',
	explain: {
		shows: 'What the Redis server says of itself: memory, keys, clients, commands a second over all its clients.',
		source: 'INFO, asked every few seconds. While Redis is away, the last answer, with its age.',
		normal: 'Memory below its limit, few evictions. Keyspace hits count what all clients asked, not only this cache.',
	},
	draw({state, glyphs}, width, height) {
		const snapshot = state.snapshot;
		const server = snapshot?.server;
		if (!snapshot || !server) return {rows: [[span(`${noData}: the server has not answered yet`, 'dim')]]};
		const old = snapshot.at - server.at;
		const lookups = server.keyspaceHits + server.keyspaceMisses;
		const line = (name: string, value: string): Row => [span(padEnd(name, 10), 'dim'), span(value)];
		const memory: Row =
			server.maxMemory > 0
				? [
						span(padEnd('memory', 10), 'dim'),
						...bar(server.usedMemory / server.maxMemory, Math.max(4, width - 32), glyphs, 'accent'),
						span(` ${bytes(server.usedMemory)} / ${bytes(server.maxMemory)}`),
					]
				: line('memory', `${bytes(server.usedMemory)}, no limit`);
		const rows: Row[] = [
			line('commands', `${count(server.opsPerSecond)}/s from all clients`),
			memory,
			line('keys', `${count(server.keys)}, expired ${count(server.expiredKeys)}, evicted ${count(server.evictedKeys)}`),
			line('lookups', lookups > 0 ? `${percent(server.keyspaceHits / lookups)} found` : noData),
			line('clients', count(server.clients)),
			line('up', `${duration(server.uptimeSeconds * 1000)}, ${server.role}`),
		];
		return {
			rows: rows.slice(0, height),
			...(old > serverOldMs && {notes: [[span(`${age(old)} old`, 'warn')]]}),
		};
	},
};
