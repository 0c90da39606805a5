import {useCallback, useMemo} from 'react';
import type {ServerSnapshot} from '../../../engine/protocol.js';
import {formatAge, formatElapsed} from '../../../text/duration.js';
import {formatBytes, formatCount, formatPercent, noData} from '../../../text/number.js';
import {bar} from '../../charts/bar.js';
import {Panel} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import type {Glyphs} from '../../glyphs.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {useEngine} from '../../hooks/use-screen.js';
import {keyspaceHitRatio, roleWords, serverOldMs} from '../../rows/server-facts.js';
import {padEnd, type Row, span} from '../../text/row.js';
import type {PanelEntry, PanelProps} from '../panel.js';

const nameWidth = 19;

function serverRows(server: ServerSnapshot, width: number, glyphs: Glyphs): Row[] {
	const line = (name: string, value: string): Row => [span(padEnd(name, nameWidth), 'dim'), span(value)];
	const {usedMemory, maxMemory} = server;
	const memory: Row =
		maxMemory > 0
			? [
					span(padEnd('memory', nameWidth), 'dim'),
					...bar(usedMemory / maxMemory, Math.max(4, width - nameWidth - 22), glyphs, 'accent'),
					span(` ${formatBytes(usedMemory)} / ${formatBytes(maxMemory)}`),
				]
			: line('memory', `${formatBytes(usedMemory)}, no limit`);
	return [
		line('commands', `${formatCount(server.opsPerSecond)}/s of all clients`),
		memory,
		line(
			'keys',
			`${formatCount(server.keys)}, expired ${formatCount(server.expiredKeys)}, evicted ${formatCount(server.evictedKeys)}`,
		),
		line('keyspace hit ratio', formatPercent(keyspaceHitRatio(server))),
		line('clients', formatCount(server.clients)),
		line('uptime', `${formatElapsed(server.uptimeSeconds * 1000)}, ${roleWords(server)}`),
	];
}

function ServerPanel({isFocused}: PanelProps) {
	const glyphs = useGlyphs();
	const data = useEngine(
		({snapshot}) => snapshot?.server,
		(before, after) => before?.at === after?.at,
	);
	const old = useEngine(({snapshot}) => {
		const ms = snapshot?.server ? snapshot.at - snapshot.server.at : 0;
		return ms > serverOldMs ? formatAge(ms) : undefined;
	});
	const draw: Draw = useCallback(
		({width}) =>
			data ? serverRows(data, width, glyphs) : [[span(`${noData}: the server has not answered yet`, 'dim')]],
		[data, glyphs],
	);
	const notes = useMemo(() => (old === undefined ? [] : [[span(`${old} old`, 'warn')]]), [old]);
	return (
		<Panel title={server.title} notes={notes} isFocused={isFocused}>
			<Raster draw={draw} />
		</Panel>
	);
}

export const server: PanelEntry = {
	title: 'Server',
	component: ServerPanel,
	explain: {
		shows: 'The Redis server: commands a second, memory, keys, clients and uptime.',
		source: 'INFO, read every few seconds. While Redis is unreachable, the last answer with its age.',
		normal:
			'Memory below its limit, and few evictions. The keyspace hit ratio covers the lookups of all clients, not only of this cache.',
	},
};
