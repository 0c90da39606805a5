import {useCallback, useMemo} from 'react';
import type {ServerFigures} from '../../../engine/protocol.js';
import {perSecond} from '../../../inspect/server/activity/merge-figures.js';
import {formatLatency} from '../../../text/duration.js';
import {formatPercent} from '../../../text/number.js';
import {bar} from '../../charts/bar.js';
import {Panel} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import type {Glyphs} from '../../glyphs.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {padEnd, padStart, type Row, span} from '../../text/row.js';
import {wrapWords} from '../../text/wrap.js';
import type {PanelEntry, PanelProps} from '../panel.js';
import {formatRate} from '../rate.js';
import {figuresSource} from './rate.js';
import {useRecentFigures} from './use-recent-figures.js';
import {useWhyEmpty} from './why-empty.js';

const nameWidth = 14;

/** From this width on the time of one call is shown. */
const timesFrom = 44;

/** The commands that took the most time: share of the time, calls, time of one. */
function busiestRows(figures: ServerFigures, width: number, glyphs: Glyphs): Row[] {
	const total = figures.busiest.reduce((sum, {microseconds}) => sum + microseconds, 0);
	if (total === 0)
		return wrapWords('no commands of applications in the last ten seconds', width).map((line) => [span(line, 'dim')]);
	const hasTimes = width >= timesFrom;
	const barWidth = Math.max(4, width - nameWidth - (hasTimes ? 24 : 15));
	return figures.busiest.map(({name, calls, microseconds}) => [
		span(`${padEnd(name.replace('|', ' ').toUpperCase(), nameWidth)} `),
		...bar(microseconds / total, barWidth, glyphs, 'accent'),
		span(padStart(formatPercent(microseconds / total, 0), 5)),
		span(padStart(formatRate(perSecond(calls, figures)), 9)),
		...(hasTimes ? [span(padStart(formatLatency(microseconds / calls / 1000), 9), 'dim')] : []),
	]);
}

function BusiestPanel({isFocused}: PanelProps) {
	const glyphs = useGlyphs();
	const recent = useRecentFigures();
	const empty = useWhyEmpty();
	const draw: Draw = useCallback(
		({width}) => (recent ? busiestRows(recent, width, glyphs) : [[span(empty, 'dim')]]),
		[recent, empty, glyphs],
	);
	const notes = useMemo(() => [[span('share of time, calls, time of one', 'dim')], [span('share, calls', 'dim')]], []);
	return (
		<Panel title={busiest.title} notes={notes} isFocused={isFocused}>
			<Raster draw={draw} />
		</Panel>
	);
}

export const busiest: PanelEntry = {
	title: 'Busiest commands',
	component: BusiestPanel,
	explain: {
		shows:
			'The commands that kept the server busy in the last ten seconds: their share of its time, calls a second, and the time of one call.',
		source: `${figuresSource} Commands: commandstats.`,
		normal:
			'GET and SET with a few microseconds each. A KEYS, SMEMBERS, HGETALL, FLUSHALL or script that takes milliseconds delays all other clients.',
	},
};
