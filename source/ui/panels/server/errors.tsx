import {useCallback} from 'react';
import type {ServerFigures} from '../../../engine/protocol.js';
import {perSecond} from '../../../inspect/server/activity/merge-figures.js';
import {Panel} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import {padEnd, padStart, type Row, span} from '../../text/row.js';
import type {PanelEntry, PanelProps} from '../panel.js';
import {formatRate} from '../rate.js';
import {useRecentFigures} from './use-recent-figures.js';
import {useWhyEmpty} from './why-empty.js';

const nameWidth = 16;
const rateWidth = 7;

/** Errors by kind, and what was refused. */
function errorRows(figures: ServerFigures, width: number): Row[] {
	const kinds = Object.entries(figures.errors).sort(([, a], [, b]) => b - a);
	const line = (name: string, count: number): Row => [
		span(padEnd(name, Math.min(nameWidth, width - rateWidth)), count > 0 ? 'bad' : 'dim'),
		span(padStart(formatRate(perSecond(count, figures)), rateWidth), count > 0 ? 'text' : 'dim'),
	];
	return [
		...(kinds.length === 0 ? [[span('no error replies', 'good')]] : []),
		...kinds.map(([kind, count]) => line(kind, count)),
		line('refused', figures.rejectedConnections),
	];
}

function ErrorsPanel({isFocused}: PanelProps) {
	const recent = useRecentFigures();
	const empty = useWhyEmpty();
	const draw: Draw = useCallback(
		({width}) => (recent ? errorRows(recent, width) : [[span(empty, 'dim')]]),
		[recent, empty],
	);
	return (
		<Panel title={errors.title} isFocused={isFocused}>
			<Raster draw={draw} />
		</Panel>
	);
}

export const errors: PanelEntry = {
	title: 'Errors',
	component: ErrorsPanel,
	explain: {
		shows:
			'Error replies a second in the last ten seconds, by their first word, and connections refused at maxclients.',
		source:
			'INFO of the server: errorstats (from Redis 6.2) and rejected_connections, minus those caused by this program.',
		normal:
			'None. OOM: writes are refused at the memory limit. NOAUTH, WRONGPASS, NOPERM: a client with the wrong user. MOVED and ASK: a cluster client learns where keys are. NOSCRIPT: a script is loaded for the first time. READONLY: writes to a replica.',
	},
};
