import {useCallback} from 'react';
import type {ApplicationOutage} from '../../../engine/protocol.js';
import {formatElapsed} from '../../../text/duration.js';
import {formatTimeOfDay} from '../../../text/time-of-day.js';
import {Panel} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import {useEngine} from '../../hooks/use-screen.js';
import {outageLabel, reactionParts} from '../../rows/application/outage-reaction.js';
import {joinFitting, padEnd, padStart, type Row, rowWidth, span} from '../../text/row.js';
import type {PanelEntry, PanelProps} from '../panel.js';

const labelWidth = 16;

/** Time, faults and duration, and as much of the application's reaction as fits. */
function outageRow(outage: ApplicationOutage, now: number, width: number): Row {
	const {startedAt, liftedAt} = outage;
	const style = liftedAt === undefined ? 'bad' : 'text';
	const head: Row = [
		span(`${formatTimeOfDay(startedAt)} `, 'dim'),
		span(`${padEnd(outageLabel(outage), labelWidth)} `, style),
		span(`${padStart(formatElapsed((liftedAt ?? now) - startedAt), 6)}  `, style),
	];
	const parts = reactionParts(outage).map((part, index): Row => [span(index === 0 ? '' : ', ', 'dim'), part]);
	return [...head, ...joinFitting(parts, width - rowWidth(head))];
}

function OutagesPanel({isFocused}: PanelProps) {
	const all = useEngine(({applicationOutages}) => applicationOutages);
	// The time stops at the end of an outage.
	const now = useEngine(({endSecond = 0, applicationOutages}) =>
		applicationOutages.at(-1)?.liftedAt === undefined ? (endSecond + 1) * 1000 : 0,
	);
	const draw: Draw = useCallback(
		({width, height}) =>
			all.length === 0
				? [[span('none yet: press o to break the connections of the application', 'dim')]]
				: [...all]
						.reverse()
						.slice(0, height)
						.map((outage) => outageRow(outage, now, width)),
		[all, now],
	);
	return (
		<Panel title={outages.title} isFocused={isFocused}>
			<Raster draw={draw} />
		</Panel>
	);
}

export const outages: PanelEntry = {
	title: 'Outages',
	component: OutagesPanel,
	explain: {
		shows:
			'Faults on the connections of the application, newest first, and their effects: the time until commands were answered again, broken connections and those not replaced, commands without a reply, attempts to reconnect, the command that waited longest. Overlapping faults are one outage.',
		source:
			'The faults of this program, and the traffic through the tap from the first fault until the application recovered, at most 30 s after the last one. Commands that set up a connection are excluded.',
		normal:
			'Some commands are lost or fail quickly, a few attempts to connect with growing pauses between them, and answers again within a second or two. Commands that wait as long as the fault lasts have no time limit.',
	},
};
